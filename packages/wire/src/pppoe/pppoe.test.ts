import { describe, expect, it } from 'vitest';
import { bytes, u16 } from '../testing/bytes.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { pppoe } from './protocol.ts';

const tag = (type: number, value: string) => bytes(u16(type), u16(value.length), value);
const message = (code: number, ...tags: readonly Uint8Array[]) => {
  const content = bytes(...tags);
  return bytes(0x11, code, u16(0), u16(content.length), content);
};

describe('PPPoE discovery', () => {
  it('tells who lets others into the network, and for which services', () => {
    const offer = message(7, tag(0x0102, 'access-1'), tag(0x0101, ''), tag(0x0101, 'internet'), tag(0x0103, 'cookie'));
    const records = readDatagram(pppoe, offer);
    expect(records).toMatchObject([{ activity: 'offer', concentrator: 'access-1', services: ['internet'] }]);
    expect(evidenceOf(pppoe, records)).toEqual([
      'pppoe.access-concentrator=access-1 (client)',
      'pppoe.service=internet (client)',
    ]);
  });

  it('tells a refusal, and nothing of who only asks', () => {
    const refused = readDatagram(pppoe, message(101, tag(0x0201, 'no such service')));
    expect(refused).toMatchObject([{ activity: 'confirmation', isRefused: true }]);
    const asked = readDatagram(pppoe, message(9, tag(0x0101, '')));
    expect(asked).toMatchObject([{ activity: 'initiation', isRefused: false }]);
    expect(evidenceOf(pppoe, asked)).toEqual([]);
  });
});
