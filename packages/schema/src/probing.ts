import { z } from 'zod';
import { IpAddress, Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

/** Why a device is probed. */
export const ProbeOccasion = z.enum(['first-sight', 'periodic', 'on-demand']).meta({ id: 'ProbeOccasion' });
export type ProbeOccasion = z.infer<typeof ProbeOccasion>;

/** Whom a run of probes was for. An address that is no asset has no `assetId`. */
const ProbeTarget = z.object({
  runId: Identifier,
  assetId: Identifier.optional(),
  ip: IpAddress,
  occasion: ProbeOccasion,
  by: z.string().meta({ description: 'Name of the person who asked for it; empty where the schedule did' }),
});

/** Payload of `probe.completed`: a run is over, by itself or because it was stopped. */
export const ProbeCompletion = ProbeTarget.extend({
  policy: z.string().meta({ description: 'Id of the probe policy that allowed it' }),
  outcome: z
    .enum(['completed', 'unreachable', 'stopped', 'slowed'])
    .meta({ description: 'slowed: the device answered slower after a probe, or no longer, and is left alone' }),
  reason: z.string(),
  probes: z.array(z.string()).meta({ description: 'Ids of the probes that ran' }),
  packets: z.int().nonnegative().meta({ description: 'Packets sent' }),
  bytes: z.int().nonnegative().meta({ description: 'Bytes of data sent' }),
  startedAt: Timestamp,
  endedAt: Timestamp,
}).meta({ id: 'ProbeCompletion' });
export type ProbeCompletion = z.infer<typeof ProbeCompletion>;

/** Payload of `probe.refused`: a device was not probed, and why. */
export const ProbeRefusal = ProbeTarget.extend({
  policy: z.string(),
  reason: z.string(),
}).meta({ id: 'ProbeRefusal' });
export type ProbeRefusal = z.infer<typeof ProbeRefusal>;
