import type { PatientSafetyClass } from '@sphinx/schema';

/** One direction of talk of an asset with another one. */
export interface Talk {
  /** Id of the other asset. */
  readonly peer: string;
  /** What this asset is in it. */
  readonly role: 'client' | 'server';
  readonly protocol: string;
  /** Of the server, where it is a well-known one; else 0. */
  readonly port: number;
  readonly flows: number;
  /** Milliseconds since the Unix epoch. */
  readonly lastSeen: number;
}

/** As much of an asset as the care map needs. Texts are empty where nothing is known. */
export interface CareAsset {
  readonly id: string;
  readonly name: string;
  readonly ips: readonly string[];
  /** Key of `knowledge/asset-kinds`. */
  readonly kind: string;
  readonly zone: string;
  readonly careArea: string;
  readonly safety: PatientSafetyClass | null;
  readonly isSample: boolean;
  /** Answered conversations with other assets. */
  readonly talks: readonly Talk[];
}
