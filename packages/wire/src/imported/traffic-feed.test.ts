import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { createSensor } from '../create-sensor.ts';
import { sense } from '../testing/capture.ts';
import { EXPORTERS, exportWithSoftflowd } from '../testing/exporters.ts';
import { DetectingFeed } from './traffic-feed.ts';

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap') ?? '';
const EVE =
  '{"timestamp":"2026-05-01T08:30:00.000000+0000","event_type":"dhcp","src_ip":"10.0.0.1","dest_ip":"10.0.0.2"}\n';
const AZURE = '{\n "records": [\n {"category": "other"}\n ]\n}\n';

function open(): DetectingFeed {
  const options = { source: 'test', isSample: false };
  return new DetectingFeed({ ...options, name: 'upload', createSensor: () => createSensor(options) });
}

function readInPieces(bytes: Uint8Array, size: number): DetectingFeed {
  const feed = open();
  for (let offset = 0; offset < bytes.length; offset += size) feed.push(bytes.subarray(offset, offset + size));
  return feed;
}

describe('what a file holds', () => {
  it.each([
    ['Suricata', EVE, 1],
    ['Azure', AZURE, 1],
    ['Zeek', '#separator \\x09\n#fields\tts\n', 0],
    ['Zeek', '{"ts":1777617000.0,"uid":"C1","id.orig_h":"10.0.0.1"}\n', 1],
    ['AWS', '2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1777617000 1777617060 ACCEPT OK', 1],
  ])('is told by its first bytes, in whatever pieces they come: %s', (_name, text, entries) => {
    for (const size of [1, 7, 1000]) {
      const feed = readInPieces(Buffer.from(text), size);
      feed.end();
      expect(feed.entries).toBe(entries);
    }
  });

  it.each([
    ['a letter', 'Dear colleague, the capture is attached.\n'],
    ['a list of something', '{"name":"pump","ward":3}\n'],
    ['a picture', '\u0000\u0001\u0002\u0003JFIF'],
  ])('is refused in words where it is %s', (_name, text) => {
    expect(() => {
      const feed = readInPieces(Buffer.from(text), 5);
      feed.end();
    }).toThrow(/neither a pcap nor a pcapng file, nor Suricata/);
  });

  it('is refused where there is nothing', () => {
    expect(() => open().end()).toThrow('empty');
  });

  it('does not matter where it ends in the middle: what came before is read and the end is told of', () => {
    const feed = readInPieces(Buffer.from(AZURE.slice(0, 40)), 9);
    expect(feed.end().join()).toMatch(/ends in the middle/);
  });
});

describe.skipIf(HOSPITAL === '')('a capture', () => {
  it('gives the same through detection as on its own', () => {
    const feed = readInPieces(readFileSync(HOSPITAL), 100_003);
    expect(feed.end()).toEqual([]);
    const { hosts, flows } = feed.takeBatch();
    expect({ hosts, flows }).toEqual({ hosts: sense(HOSPITAL).hosts, flows: sense(HOSPITAL).flows });
  });
});

describe.skipIf(HOSPITAL === '' || !EXPORTERS.softflowd)('an IPFIX file (RFC 5655)', () => {
  it('is read message by message, and cut off or damaged up to there', async () => {
    const file = Buffer.concat(await exportWithSoftflowd(HOSPITAL, 10));
    const whole = readInPieces(file, 999);
    expect(whole.end()).toEqual([]);
    const { flows } = whole.takeBatch();
    expect(flows.length).toBeGreaterThan(60);

    const cut = readInPieces(file.subarray(0, file.length - 10), 999);
    expect(cut.end().join()).toMatch(/middle of an IPFIX message/);
    expect(cut.takeBatch().flows.length).toBeLessThan(flows.length);

    const damaged = Buffer.concat([file, Buffer.from('garbage')]);
    const feed = readInPieces(damaged, 999);
    expect(feed.end().join()).toMatch(/damaged/);
    expect(feed.takeBatch().flows).toHaveLength(flows.length);
  });
});
