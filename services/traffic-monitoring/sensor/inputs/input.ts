import type { Batcher } from '../batcher.ts';

/** A way in. `read` resolves when the input is over by itself or was stopped. */
export interface Input {
  /** @returns what was wrong with the input, in words. @throws Error with the reason when it failed */
  read(batcher: Batcher, signal: AbortSignal): Promise<readonly string[]>;
}

/** A reason for which trying again is of no use, such as a wrong password. */
export class FinalInputError extends Error {
  override readonly name = 'FinalInputError';
}
