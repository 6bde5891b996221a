import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { describeDetail } from '../exported/eve/detail-events.ts';
import { DEFAULT_EVE_SETTINGS } from '../exported/eve/settings.ts';
import type { TransactionDetail } from '../inspector.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { recordsOf, sense } from '../testing/capture.ts';
import { readDatagram } from '../testing/play.ts';
import { readBencoded } from './bencode.ts';
import { parseDht } from './dht.ts';
import { bittorrent } from './protocol.ts';

const ID = 'abcdefghij0123456789';
const HEX = Buffer.from(ID).toString('hex');
const QUERY = bytes(
  `d1:ad2:id20:${ID}9:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:v4:LT`,
  1,
  2,
  '1:y1:qe',
);
const ANSWER = bytes(
  `d1:rd2:id20:${ID}5:nodes26:${ID}`,
  10,
  0,
  0,
  9,
  u16(6881),
  '5:token2:xy6:valuesl6:',
  10,
  0,
  0,
  7,
  u16(51_413),
  'ee1:t2:aa1:y1:re',
);

/** What EVE tells of a message. */
function told(message: Uint8Array, withContent: boolean) {
  const details: TransactionDetail[] = [];
  readDatagram(bittorrent, message, 'to-server', undefined, (detail) => details.push(detail));
  return details.map((detail) => describeDetail(detail, withContent, DEFAULT_EVE_SETTINGS));
}

describe('the distributed hash table of BitTorrent', () => {
  it('tells what is asked and by which program, and not for what', () => {
    const [record] = readDatagram(bittorrent, QUERY);
    expect(record).toMatchObject({ activity: 'dht-query', query: 'get_peers', client: 'LT' });
    expect(JSON.stringify(record)).not.toContain('mnop');
    expect(JSON.stringify(told(QUERY, false))).not.toContain(Buffer.from('mnop').toString('hex'));
  });

  it('is told in EVE message by message, with what is shared only where the log may have content', () => {
    expect(told(QUERY, true)).toEqual([
      {
        type: 'bittorrent_dht',
        members: {
          transaction_id: '6161',
          client_version: '4c540102',
          request_type: 'get_peers',
          request: { id: HEX, info_hash: Buffer.from('mnopqrstuvwxyz123456').toString('hex') },
        },
      },
    ]);
    expect(told(ANSWER, true)).toEqual([
      {
        type: 'bittorrent_dht',
        members: {
          transaction_id: '6161',
          response: {
            id: HEX,
            token: '7879',
            nodes: [{ id: HEX, ip: '10.0.0.9', port: 6881 }],
            values: [{ ip: '10.0.0.7', port: 51_413 }],
          },
        },
      },
    ]);
    const refusal = told(bytes('d1:eli201e13:Generic Errore1:t2:aa1:y1:ee'), false);
    expect(refusal[0]?.members).toEqual({ transaction_id: '6161', error: { num: 201, msg: 'Generic Error' } });
  });

  it('is recognised where a capture has cut a message off, and not in other texts in bencoding', () => {
    for (let length = 40; length < QUERY.length; length++) {
      expect(readDatagram(bittorrent, QUERY.subarray(0, length)), `${length}`).toMatchObject([
        { activity: 'dht-query' },
      ]);
    }
    expect(readDatagram(bittorrent, bytes('d8:announce3:urle'))).toEqual([]);
    expect(readDatagram(bittorrent, bytes('d1:y1:qe'))).toEqual([]);
  });

  it('never throws on any bytes, and keeps its depth and its numbers', () => {
    const part = fc.constantFrom(
      'd',
      'l',
      'e',
      'i1',
      '1:',
      '2:ab',
      '20:',
      ID,
      '1:a',
      '1:r',
      '1:y1:q',
      '999999999:',
      'i-',
    );
    const text = fc.array(fc.oneof(part, fc.string({ maxLength: 4 })), { maxLength: 60 });
    fc.assert(
      fc.property(text, (parts) => {
        const message = bytes(...parts.map((one) => Buffer.from(one, 'latin1')));
        readBencoded(message);
        const dht = parseDht(message);
        if (dht !== undefined) expect(['query', 'response', 'error']).toContain(dht.kind);
      }),
    );
    expect(() => readBencoded(bytes('l'.repeat(100_000)))).not.toThrow();
  });
});

const RECORDED = sharedData('ndpi/pcap/bittorrent_utp.pcap');

describe.skipIf(RECORDED === undefined)('a recorded table (skipped where shared/data/ndpi is absent)', () => {
  it('is asked for peers', () => {
    const queries = recordsOf(sense(RECORDED ?? ''), 'bittorrent').map((record) => 'query' in record && record.query);
    expect(queries).toContain('get_peers');
  });
});
