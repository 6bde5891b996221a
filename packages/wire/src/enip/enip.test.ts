import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, le16, le32 } from '../testing/bytes.ts';
import { recordsOf, sense } from '../testing/capture.ts';
import { client, detect, evidenceOf, play, server } from '../testing/play.ts';
import { enip } from './protocol.ts';

const CAPTURE = sharedData('quickdraw/enip_test.pcap');

function message(command: number, body: Uint8Array, status = 0): Uint8Array {
  return bytes(le16(command), le16(body.length), le32(7), le32(status), new Uint8Array(8), le32(0), body);
}

/** Send RR data with one CIP message. */
function cip(...content: readonly number[]): Uint8Array {
  const items = bytes(le16(2), le16(0), le16(0), le16(0xb2), le16(content.length), ...content);
  return message(0x6f, bytes(le32(0), le16(0), items));
}

const REGISTRATION = message(0x65, bytes(le16(1), le16(0)));

describe('EtherNet/IP', () => {
  it('tells which service of which class was asked for and what came of it', () => {
    const turns = [client(cip(0x10, 2, 0x20, 0x04, 0x24, 1)), server(cip(0x90, 0, 5, 0))];
    const { records } = play(enip, turns);
    expect(records).toMatchObject([
      { service: 'set-attribute-single', classId: 4, outcome: 'failure', generalStatus: 5 },
    ]);
    expect(evidenceOf(enip, records)).toEqual([]);
  });

  it('tells that a controller lets itself be stopped', () => {
    const { records } = play(enip, [client(cip(0x07, 2, 0x20, 0x8e, 0x24, 1)), server(cip(0x87, 0, 0, 0))]);
    expect(evidenceOf(enip, records)).toEqual(['ot.control-accepted=stop (server)']);
  });

  it('is told by the registration of a session on any port', () => {
    expect(detect(enip, [client(REGISTRATION)])).toBe('match');
    expect(detect(enip, [client(message(0x65, new Uint8Array(5)))])).toBe('reject');
    expect(detect(enip, [client(new Uint8Array(64))])).toBe('reject');
  });
});

describe.skipIf(CAPTURE === undefined)('EtherNet/IP in a capture (shared/data)', () => {
  it('reads the identity of a controller', () => {
    expect(recordsOf(sense(CAPTURE ?? ''), 'enip')).toMatchObject([
      {
        command: 'list-identity',
        identity: { vendorId: 1, productName: '1756-ENBT/A', revision: '4.3', serial: '00524d8e' },
        durationMs: 39.969,
      },
    ]);
  });
});
