import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { Severity } from './verification.ts';

/** Whether a service can be used. */
export const AvailabilityState = z
  .enum(['unknown', 'up', 'degraded', 'down'])
  .meta({ id: 'AvailabilityState', description: 'degraded: it works, but slowly, in part or not every time' });
export type AvailabilityState = z.infer<typeof AvailabilityState>;

/** Why a service is not up, as far as evidence tells. */
export const OutageCause = z.enum(['failure', 'possible-attack', 'planned']).meta({
  id: 'OutageCause',
  description: 'possible-attack: detections, alerts or incidents concern it at the time; planned: a maintenance window',
});
export type OutageCause = z.infer<typeof OutageCause>;

/** What speaks for an attack. */
export const OutageEvidence = z
  .object({
    kind: z.enum(['detection', 'alert', 'incident', 'check']),
    id: z.string().max(200),
    title: z.string().max(500),
    severity: Severity,
    time: Timestamp,
  })
  .meta({ id: 'OutageEvidence' });
export type OutageEvidence = z.infer<typeof OutageEvidence>;

/** Payload of `service.down`, `service.degraded` and `service.up`: a monitored service changed its state. */
export const ServiceAvailability = z
  .object({
    serviceId: Identifier,
    name: z.string().min(1),
    care: z.string().meta({ description: 'What care depends on it, in words; empty where nobody said' }),
    state: AvailabilityState,
    previous: AvailabilityState,
    since: Timestamp,
    reason: z.string().meta({ description: 'What the checks or the traffic say' }),
    cause: OutageCause.nullable().meta({ description: 'null while it is up' }),
    causeReasons: z.array(z.string()).max(20),
    evidence: z.array(OutageEvidence).max(20),
    assetIds: z.array(Identifier),
    ips: z.array(z.string()),
  })
  .meta({ id: 'ServiceAvailability' });
export type ServiceAvailability = z.infer<typeof ServiceAvailability>;
