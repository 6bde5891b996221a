import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_KEPT, UndecidedBytes } from './undecided-bytes.ts';

const DIRECTION = fc.constantFrom('to-server' as const, 'to-client' as const);
const PIECE = fc.record({ direction: DIRECTION, bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }) });
/** What happens to one of four streams. */
const EVENT = fc.record({ stream: fc.nat(3), piece: fc.option(PIECE, { freq: 6 }) });

function startOf(pieces: readonly { readonly direction: string; readonly bytes: Uint8Array }[], direction: string) {
  return Buffer.concat(pieces.filter((piece) => piece.direction === direction).map(({ bytes }) => bytes));
}

describe('the first bytes of streams whose protocol is not known', () => {
  it('come back as they were seen, however the streams take turns and are forgotten', () => {
    fc.assert(
      fc.property(fc.array(EVENT, { maxLength: 80 }), fc.integer({ min: 1, max: 300 }), (events, room) => {
        const store = new UndecidedBytes();
        const kept = [NOTHING_KEPT, NOTHING_KEPT, NOTHING_KEPT, NOTHING_KEPT];
        const expected: { direction: 'to-server' | 'to-client'; bytes: Uint8Array }[][] = [[], [], [], []];
        for (const { stream, piece } of events) {
          const handle = kept[stream] ?? NOTHING_KEPT;
          if (piece === null) {
            store.forget(handle);
            kept[stream] = NOTHING_KEPT;
            expected[stream] = [];
          } else {
            kept[stream] = store.add(handle, piece.direction, piece.bytes);
            expected[stream]?.push(piece);
          }
        }
        for (const [stream, pieces] of expected.entries()) {
          const handle = kept[stream] ?? NOTHING_KEPT;
          expect(store.chunks(handle)).toEqual(pieces);
          for (const direction of ['to-server', 'to-client'] as const) {
            const target = new Uint8Array(room);
            const length = store.copyStart(handle, direction, target);
            const whole = startOf(pieces, direction);
            expect(length).toBe(Math.min(whole.length, room));
            expect(Buffer.from(target.subarray(0, length)).equals(whole.subarray(0, length))).toBe(true);
          }
        }
      }),
    );
  });

  it('are copies, which nobody can change afterwards', () => {
    const store = new UndecidedBytes();
    const bytes = Uint8Array.of(1, 2, 3);
    const kept = store.add(NOTHING_KEPT, 'to-server', bytes);
    bytes.fill(9);
    const [first] = store.chunks(kept);
    first?.bytes.fill(7);
    expect(store.chunks(kept)).toEqual([{ direction: 'to-server', bytes: Uint8Array.of(1, 2, 3) }]);
  });

  it('take pieces of more than a slab', () => {
    const store = new UndecidedBytes();
    const bytes = new Uint8Array(600_000).map((_, index) => index);
    const kept = store.add(store.add(NOTHING_KEPT, 'to-client', Uint8Array.of(5)), 'to-server', bytes);
    expect(store.chunks(kept)[1]?.bytes).toEqual(bytes);
  });
});
