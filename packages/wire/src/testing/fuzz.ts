import { isDeepStrictEqual } from 'node:util';
import { EVIDENCE_ATTRIBUTES } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Direction, Protocol, ProtocolRecord } from '../protocol.ts';
import { usedBytes } from './memory.ts';
import { createParser, detect, evidenceOf, play, readDatagram, type Step, type Turn } from './play.ts';

const RUNS = 150;
/** Nothing that one message says may grow into more than this in memory. */
const MAXIMUM_RECORD_CHARACTERS = 2_000_000;
const ENDLESS_BYTES = 6 * 1024 * 1024;
const CHUNK_BYTES = 16 * 1024;
/** Both directions of a parser together; reassembly of a single large message included. */
const MAXIMUM_RETAINED_BYTES = 2 * 1024 * 1024;

/**
 * Rooms that look at where packets begin once a conversation is damaged: HTTP takes what is no answer for a body as browsers do,
 * until a packet begins with a status line. Cut otherwise, the same bytes then mean something else.
 */
const HEEDS_PACKETS: ReadonlySet<string> = new Set(['http']);

const direction = fc.constantFrom<Direction>('to-server', 'to-client');
const chunk: fc.Arbitrary<Step> = fc.record({ direction, bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }) });
const loss: fc.Arbitrary<Step> = fc.record({ direction, lost: fc.integer({ min: 1, max: 100_000 }) });
const noise = fc.array(fc.oneof({ weight: 6, arbitrary: chunk }, { weight: 1, arbitrary: loss }), { maxLength: 8 });
const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });

