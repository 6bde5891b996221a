import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { hex } from '../testing/bytes.ts';
import { activitiesOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect } from '../testing/play.ts';
import { dnp3 } from './protocol.ts';

const CAPTURE = sharedData('quickdraw/dnp3_test_data_part1.pcap');
/** Link header with its checksum: reset of the link from 3 to 4. */
const RESET_LINK = hex('05 64 05 c0 04 00 03 00 f9 56');

describe('DNP3', () => {
  it('is told by the checksum of its first frame', () => {
    const checked = detect(dnp3, [client(RESET_LINK)]);
    const wrong = detect(dnp3, [client(RESET_LINK.with(9, 0))]);
    expect([checked, wrong]).toEqual(['match', 'reject']);
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
