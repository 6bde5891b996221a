import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FormatSet, LogFormat } from '@sphinx/logs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { joinMediaFiles, MediaRuleFile } from './media-rule.ts';
import { type MediaSighting, MediaWatch } from './media-watch.ts';
import { readWindowsDevice } from './windows-device.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge/', import.meta.url));
const read = (folder: string) =>
  readdirSync(KNOWLEDGE + folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name): unknown => parse(readFileSync(`${KNOWLEDGE}${folder}/${name}`, 'utf8')));
const FORMATS = read('log-formats').map((file) => LogFormat.parse(file));
const FILES = read('removable-media').map((file) => MediaRuleFile.parse(file));
const MEDIA = joinMediaFiles(FILES);
const ARRIVED = Date.UTC(2026, 11, 1);

/** @returns what each of the lines tells */
function see(lines: readonly string[]): readonly (MediaSighting | undefined)[] {
  const formats = new FormatSet(FORMATS, { zoneMinutes: 0 });
  const watch = new MediaWatch(MEDIA);
  return lines.map((raw) => watch.see(formats.read({ raw, arrivedMs: ARRIVED, source: 'test', senderIp: '10.0.0.9' })));
}

const CASES = MEDIA.rules.flatMap(({ id, cases }) =>
  cases.map((each, index) => [`${id} ${index + 1}`, id, each] as const),
);

describe('what logs tell of removable media', () => {
  it.each(CASES)('%s tells what its case says', (_, id, { lines, expect: told }) => {
    const last = see(lines).at(-1);
    if (told === null) {
      expect(last).toBeUndefined();
      return;
    }
    expect({ rule: last?.rule, ...last, ...last?.medium }).toMatchObject({ rule: id, ...told });
  });

  it('is told by rules with ids of their own, from formats that there are', () => {
    const ids = MEDIA.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(FORMATS.map(({ id }) => id));
    expect(MEDIA.rules.flatMap(({ formats }) => formats).filter((format) => !known.has(format))).toEqual([]);
  });

  it('holds no name of a file and no label of a medium', () => {
    const told = CASES.flatMap(([, , { lines }]) => see(lines)).filter((each) => each !== undefined);
    expect(told.length).toBeGreaterThan(30);
    expect(JSON.stringify(told)).not.toMatch(/muster|erika|befunde|P-1/i);
  });

  it('may be anything: nothing is thrown', () => {
    const lines = CASES.flatMap(([, , each]) => each.lines);
    const mutated = fc
      .tuple(fc.constantFrom(...lines), fc.nat(), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([line, at, length, text]) => {
        const place = at % (line.length + 1);
        return line.slice(0, place) + text + line.slice(place + length);
      });
    const formats = new FormatSet(FORMATS, { zoneMinutes: 0 });
    const watch = new MediaWatch(MEDIA);
    fc.assert(
      fc.property(mutated, (raw) => {
        const told = watch.see(formats.read({ raw, arrivedMs: ARRIVED, source: 'test', senderIp: '' }));
        if (told === undefined) return;
        expect(told.host).not.toBe('');
        expect(told.medium.serial.length).toBeLessThanOrEqual(100);
        expect(told.bytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a medium', () => {
  const STICK = '"DeviceId":"USBSTOR\\\\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\\\\4C530001&0","ClassName":"DiskDrive"';
  const at = (minute: number) => `"TimeCreated":"2026-11-30T08:${String(minute).padStart(2, '0')}:00Z"`;
  const attached = (minute: number, stick = STICK) =>
    `{"EventID":6416,"Channel":"Security","Computer":"ws7",${at(minute)},${stick}}`;
  const written = (minute: number) =>
    `{"EventID":4663,"Channel":"Security","Task":12812,"Computer":"ws7",${at(minute)},"SubjectUserName":"k.wolf","ObjectName":"\\\\Device\\\\HarddiskVolume7\\\\a.dcm","AccessMask":"0x2"}`;

  it('is told once however many events tell of it, and again when it is put in again', () => {
    const again = see([attached(1), attached(2), attached(30)]);
    expect(again.map((each) => each?.action)).toEqual(['attached', undefined, 'attached']);
  });

  it('is the one that a file lies on only where there is no other', () => {
    const other = STICK.replace('4C530001', 'E0D55EA5');
    const [, one, , two] = see([attached(1), written(2), attached(3, other), written(4)]);
    expect([one?.medium.serial, two?.medium.serial]).toEqual(['4C530001', '']);
  });

  it('that another host has is no medium of this one', () => {
    const [, found] = see([attached(1).replace('ws7', 'ws8'), written(2)]);
    expect(found?.medium).toEqual({ kind: 'other', maker: '', product: '', serial: '' });
  });
});

describe('the name of a device in Windows', () => {
  it.each([
    ['USBSTOR\\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\\4C53&0', 'usb-storage', 'SanDisk', 'Ultra', '4C53'],
    ['USBSTOR\\Disk&Ven_&Prod_&Rev_0.00\\6&38f8e9d&0', 'usb-storage', '', '', ''],
    ['SCSI\\\\Disk&Ven\\_Seagate&Prod\\_Expansion\\\\000000', 'usb-storage', 'Seagate', 'Expansion', '000000'],
    ['USB\\VID_0781&PID_5581\\4C530001', undefined, 'USB 0781', '5581', '4C530001'],
    ['HID\\VID_046D&PID_C31C\\7&1', undefined, '', '', ''],
  ])('%s', (id, kind, maker, product, serial) => {
    expect(readWindowsDevice(id)).toEqual({ kind, maker, product, serial });
  });
});
