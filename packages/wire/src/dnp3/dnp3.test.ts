import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, hex } from '../testing/bytes.ts';
import { activitiesOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect, play, server } from '../testing/play.ts';
import { checksum } from './link-frame.ts';
import type { Dnp3Detail } from './messages.ts';
import { readObjects } from './objects.ts';
import { dnp3 } from './protocol.ts';

const CAPTURE = sharedData('quickdraw/dnp3_test_data_part1.pcap');
/** Link header with its checksum: reset of the link from 3 to 4. */
const RESET_LINK = hex('05 64 05 c0 04 00 03 00 f9 56');

/** @param header control, destination and source. @param data of one block */
function linkFrame(header: readonly number[], data: readonly number[]): Uint8Array {
  const begin = Uint8Array.from([0x05, 0x64, header.length + data.length, ...header]);
  return bytes(begin, crc(begin), Uint8Array.from(data), crc(Uint8Array.from(data)));
}

function crc(block: Uint8Array): Uint8Array {
  const value = checksum(block);
  return Uint8Array.from([value & 0xff, value >> 8]);
}

describe('DNP3', () => {
  it('is told by the checksum of its first frame', () => {
    const checked = detect(dnp3, [client(RESET_LINK)]);
    const wrong = detect(dnp3, [client(RESET_LINK.with(9, 0))]);
    expect([checked, wrong]).toEqual(['match', 'reject']);
  });

  it('puts a message together out of its segments, with every object and point', () => {
    // The answer of outstation 4 to master 3: a binary input that is online, cut behind the indications.
    const first = linkFrame([0x44, 3, 0, 4, 0], [0x41, 0xc5, 129, 0x80, 0x01]);
    const second = linkFrame([0x44, 3, 0, 4, 0], [0x82, 1, 2, 0, 7, 7, 0x81]);
    const { details, views } = play(dnp3, [server(first), server(second)]);
    expect(details).toEqual([
      {
        protocol: 'dnp3',
        linkControl: 0x44,
        source: 4,
        destination: 3,
        control: 0xc5,
        function: 129,
        indications: 0x8001,
        content: {
          isComplete: true,
          event: undefined,
          objects: [
            expect.objectContaining({
              group: 1,
              variation: 2,
              count: 1,
              points: [expect.objectContaining({ index: 7, fields: expect.objectContaining({ online: 1, state: 1 }) })],
            }),
          ],
        },
      } satisfies Dnp3Detail,
    ]);
    expect(views).toMatchObject([{ numbers: { dnp3_func: [129], dnp3_obj: [0x102] } }]);
  });

  it('tells what is wrong with a message, and of a flood once', () => {
    const events = (objects: readonly number[]) => readObjects(Uint8Array.from(objects), 2).event;
    expect([events([1, 2, 0, 9, 7]), events([250, 1, 7, 1]), events([1, 2, 2, 0, 0, 0, 0, 0xff, 0, 1, 0])]).toEqual([
      'malformed',
      'unknown_object',
      'too_many_points',
    ]);
    const damaged = RESET_LINK.with(9, 0);
    const select = linkFrame([0xc4, 4, 0, 3, 0], [0xc1, 0xc0, 3]);
    const { views } = play(dnp3, [client(RESET_LINK), client(damaged), ...Array(40).fill(client(select))]);
    expect(views.flatMap(({ events: told = [] }) => told)).toEqual(['dnp3.bad_link_crc', 'dnp3.flooded']);
  });

  it('reads any objects without failing, and no more points than there may be', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(255), (bytes, code) => {
        const { objects } = readObjects(bytes, code);
        const points = objects.reduce((sum, object) => sum + object.points.length, 0);
        expect(points).toBeLessThanOrEqual(16384);
      }),
    );
  });
});

describe.skipIf(CAPTURE === undefined)('DNP3 in a capture (shared/data)', () => {
  const batch = CAPTURE === undefined ? undefined : sense(CAPTURE);

  it('pairs requests with responses and keeps what a station tells by itself', () => {
    expect(batch && activitiesOf(batch, 'dnp3')).toEqual({
      transaction: 13,
      'transaction success': 21,
      'transaction failure': 2,
      'transaction unanswered': 6,
      'unsolicited-response': 30,
    });
  });

  it('shows a station that anybody may restart', () => {
    expect(batch && valuesOf(batch, '10.0.0.3', 'ot.control-accepted')).toEqual([
      'cold-restart',
      'warm-restart',
      'write',
    ]);
    expect(batch && valuesOf(batch, '10.0.0.3', 'dnp3.outstation')).toEqual(['4']);
    expect(batch && valuesOf(batch, '10.0.0.8', 'dnp3.master')).toEqual(['3']);
  });
});
