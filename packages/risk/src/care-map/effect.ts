import { z } from 'zod';

/** What happens to whoever needs something when it is gone, mildest first. */
export const EFFECTS = ['slows', 'degrades', 'stops'] as const;

export const Effect = z.enum(EFFECTS).meta({
  id: 'CareEffect',
  description:
    'slows: goes on, by hand or with delay; degrades: goes on for a while or in part; stops: does not do what it is there for',
});
export type Effect = z.infer<typeof Effect>;

/** 0 for no effect, 3 for `stops`. */
export function rankOf(effect: Effect | null): number {
  return effect === null ? 0 : EFFECTS.indexOf(effect) + 1;
}

/** @param rank as `rankOf` gives it */
export function effectOf(rank: number): Effect | null {
  return EFFECTS[rank - 1] ?? null;
}
