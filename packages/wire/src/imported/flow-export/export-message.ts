import type { ExportedFlow } from './exported-flow.ts';

/** What one datagram or message of an exporter held. */
export interface ExportMessage {
  readonly flows: readonly ExportedFlow[];
  /** When the message left, microseconds since the epoch. */
  readonly exportMicros: number;
  /** Data of templates that did not come yet: exporters repeat them every few minutes. */
  readonly setsWithoutTemplate: number;
  /** Records, or messages where the protocol numbers these, that were sent before this one and never arrived. */
  readonly lost: number;
}

/** A jump further than this is a restart of the exporter, not a loss. */
const MAXIMUM_GAP = 1_000_000;
const SEQUENCE_WRAP = 2 ** 32;

/** Follows the numbers that an exporter gives its records or messages, and counts what is missing. */
export class SequenceTracker {
  #previous: { readonly sequence: number; readonly count: number } | undefined;
  /** softflowd numbers a message by the last of its records, where the RFC wants the first. */
  #countsItself = false;

  /**
   * @param sequence of this message
   * @param count of its records; undefined where that cannot be told
   * @returns how many are missing before this one
   */
  follow(sequence: number, count: number | undefined): number {
    const previous = this.#previous;
    this.#previous = count === undefined ? undefined : { sequence, count };
    if (previous === undefined || count === undefined) return 0;
    const step = (sequence - previous.sequence + SEQUENCE_WRAP) % SEQUENCE_WRAP;
    if (step === previous.count) return 0;
    if (step === count) this.#countsItself = true;
    const missing = step - (this.#countsItself ? count : previous.count);
    // A step back is a datagram that came late: the gap before it was counted already.
    return missing > 0 && missing <= MAXIMUM_GAP ? missing : 0;
  }
}
