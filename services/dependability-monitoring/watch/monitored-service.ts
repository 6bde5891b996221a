import { AvailabilityState, Identifier, OutageCause, OutageEvidence, Timestamp } from '@sphinx/schema';
import { z } from 'zod';

const Host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[0-9a-zA-Z._:-]+$/, 'Name a host or an address, for example 10.20.0.30 or archive.hospital.example.');
const ParameterValue = z.union([z.string().max(300), z.int(), z.boolean()]);

/** A check as a person asks for it. */
export const CheckRequest = z
  .strictObject({
    kind: z.string().max(60).meta({ description: 'Id of one of GET /uptime/checks' }),
    host: Host.optional().meta({ description: 'Host of the service where absent' }),
    port: z.int().min(0).max(65_535).optional().meta({ description: 'Usual port of the kind where absent' }),
    parameters: z.record(z.string().max(60), ParameterValue).default({}),
    secret: z.string().min(1).max(1000).optional().meta({ description: 'Kept encrypted and never shown again' }),
    intervalSeconds: z.int().min(5).max(86_400).optional(),
    slowMs: z.int().min(1).max(60_000).optional(),
    isEssential: z.boolean().default(true).meta({ description: 'The service is down when this check is' }),
  })
  .meta({ id: 'AvailabilityCheckRequest' });
export type CheckRequest = z.infer<typeof CheckRequest>;

const Objective = z
  .strictObject({
    availabilityPercent: z.number().min(50).max(99.999),
    fastPercent: z.number().min(1).max(100).nullable().default(null).meta({
      description: 'Share of checks that must be answered fast; null: no objective',
    }),
    days: z.int().min(1).max(90).default(30).meta({ description: 'Days that it is reckoned over, up to now' }),
  })
  .meta({ id: 'ServiceLevelObjective' });
export type Objective = z.infer<typeof Objective>;

/** What people say of a service. */
const Described = {
  name: z.string().trim().min(1).max(100),
  care: z.string().max(300).meta({ description: 'What care depends on it, in words' }),
  isOnStatusPage: z.boolean(),
  isTrafficWatched: z.boolean().meta({
    description: 'Its traffic tells, too: failures, connections that nobody takes, silence. Nothing is sent for that',
  }),
  objective: Objective.nullable(),
  recoveryMinutes: z.int().min(1).max(43_200).nullable().meta({ description: 'Recovery time objective (RTO)' }),
  dataLossMinutes: z.int().min(0).max(43_200).nullable().meta({ description: 'Recovery point objective (RPO)' }),
};

export const ServiceRequest = z
  .strictObject({
    ...Described,
    care: Described.care.default(''),
    host: Host.nullable().default(null).meta({ description: 'null where it is only told of, for example a backup' }),
    checks: z.array(CheckRequest).max(20).default([]),
    agreement: z.string().trim().min(3).max(300).optional().meta({
      description:
        'Who may agree to probes states here why regular checks do no harm, where the policy of the device asks for it',
    }),
    isOnStatusPage: Described.isOnStatusPage.default(false),
    isTrafficWatched: Described.isTrafficWatched.default(true),
    objective: Described.objective.default({ availabilityPercent: 99.5, fastPercent: null, days: 30 }),
    recoveryMinutes: Described.recoveryMinutes.default(null),
    dataLossMinutes: Described.dataLossMinutes.default(null),
  })
  .meta({ id: 'MonitoredServiceRequest' });
export type ServiceRequest = z.infer<typeof ServiceRequest>;

export const ServiceChange = z
  .strictObject({ ...Described, isPaused: z.boolean(), checks: z.array(CheckRequest).max(20) })
  .extend({ agreement: ServiceRequest.shape.agreement })
  .partial()
  .meta({ id: 'MonitoredServiceChange' });
export type ServiceChange = z.infer<typeof ServiceChange>;

/** A check as it is kept. */
export const WatchedCheck = z.object({
  id: Identifier,
  kind: z.string(),
  host: z.string().meta({ description: 'Empty where nothing is sent' }),
  port: z.int(),
  parameters: z.record(z.string(), ParameterValue),
  hasSecret: z.boolean(),
  intervalSeconds: z.int(),
  slowMs: z.int(),
  isEssential: z.boolean(),
});
export type WatchedCheck = z.infer<typeof WatchedCheck>;

const Agreement = z.object({ by: z.string(), at: Timestamp, note: z.string() });

/** A service that a person asked to watch, as it is kept. */
export const MonitoredService = z.object({
  id: Identifier,
  ...Described,
  host: z.string().nullable(),
  checks: z.array(WatchedCheck),
  agreement: Agreement.nullable(),
  isPaused: z.boolean(),
  createdAt: Timestamp,
  createdBy: z.string(),
});
export type MonitoredService = z.infer<typeof MonitoredService>;

/** A time in which a service had one state. */
export const StateSpan = z
  .object({
    id: z.int(),
    state: AvailabilityState,
    from: Timestamp,
    until: Timestamp.nullable().meta({ description: 'null: still' }),
    reason: z.string(),
    cause: OutageCause.nullable(),
    causeReasons: z.array(z.string()),
    evidence: z.array(OutageEvidence),
  })
  .meta({ id: 'ServiceStateSpan' });
export type StateSpan = z.infer<typeof StateSpan>;