/** One damage to a message; positions are fractions of its length. */
const damage = fc.record({
  turn: fc.nat(),
  position: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  change: fc.oneof(
    fc.record({ kind: fc.constant('overwrite' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('insert' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
    fc.record({ kind: fc.constant('remove' as const), length: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('cut-off' as const) }),
    fc.record({ kind: fc.constant('repeat' as const) }),
  ),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** The promises that every room on TCP keeps on hostile input. @param conversations real ones, which are then damaged */
export function promisesOfStreamRoom<R extends ProtocolRecord>(
  room: Protocol<R>,
  conversations: readonly (readonly Turn[])[],
): void {
  const whole = fc.constantFrom<readonly Step[]>(...conversations);
  const damaged = fc
    .tuple(fc.constantFrom(...conversations), fc.array(damage, { minLength: 1, maxLength: 6 }), noise)
    .map(([conversation, damages, tail]): readonly Step[] => [...damages.reduce(applyDamage, conversation), ...tail]);

  describe(`${room.title} from somebody who means harm`, () => {
    it('never throws on arbitrary bytes, losses and ends', () => {
      fc.assert(
        fc.property(noise, (steps) => expectHarmless(room, steps)),
        { numRuns: RUNS },
      );
    });

    it('never throws on real conversations that were damaged', () => {
      fc.assert(
        fc.property(damaged, (steps) => expectHarmless(room, steps)),
        { numRuns: 2 * RUNS },
      );
    });

    it('reads the same however the bytes are cut into segments', () => {
      fc.assert(
        fc.property(HEEDS_PACKETS.has(room.id) ? whole : fc.oneof(whole, damaged), pieces, (steps, lengths) => {
          const [cut, uncut] = [play(room, steps, lengths), play(room, steps)];
          if (!isDeepStrictEqual(cut, uncut)) expect(cut).toEqual(uncut);
        }),
        { numRuns: 2 * RUNS },
      );
    });

    it('bears a conversation that ends at any byte', () => {
      for (const conversation of conversations) {
        const total = conversation.reduce((sum, turn) => sum + turn.bytes.length, 0);
        for (let length = 0; length <= total; length += total > 4000 ? 7 : 1) {
          expectHarmless(room, firstBytes(conversation, length));
        }
      }
    });

    it('keeps little of a stream that never ends', () => {
      const fillers = [0x00, 0x41, 0xff].map((value) => new Uint8Array(CHUNK_BYTES).fill(value));
      const streams = conversations.flatMap((conversation) =>
        [...fillers, sawtooth()].map((filler): EndlessStream => ({ conversation, filler })),
      );
      // All together first: what they hold takes two walks through the memory of the process, not two for each.
      const together = retainedBytes(room, streams);
      if (together < MAXIMUM_RETAINED_BYTES) return;
      for (const stream of streams) expect(retainedBytes(room, [stream])).toBeLessThan(MAXIMUM_RETAINED_BYTES);
    });
  });
}

/** The promises that every room on UDP or Ethernet keeps on hostile input. @param samples real messages */
export function promisesOfDatagramRoom<R extends ProtocolRecord>(
  room: Protocol<R>,
  samples: readonly Uint8Array[],
): void {
  const turn = fc.constantFrom(...samples).map((bytes): readonly Turn[] => [{ direction: 'to-server', bytes }]);
  const damaged = fc
    .tuple(turn, fc.array(damage, { minLength: 1, maxLength: 6 }))
    .map(([message, damages]) => damages.reduce(applyDamage, message)[0]?.bytes ?? new Uint8Array(0));

  describe(`${room.title} from somebody who means harm`, () => {
    it('never throws on arbitrary bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 1500 }), direction, (payload, way) => {
          expectHarmlessDatagram(room, payload, way);
        }),
        { numRuns: 2 * RUNS },
      );
    });

    it('never throws on real messages that were damaged', () => {
      fc.assert(
        fc.property(damaged, direction, (payload, way) => expectHarmlessDatagram(room, payload, way)),
        { numRuns: 4 * RUNS },
      );
    });

    it('bears a message that was cut off at any byte', () => {
      for (const sample of samples) {
        for (let length = 0; length <= sample.length; length++) {
          expectHarmlessDatagram(room, sample.slice(0, length), 'to-server');
        }
      }
    });
  });
}

function expectHarmless<R extends ProtocolRecord>(room: Protocol<R>, steps: readonly Step[]): void {
  detect(
    room,
    steps.flatMap((step) => ('lost' in step ? [] : [step])),
  );
  expectSoundRecords(room, play(room, steps).records);
}

function expectHarmlessDatagram<R extends ProtocolRecord>(
  room: Protocol<R>,
  payload: Uint8Array,
  way: Direction,
): void {
  const [port] = room.usualPorts;
  detect(room, [{ direction: way, bytes: payload }], port);
  expectSoundRecords(room, readDatagram(room, payload, way));
}

/** Whatever is read can be stored: bounded, and only facts that the vocabulary knows. Called too often for an expectation each. */
function expectSoundRecords<R extends ProtocolRecord>(room: Protocol<R>, records: readonly R[]): void {
  for (const record of records) {
    const { length } = JSON.stringify(record);
    if (length >= MAXIMUM_RECORD_CHARACTERS) expect.fail(`A record of ${room.id} has ${length} characters.`);
  }
  for (const evidence of evidenceOf(room, records)) {
    const attribute = evidence.slice(0, evidence.indexOf('='));
    if (!Object.hasOwn(EVIDENCE_ATTRIBUTES, attribute)) expect.fail(`No evidence is known as ${attribute}.`);
  }
}

function applyDamage(turns: readonly Turn[], { turn, position, change }: Damage): readonly Turn[] {
  const index = turn % Math.max(1, turns.length);
  const hit = turns[index];
  if (hit === undefined) return turns;
  if (change.kind === 'repeat') return turns.toSpliced(index, 0, hit);
  const at = Math.floor(position * hit.bytes.length);
  const before = hit.bytes.subarray(0, at);
  const inserted = 'bytes' in change ? change.bytes : new Uint8Array(0);
  const removed = change.kind === 'overwrite' ? inserted.length : change.kind === 'remove' ? change.length : 0;
  const after = change.kind === 'cut-off' ? new Uint8Array(0) : hit.bytes.subarray(at + removed);
  return turns.with(index, { ...hit, bytes: new Uint8Array(Buffer.concat([before, inserted, after])) });
}

function firstBytes(turns: readonly Turn[], length: number): readonly Turn[] {
  let remaining = length;
  return turns.flatMap((turn) => {
    const bytes = turn.bytes.slice(0, remaining);
    remaining -= bytes.length;
    return bytes.length === 0 ? [] : [{ ...turn, bytes }];
  });
}

/** Every byte value in turn: line ends, delimiters and length fields among them. */
function sawtooth(): Uint8Array {
  return Uint8Array.from({ length: CHUNK_BYTES }, (_, index) => index & 255);
}

/** A real conversation that breaks off, and what is then said without an end. */
interface EndlessStream {
  readonly conversation: readonly Turn[];
  readonly filler: Uint8Array;
}

/** Memory that parsers still hold after all but the end of a conversation and megabytes of one filler behind it. */
function retainedBytes<R extends ProtocolRecord>(room: Protocol<R>, streams: readonly EndlessStream[]): number {
  const before = usedBytes();
  const parsers = streams.map((stream) => hearEndless(room, stream));
  const retained = usedBytes() - before;
  for (const parser of parsers) parser.end();
  return retained;
}

function hearEndless<R extends ProtocolRecord>(room: Protocol<R>, { conversation, filler }: EndlessStream) {
  const whole = conversation.reduce((sum, turn) => sum + turn.bytes.length, 0);
  const begun = firstBytes(conversation, Math.floor(whole * 0.8));
  const last = begun.at(-1)?.direction ?? 'to-server';
  const parser = createParser(room, () => {});
  const isOpen = begun.every((turn) => parser.push(turn.direction, turn.bytes) === 'continue');
  for (let sent = 0; isOpen && sent < ENDLESS_BYTES; sent += filler.length) {
    if (parser.push(last, filler) !== 'continue') break;
  }
  return parser;
}
