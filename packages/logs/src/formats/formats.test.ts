import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readOtlpLogs } from '../otlp/otlp.ts';
import { addressKey, networkKeys } from './address-key.ts';
import { checkCases } from './check-cases.ts';
import { FormatSet } from './format-set.ts';
import { LogFormat } from './log-format.ts';

const FOLDER = fileURLToPath(new URL('../../../../knowledge/log-formats/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const FORMATS = FILES.map((name) => LogFormat.parse(parse(readFileSync(FOLDER + name, 'utf8'))));
const ARRIVED = Date.UTC(2026, 11, 1);
const set = new FormatSet(FORMATS, { zoneMinutes: 0 });
const read = (raw: string, more = {}) =>
  set.read({ raw, arrivedMs: ARRIVED, source: 'test', senderIp: '10.0.0.9', ...more });

describe('Every format that SPHINX comes with', () => {
  it.each(FORMATS.map((format) => [format.id, format] as const))('%s gives what its cases say', (_, format) => {
    expect(checkCases(format, FORMATS)).toEqual([]);
  });

  it('lies in a file of its name, and says where its facts are from', () => {
    expect(FORMATS.map(({ id }) => `${id}.yaml`)).toEqual(FILES);
    expect(FORMATS.filter(({ references }) => references.length === 0)).toEqual([]);
  });

  it('fills no column with what is of another kind', () => {
    for (const format of FORMATS)
      for (const { line } of format.cases) {
        const { columns, fields } = read(line);
        expect(typeof JSON.stringify(fields)).toBe('string');
        if (columns.src_ip !== '') expect(addressKey(columns.src_ip)).toBe(columns.src_ip_key);
        expect(['informational', 'low', 'medium', 'high', 'critical']).toContain(columns.severity);
      }
  });
});

describe('A line', () => {
  it('that no format fits is kept as it came', () => {
    expect(read('≈ nobody knows ≈')).toMatchObject({
      timeMs: ARRIVED,
      columns: { format: '', kind: 'unparsed', is_parsed: false, message: '≈ nobody knows ≈', device_ip: '10.0.0.9' },
    });
  });

  it('is of the format that its source is known to write, where it fits', () => {
    const line = 'level=info msg=hello type=x logid=1 devname=y';
    expect(read(line).columns.format).toBe('fortinet-fortigate');
    expect(read(line, { format: 'key-value' }).columns.format).toBe('key-value');
    expect(read('not of that form', { format: 'key-value' }).columns.is_parsed).toBe(false);
  });

  it('of OpenTelemetry that carries a line of another log is read as that', () => {
    const request = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'host.name', value: { stringValue: 'gw1' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: '1790000000123456789',
                  severityNumber: 9,
                  body: {
                    stringValue: 'Nov 30 08:15:02 gw1 sshd[1]: Failed password for root from 203.0.113.7 port 1 ssh2',
                  },
                },
                { timeUnixNano: '1790000000123456789', body: { stringValue: 'plain' } },
              ],
            },
          ],
        },
      ],
    };
    const [first, second] = readOtlpLogs(request).map(({ fields, timeMs }) =>
      read(JSON.stringify(fields), { fields, timeMs }),
    );
    expect(first).toMatchObject({ columns: { format: 'openssh', actor_user: 'root', src_ip: '203.0.113.7' } });
    expect(second).toMatchObject({ columns: { format: 'opentelemetry', message: 'plain' }, timeMs: 1_790_000_000_123 });
  });

  it('may say anything: nothing is thrown and it is kept', () => {
    const cases = FORMATS.flatMap((format) => format.cases.map(({ line }) => line));
    const mutated = fc
      .tuple(fc.constantFrom(...cases), fc.nat(), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([line, at, length, text]) => {
        const place = at % (line.length + 1);
        return line.slice(0, place) + text + line.slice(place + length);
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: 'binary' }), fc.json()), (line) => {
        const { timeMs, columns } = read(line);
        expect(Number.isFinite(timeMs)).toBe(true);
        expect(columns.message.length).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('Networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['192.0.2.128/25', '192.0.2.128', '192.0.2.127'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::'],
    ['::ffff:10.0.0.0/104', '10.1.2.3', '11.0.0.1'],
    ['0.0.0.0/0', '255.255.255.255', '2001:db8::1'],
  ])('%s holds %s and not %s', (network, inside, outside) => {
    const keys = networkKeys(network);
    const holds = (ip: string) => keys !== undefined && keys.first <= addressKey(ip) && addressKey(ip) <= keys.last;
    expect([holds(inside), holds(outside)]).toEqual([true, false]);
  });

  it('are not what is none', () => {
    for (const text of ['10.0.0.0/33', '10.0.0/8', 'x/8', '::/129', '10.0.0.0'])
      expect(networkKeys(text)).toBeUndefined();
  });
});
