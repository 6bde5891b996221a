import type { Stage } from './stage.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** An attack on the sample hospital: what somebody does, and what of it leaves a trace. */
export interface StagedAttack {
  readonly id: string;
  readonly title: string;
  /** Number of the use case of the original SPHINX, where it is one. */
  readonly useCase?: number;
  /** @param time when it begins, milliseconds since the Unix epoch */
  run(stage: Stage, time: number): void;
}

/** Addresses outside that attackers use; each attack has its own. */
export function hostile(stage: Stage): string {
  const { random } = stage;
  return `185.${random.whole(10, 250)}.${random.whole(1, 250)}.${random.whole(1, 250)}`;
}
