import type { AlertSubject } from '@sphinx/schema';
import type { Basis } from '../baselines/norm.ts';
import type { MeasureId } from '../traffic/measures.ts';

/** Somebody should look at this: what a detector saw of one host. */
export interface Sighting {
  /** Id in `knowledge/anomaly-detectors`. */
  readonly detector: string;
  /** Address of the host whose behaviour it is, or the name of a user. */
  readonly actor: string;
  /** What makes it another anomaly of the same detector and host: a port, a domain, a habit. */
  readonly about: string;
  readonly subjects: readonly AlertSubject[];
  readonly expected: string;
  readonly seen: string;
  /** Share of comparable hours with as much or more. */
  readonly rarity: number;
  readonly basis: Basis;
  /** First and last moment, milliseconds since the Unix epoch. */
  readonly time: number;
  readonly endTime: number;
  readonly measure?: { readonly id: MeasureId; readonly value: number; readonly limit: number };
  readonly habit?: string;
  readonly source: string;
  readonly isSample: boolean;
  readonly packetNumber: number;
}
