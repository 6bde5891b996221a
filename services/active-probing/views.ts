import { IpAddress, ProbeOccasion, Timestamp } from '@sphinx/schema';
import { z } from 'zod';

/** One run of probes on one device, or one that was refused. */
export const RunView = z
  .object({
    id: z.string(),
    assetId: z.string().optional(),
    ip: IpAddress,
    policy: z.string(),
    occasion: ProbeOccasion,
    by: z.string(),
    state: z.enum(['waiting', 'running', 'completed', 'unreachable', 'stopped', 'slowed', 'refused']),
    reason: z.string(),
    probes: z.array(z.string()),
    packets: z.int(),
    bytes: z.int(),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ProbeRun' });
export type RunView = z.infer<typeof RunView>;

/** One thing that was sent to a device or came from it. */
export const ExchangeView = z
  .object({
    sequence: z.int(),
    runId: z.string(),
    probe: z.string(),
    time: Timestamp,
    direction: z.enum(['sent', 'received']),
    kind: z.enum(['open', 'data', 'end']),
    transport: z.enum(['tcp', 'udp']),
    ip: z.string(),
    port: z.int(),
    connection: z.int(),
    packets: z.int(),
    bytes: z.int(),
    what: z.string(),
    data: z.string().nullable().meta({ description: 'What was sent, base 64; absent for passwords and for answers' }),
  })
  .meta({ id: 'ProbeExchange' });
export type ExchangeView = z.infer<typeof ExchangeView>;

/** A device that answered slower after a probe and is left alone. */
export const MarkView = z
  .object({ ip: z.string(), assetId: z.string().optional(), reason: z.string(), at: Timestamp })
  .meta({ id: 'ProbeMark' });
export type MarkView = z.infer<typeof MarkView>;

/** The kill switch. */
export const StopView = z.object({ reason: z.string(), by: z.string(), at: Timestamp }).meta({ id: 'ProbeStop' });
export type StopView = z.infer<typeof StopView>;
