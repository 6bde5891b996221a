import { PatientDataCounts } from '@sphinx/patient-data';
import { z } from 'zod';

/** Data on its way from one host to another, over one connection. */
export const Transfer = z.object({
  /** The same for every reading of the same capture. */
  id: z.string(),
  source: z.string(),
  isSample: z.boolean(),
  senderIp: z.string(),
  receiverIp: z.string(),
  /** Of the server, whoever sends. */
  serverPort: z.int(),
  transport: z.string(),
  protocol: z.string(),
  /** Name that the receiver was called by; empty where it has none. */
  receiverName: z.string(),
  /** Id of the service on the internet that it goes to. */
  cloudService: z.string().nullable(),
  counts: PatientDataCounts,
  /** Sent so far. */
  bytes: z.int().nonnegative(),
  firstSeen: z.number(),
  lastSeen: z.number(),
  packet: z.object({ source: z.string(), number: z.int(), time: z.number() }),
});
export type Transfer = z.infer<typeof Transfer>;

/** What a sensor thread tells of it: again whenever there is more. */
export type TransferFinding = Omit<Transfer, 'isSample'>;

/** @returns persons that the data tells of, as far as can be told: the most that any one kind counts */
export function personsOf({ identifiers, records }: PatientDataCounts): number {
  return Math.max(0, ...Object.values(identifiers), ...Object.values(records));
}
