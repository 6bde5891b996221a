import type { Hospital } from '../hospital/hospital.ts';
import type { Place } from '../hospital/places.ts';

/** An attack on the hospital, how it is told that it is over, and what it leaves behind. */
export interface Drill {
  readonly id: string;
  readonly title: string;
  /** Use case of the original SPHINX that it plays. */
  readonly useCase: string;
  /** Machine of the attacker. What it does is seen from there, and there it is told whether it still gets through. */
  readonly from: Place;
  /** What else an incident may name in place of the attacker: whom it is done to. */
  readonly targets: readonly Place[];
  /** Titles of what must be detected; one is enough. */
  readonly mustDetect: RegExp;
  /** Names of playbooks that fit, the best first. */
  readonly playbooks: readonly RegExp[];
  /** Steps of the whole course when nobody stops it. */
  readonly steps: number;
  readonly everyMs: number;
  /**
   * One step, which runs on the attacker's machine.
   *
   * @returns whether it got through
   */
  step(number: number): Promise<boolean>;
  /** @returns what is not as it was before, in words */
  damage?(hospital: Hospital): Promise<readonly string[]>;
  /** Playbook of the hospital's own by which SPHINX brings it back; without one, people do. */
  readonly restoredBy?: string;
  /** What an administrator does by hand to bring it back, when the attacker is off. */
  repair?(hospital: Hospital): Promise<void>;
}
