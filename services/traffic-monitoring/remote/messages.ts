import { z } from 'zod';
import { RemoteBatch } from './remote-batch.ts';

/** How a remote sensor is. */
export const SensorStatus = z.object({
  version: z.string().max(64),
  /** Batches and bytes that wait on its disk. */
  waitingBatches: z.int().nonnegative(),
  waitingBytes: z.int().nonnegative(),
  /** Since the start of its process, milliseconds. */
  upTimeMs: z.number().nonnegative(),
  memoryBytes: z.number().nonnegative(),
});
export type SensorStatus = z.infer<typeof SensorStatus>;

/** From a sensor to the centre. */
export const SensorToCentre = z.discriminatedUnion('kind', [
  /** Without a certificate yet: asks for one. */
  z.object({ kind: z.literal('enrol'), token: z.string().max(200), publicKey: z.string().max(2000) }),
  /** First of a session. `spool` names the numbering of batches: it is new when the sensor's disk was. */
  z.object({ kind: z.literal('hello'), spool: z.string().max(64), status: SensorStatus }),
  z.object({ kind: z.literal('batch'), sequence: z.int().positive(), batch: RemoteBatch }),
  z.object({ kind: z.literal('status'), status: SensorStatus }),
]);
export type SensorToCentre = z.infer<typeof SensorToCentre>;

/** From the centre to a sensor. */
export const CentreToSensor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('enrolled'), sensor: z.string(), name: z.string(), certificate: z.string() }),
  /** `accepted`: everything up to this number is safe. `certificate`: a newer one for the same key. */
  z.object({ kind: z.literal('welcome'), accepted: z.int().nonnegative(), certificate: z.string().optional() }),
  z.object({ kind: z.literal('accepted'), sequence: z.int().nonnegative() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);
export type CentreToSensor = z.infer<typeof CentreToSensor>;
