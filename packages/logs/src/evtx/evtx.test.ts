import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { windowsFields } from '../windows/windows-event.ts';
import type { EvtxRecord } from './chunk.ts';
import { type EvtxSummary, isEvtx, readEvtx } from './evtx.ts';
import { buildChunk, buildEvtx, sealHeader, type TestValue, uint16, uint32, uint64, utf16 } from './test-evtx.ts';

function read(bytes: Uint8Array): { readonly records: readonly EvtxRecord[]; readonly summary: EvtxSummary } {
  const records: EvtxRecord[] = [];
  const reader = readEvtx(bytes);
  let step = reader.next();
  for (; step.done !== true; step = reader.next()) records.push(step.value);
  return { records, summary: step.value };
}

const value = (type: number, bytes: Buffer<ArrayBuffer>, name = 'Value'): TestValue => ({ name, type, bytes });
const dataOf = (...values: readonly TestValue[]) => read(buildEvtx([buildChunk([values])])).records[0]?.event.EventData;
const FILETIME = uint64(133_500_000_001_234_567n);

describe('an event log of Windows', () => {
  it('yields its records with number, time, System and the data by name', () => {
    const log = buildEvtx([
      buildChunk([[value(1, utf16('ward-pc-3'), 'Host')], [value(1, utf16('ward-pc-4'), 'Host')]]),
    ]);
    const { records, summary } = read(log);
    expect(records.map(({ id }) => id)).toEqual([1, 2]);
    expect(new Date(records[0]?.writtenMs ?? 0).toISOString()).toBe('2023-11-14T22:13:21.000Z');
    expect(records[1]?.event).toEqual({
      System: { Provider_Name: 'Test', EventID: '1', Channel: 'Test/Channel' },
      EventData: { Host: 'ward-pc-4' },
    });
    expect(summary).toMatchObject({
      chunks: 1,
      records: 2,
      damagedChunks: 0,
      damagedRecords: 0,
      lostChunks: 0,
      isDirty: false,
    });
  });

  it.each<[string, number, Buffer<ArrayBuffer>, unknown]>([
    ['text', 0x01, utf16('Grüße'), 'Grüße'],
    ['text of one byte a character', 0x02, Buffer.from('abc\0', 'latin1'), 'abc'],
    ['8 bits with a sign', 0x03, Buffer.of(0xff), -1],
    ['8 bits', 0x04, Buffer.of(0xff), 255],
    ['16 bits with a sign', 0x05, uint16(0xfffe), -2],
    ['16 bits', 0x06, uint16(4624), 4624],
    ['32 bits with a sign', 0x07, uint32(0xffff_ffff), -1],
    ['32 bits', 0x08, uint32(0xffff_ffff), 4_294_967_295],
    ['64 bits that JavaScript holds', 0x0a, uint64(9_007_199_254_740_991n), 9_007_199_254_740_991],
    ['64 bits that it does not', 0x0a, uint64(18_446_744_073_709_551_615n), '18446744073709551615'],
    ['64 bits with a sign', 0x09, uint64(18_446_744_073_709_551_615n), -1],
    ['a fraction', 0x0c, Buffer.from(Float64Array.of(0.5).buffer), 0.5],
    ['yes', 0x0d, uint32(1), true],
    ['bytes', 0x0e, Buffer.of(0xca, 0xfe), 'CAFE'],
    ['a GUID', 0x0f, Buffer.from('c3855777c22a43e0bf4c06f5698ffbd9', 'hex'), '{775785c3-2ac2-e043-bf4c-06f5698ffbd9}'],
    ['a pointer', 0x10, uint64(0x7ff0n), '0x7ff0'],
    ['a time to 100 ns', 0x11, FILETIME, '2024-01-17T21:20:00.1234567Z'],
    ['a time in parts', 0x12, Buffer.concat([2026, 11, 1, 30, 12, 5, 9, 7].map(uint16)), '2026-11-30T12:05:09.007Z'],
    ['a SID', 0x13, Buffer.from('010100000000000512000000', 'hex'), 'S-1-5-18'],
    ['hexadecimal', 0x14, uint32(0x1410), '0x1410'],
    ['hexadecimal of 64 bits', 0x15, uint64(0x3e7n), '0x3e7'],
    ['several texts', 0x81, utf16('one\0two\0'), ['one', 'two']],
    ['several numbers', 0x88, Buffer.concat([uint32(1), uint32(2)]), [1, 2]],
    ['nothing', 0x00, Buffer.alloc(0), null],
  ])('reads %s', (_, type, bytes, expected) => {
    expect(dataOf(value(type, bytes))).toEqual({ Value: expected });
  });

  it('keeps values of one name, and those without a name', () => {
    const data = dataOf(value(1, utf16('a'), ''), value(1, utf16('b'), ''), value(1, utf16('c'), '__proto__'));
    expect(data?.Data).toEqual(['a', 'b']);
    expect(Object.getOwnPropertyDescriptor(data, '__proto__')?.value).toBe('c');
  });

  it('goes on behind a damaged record, and counts it', () => {
    const chunk = buildChunk([[value(1, utf16('first'))], [value(1, utf16('second'))], [value(1, utf16('third'))]]);
    const second = chunk.indexOf(utf16('second'));
    const start = chunk.lastIndexOf(Buffer.from('2a2a0000', 'hex'), second);
    chunk.writeUInt32LE(0x4141_4141, start + 4);
    const { records, summary } = read(buildEvtx([chunk]));
    expect(records.map(({ event }) => event.EventData?.Value)).toEqual(['first', 'third']);
    expect(summary).toMatchObject({ damagedChunks: 1, damagedRecords: 1, reasons: ['a record is damaged'] });
  });

  it('goes on behind a lost chunk, finds one that is out of its place, and counts', () => {
    const chunk = (text: string) => buildChunk([[value(1, utf16(text))]]);
    const lost = chunk('lost').fill(0x55, 0, 65_536);
    const file = Buffer.concat([buildEvtx([chunk('first'), lost]), Buffer.alloc(512, 0x55), chunk('last')]);
    const { records, summary } = read(file);
    expect(records.map(({ event }) => event.EventData?.Value)).toEqual(['first', 'last']);
    expect(summary.lostChunks).toBeGreaterThan(0);
  });

  it('reads chunks of a file whose header is gone, and of one that is cut off', () => {
    const file = buildEvtx([buildChunk([[value(1, utf16('a'))]]), buildChunk([[value(1, utf16('b'))]])]);
    expect(read(file.subarray(4096)).records).toHaveLength(2);
    expect(read(file.subarray(4096)).summary.isHeaderDamaged).toBe(true);
    expect(read(file.subarray(0, 4096 + 65_536 + 3000)).records).toHaveLength(2);
    expect(isEvtx(file)).toBe(true);
    expect(isEvtx(Buffer.from('MZ'))).toBe(false);
  });

  it('says when the file was not closed, and reads records behind the end that its chunk tells', () => {
    const chunk = buildChunk([[value(1, utf16('told'))], [value(1, utf16('written later'))]]);
    const end = chunk.lastIndexOf(Buffer.from('2a2a0000', 'hex'));
    chunk.writeUInt32LE(end, 48);
    sealHeader(chunk);
    const { records, summary } = read(buildEvtx([chunk], 1));
    expect(records.map(({ event }) => event.EventData?.Value)).toEqual(['told', 'written later']);
    expect(summary.isDirty).toBe(true);
  });

  it('never throws and always ends, whatever bytes it holds', () => {
    const whole = buildEvtx([buildChunk([[value(1, utf16('x'.repeat(50)))], [value(0x81, utf16('a\0b\0'))]])]);
    const change = fc.record({ at: fc.nat(9000), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of changes) bytes[at] = byte;
        const { records, summary } = read(bytes);
        expect(records.length).toBe(summary.records);
        expect(records.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (tail) => {
        const chunk = buildChunk([[value(1, utf16('x'))]]);
        chunk.set(tail, 512);
        expect(read(buildEvtx([chunk])).summary.chunks).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

const FOLDER = sharedData('sigma/regression_data');

describe.skipIf(FOLDER === undefined)('event logs of SigmaHQ (skipped where shared/data/sigma is absent)', () => {
  it('say what another reader found in them', () => {
    const compared = globSync(`${FOLDER}/**/*.evtx`).map((path) => {
      const expected = JSON.parse(readFileSync(path.replace(/evtx$/, 'json'), 'utf8').split(/\n(?=\{)/)[0] ?? '{}');
      const found = read(readFileSync(path)).records[0]?.event;
      for (const [name, each] of Object.entries(expected.Event?.EventData ?? {})) {
        if (typeof each === 'object') continue;
        expect(plain(found?.EventData?.[name]), `${path} ${name}`).toBe(plain(each));
      }
      return windowsFields(found ?? { System: {} }).Channel;
    });
    expect(compared.length).toBeGreaterThan(100);
    expect(compared).not.toContain(undefined);
  });
});

/** The other reader writes GUIDs without brackets and drops blanks at the end. */
function plain(value: unknown): string {
  return String(value ?? '')
    .replace(/^\{|\}$/g, '')
    .toLowerCase()
    .trim();
}
