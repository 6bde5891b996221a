import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { recordsOf, sense } from '../testing/capture.ts';
import { client, detect, evidenceOf, play, server } from '../testing/play.ts';
import { fox } from './protocol.ts';

const CAPTURE = sharedData('quickdraw/fox_info.pcap');
const hello = (...lines: readonly string[]) =>
  Buffer.from(['fox a 0 -1 fox hello', '{', ...lines, '};;', ''].join('\n'));

describe('Niagara Fox', () => {
  it('tells a workbench from a station', () => {
    const turns = [
      client(hello('app.name=s:Workbench', 'app.version=s:3.7.44', 'hostName=s:pc-of-somebody')),
      server(hello('app.name=s:Station', 'app.version=s:3.5.41', 'station.name=s:Boiler_1')),
    ];
    expect(evidenceOf(fox, play(fox, turns).records)).toEqual([
      'fox.application=Workbench 3.7.44 (client)',
      'fox.application=Station 3.5.41 (server)',
      'fox.station=Boiler_1 (server)',
    ]);
  });

  it('takes no other text', () => {
    expect(detect(fox, [client(Buffer.from('foxtrot\r\n'))])).toBe('reject');
  });
});

describe.skipIf(CAPTURE === undefined)('Niagara Fox in a capture (shared/data)', () => {
  it('reads operating system and brand from both greetings', () => {
    expect(recordsOf(sense(CAPTURE ?? ''), 'fox')).toMatchObject([
      { sender: 'client', application: 'Workbench', operatingSystem: 'Windows XP', brand: 'vykon' },
      { sender: 'server', application: 'Station', operatingSystem: 'QNX', station: 'Legion_HQ_V4' },
    ]);
  });
});
