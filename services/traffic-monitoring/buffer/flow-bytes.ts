import { revealBytes } from '@sphinx/wire';
import { z } from 'zod';
import type { FlowTaker } from './flow-reader.ts';

const MAXIMUM_BYTES = 32 * 1024;

export const FlowBytes = z
  .object({
    isKept: z.boolean().meta({ description: 'Whether packets of its source are still there' }),
    isCut: z.boolean().meta({ description: 'Only the first 32 kB of each side' }),
    chunks: z.array(
      z.object({
        direction: z.enum(['sent', 'received']).meta({ description: 'Seen from who began the flow' }),
        time: z.number().meta({ description: 'Milliseconds since the Unix epoch' }),
        offset: z.int().meta({ description: 'Place in this side of the flow' }),
        hex: z.string().meta({ description: 'Two digits a byte, two dots for one that is hidden' }),
      }),
    ),
  })
  .meta({ id: 'FlowBytes' });
export type FlowBytes = z.infer<typeof FlowBytes>;

interface Piece {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly timeMicros: number;
  readonly isDatagram: boolean;
  /** Nothing before it was missed. */
  readonly isInContext: boolean;
  readonly isSent: boolean;
}

/** Gathers the beginning of both sides of a flow, to be shown without what names patients or opens doors. */
export class FlowBytesCollector implements FlowTaker {
  readonly #pieces: Piece[] = [];
  readonly #lengths = { sent: 0, received: 0 };
  readonly #hasGap = { sent: false, received: false };
  #isCut = false;

  bytes(isSent: boolean, bytes: Uint8Array, timeMicros: number, isDatagram: boolean): void {
    const side = isSent ? 'sent' : 'received';
    const offset = this.#lengths[side];
    const taken = bytes.subarray(0, Math.max(0, MAXIMUM_BYTES - offset));
    if (taken.length < bytes.length) this.#isCut = true;
    if (taken.length === 0) return;
    this.#lengths[side] += taken.length;
    const isInContext = !this.#hasGap[side];
    // What the reader hands over is valid during the call only.
    this.#pieces.push({ bytes: Uint8Array.from(taken), offset, timeMicros, isDatagram, isInContext, isSent });
  }

  gap(isSent: boolean): void {
    this.#hasGap[isSent ? 'sent' : 'received'] = true;
  }

  /** @param protocol of the flow, whose structure says what may be shown */
  show(protocol: string): FlowBytes {
    const masks = { true: this.#maskOf(true, protocol), false: this.#maskOf(false, protocol) };
    const chunks = this.#pieces.map(({ bytes, offset, timeMicros, isDatagram, isInContext, isSent }) => {
      const mask = isDatagram
        ? revealBytes(protocol, isSent ? 'to-server' : 'to-client', bytes)
        : masks[`${isSent}`].subarray(offset, offset + bytes.length);
      const hex = Array.from(bytes, (byte, index) =>
        isInContext && mask[index] === 1 ? byte.toString(16).padStart(2, '0') : '..',
      ).join('');
      const direction = isSent ? ('sent' as const) : ('received' as const);
      return { direction, time: timeMicros / 1000, offset, hex };
    });
    return { isKept: true, isCut: this.#isCut, chunks };
  }

  /** A stream is judged as one: messages reach over segments. */
  #maskOf(isSent: boolean, protocol: string): Uint8Array {
    const inContext = this.#pieces.filter((piece) => piece.isSent === isSent && !piece.isDatagram && piece.isInContext);
    const stream = Buffer.concat(inContext.map(({ bytes }) => bytes));
    return revealBytes(protocol, isSent ? 'to-server' : 'to-client', stream);
  }
}
