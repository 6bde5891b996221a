import type { Device } from '../decision/access-policy.ts';
import type { Decision } from '../decision/decide.ts';

/** A decision on its way to whatever carries it out. */
export interface DecidedAccess {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly device: Device;
  readonly decision: Decision;
}

/** Carries decisions out beyond RADIUS: one file per kind of system. */
export interface Actuator {
  readonly name: string;
  /** Does what was decided; the same decision twice does no harm. Rejects with words for a person where it cannot. */
  apply(access: DecidedAccess): Promise<void>;
}
