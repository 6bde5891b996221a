import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkCases } from '../formats/check-cases.ts';
import { FormatSet } from '../formats/format-set.ts';
import { LogFormat } from '../formats/log-format.ts';
import { cutLine } from './pieces.ts';
import { type FieldChange, proposeFormat } from './propose-format.ts';

const FOLDER = fileURLToPath(new URL('../../../../knowledge/log-formats/', import.meta.url));
const FORMATS = readdirSync(FOLDER).map((name) => LogFormat.parse(parse(readFileSync(FOLDER + name, 'utf8'))));
/** Enough beside a proposal where it does not matter what else there is. */
const FEW = FORMATS.filter(({ id }) => ['syslog', 'json-lines', 'key-value', 'cef'].includes(id));

const propose = (lines: readonly string[], changes: readonly FieldChange[] = [], formats = FORMATS) => {
  const proposal = proposeFormat(lines.join('\n'), { id: 'own', title: 'Own', changes, formats });
  if (proposal === undefined) throw new Error('There is no proposal.');
  return proposal;
};
const patternsOf = ({ format }: { format: LogFormat }) => format.lines.map(({ pattern }) => pattern);

describe('A format that is proposed for lines of text', () => {
  const LINES = [
    '2026-11-30 08:15:02,123 INFO  [main] org.acme.Gateway - Started in 3.2 seconds',
    '2026-11-30 08:15:03,001 WARN  [worker-3] org.acme.Listener - Connection from 10.1.2.3:50123 refused',
    '2026-11-30 08:15:04,001 WARN  [worker-4] org.acme.Listener - Connection from 10.1.2.9:50124 refused',
    '2026-11-30 08:15:05,777 ERROR [main] org.acme.Store - Disk is full',
  ];

  it('has what all lines begin with, what statements say, and the rest of any other', () => {
    const head = '%{ISODATE:time} %{WORD:level} [%{NOTSPACE:context}] %{NOTSPACE:logger} - ';
    expect(patternsOf(propose(LINES))).toEqual([
      `${head}Connection from %{IP:src_ip}:%{INT:src_port} refused`,
      `${head}Started in %{NUMBER:seconds} seconds`,
      `${head}%{REST:message}`,
    ]);
  });

  it('reads lines that it was not made from', () => {
    const set = new FormatSet([...FORMATS, propose(LINES).format], { zoneMinutes: 0 });
    const read = (raw: string) => set.read({ raw, arrivedMs: Date.UTC(2026, 11, 1), source: 'x', senderIp: '' });
    expect(
      read('2026-11-30 09:00:00,001 ERROR [w-77] org.acme.Other - Connection from 10.9.9.9:1 refused'),
    ).toMatchObject({
      timeMs: Date.UTC(2026, 10, 30, 9, 0, 0, 1),
      columns: { format: 'own', severity: 'high', src_ip: '10.9.9.9', src_port: 1, service: 'org.acme.Other' },
    });
    expect(read('2026-11-30 09:00:00,001 INFO [x] org.acme.Other - Quite another thing').columns).toMatchObject({
      format: 'own',
      message: 'Quite another thing',
    });
  });

  it('takes the header of syslog as such, and is of its program', () => {
    const { format, header, lines } = propose([
      '<30>Nov 30 08:15:02 gw1 pumpd[99]: alarm 17 raised on bed 4 by user k.wolf',
      '<30>Nov 30 08:16:02 gw1 pumpd[99]: alarm 18 raised on bed 12 by user m.maier',
      '<30>Nov 30 08:17:02 gw1 pumpd[99]: link from 10.1.2.3 port 50000 to 10.9.9.9 port 80, 00:11:22:aa:bb:cc',
    ]);
    expect(header).toBe('rfc3164');
    expect(format.when.program).toEqual(['pumpd']);
    expect(format.lines.map(({ pattern }) => pattern)).toEqual([
      'alarm %{INT:alarm} raised on bed %{INT:bed} by user %{NOTSPACE:user}',
      'link from %{IP:src_ip} port %{INT:src_port} to %{IP:dst_ip} port %{INT:dst_port}, %{MAC:mac}',
    ]);
    expect(lines[0]).toMatchObject({ isRead: true, knownFormat: 'syslog', columns: { actor_user: 'k.wolf' } });
  });

  it('says where the values of a line stand', () => {
    const [line] = propose(['PUMP 7 rate=1.5 by "K. Wolf"']).lines;
    expect(line?.values.map(({ name, start, end }) => [name, line.line.slice(start, end)])).toEqual([
      ['pump', '7'],
      ['rate', '1.5'],
      ['user', 'K. Wolf'],
    ]);
  });

  it('has fields by other names, other columns, or not at all, as is wanted', () => {
    const { format, fields } = propose(
      ['PUMP 7 rate=1.5', 'PUMP 9 rate=22'],
      [
        { name: 'pump', rename: 'device', column: 'object' },
        { name: 'rate', isDropped: true },
      ],
    );
    expect(format.lines[0]?.pattern).toBe('PUMP %{INT:device} rate=%{NUMBER}');
    expect(format.columns).toEqual({ object: ['device'] });
    expect(format.cases[0]?.expect).toEqual({ object: '7' });
    expect(fields.map(({ name, fieldName }) => [name, fieldName])).toEqual([
      ['pump', 'device'],
      ['rate', ''],
    ]);
  });
});

describe('The structure that lines have of themselves', () => {
  it.each([
    ['json', ['{"ts":"2026-11-30T08:15:02Z","app":"lab","usr":"k.wolf","peer":"10.1.2.3"}'], ['usr', 'peer']],
    ['key-value', ['ts=2026-11-30T08:15:02Z usr="k. wolf" peer=10.1.2.3 lvl=warn'], ['usr', 'peer']],
    ['cef', ['CEF:0|Acme|Guard|1|7|Gone|7|src=10.1.2.3 suser=k.wolf rt=1790000000123'], ['suser', 'src']],
    ['leef', ['LEEF:1.0|Acme|Guard|1|7|src=10.1.2.3\tusrName=k.wolf'], ['usrName', 'src']],
    [
      'delimited',
      ['time,user,what,client', '2026-11-30T08:15:02Z,k.wolf,a,10.1.2.3', '2026-11-30T08:15:03Z,x,b,10.1.2.4'],
      ['user', 'client'],
    ],
    [
      'delimited',
      ['30.11.2026 08:15:02;k.wolf;Anmeldung;10.1.2.3;OK', '30.11.2026 08:15:09;admin;Abmeldung;10.1.2.3;Fehler'],
      ['user', 'src_ip'],
    ],
  ] as const)('is found: %s', (read, lines, [user, address]) => {
    const { format, lines: shown } = propose(lines);
    expect(format.read).toBe(read);
    expect(format.columns.actor_user).toContain(user);
    expect(format.columns.src_ip).toContain(address);
    expect(shown.every(({ isRead }) => isRead)).toBe(true);
    expect(checkCases(format, FORMATS)).toEqual([]);
  });

  it('has conditions that keep it from lines of others', () => {
    const { format, takesFrom } = propose(['{"app":"lab","who":"k.wolf"}', '{"app":"lab","who":"x"}']);
    expect(format.when.fields).toEqual({ app: ['lab'], who: ['*'] });
    expect(takesFrom).toEqual([]);
  });
});

describe('What may name a patient', () => {
  it('is known by its name, and written over in the cases', () => {
    const { format } = propose(['view patient_id=4711 by user k.wolf', 'view patient_id=Meier-12 by user x']);
    expect(format.patient).toEqual(['patient_id']);
    expect(format.cases.map(({ line }) => line)).toEqual([
      'view patient_id=0000 by user k.wolf',
      'view patient_id=xxxxx-00 by user x',
    ]);
  });

  it('is never text of a pattern behind the word patient', () => {
    const { definition, format, lines } = propose([
      '2026-11-30 08:15:02 Patient Meier, Hans admitted to ward 7',
      '2026-11-30 08:16:02 Patient Anna Maria Berg admitted to ward 9',
    ]);
    expect(format.lines.map(({ pattern }) => pattern)[0]).toBe(
      '%{ISODATE:time} Patient %{TEXT:patient} admitted to ward %{INT:ward}',
    );
    expect(lines.map(({ isRead }) => isRead)).toEqual([true, true]);
    expect(JSON.stringify(definition)).not.toMatch(/Meier|Hans|Anna|Berg/);
  });
});

describe('Values', () => {
  it.each([
    ['time', '2026-11-30T08:15:02.123Z'],
    ['time', '30/Nov/2026:08:15:02 +0100'],
    ['time', '30.11.2026 08:15:02'],
    ['time', '11/30/2026 8:15:02 PM'],
    ['time', '20261130081502'],
    ['time', 'Mon Nov 30 08:15:02 2026'],
    ['time', '1796026502.123'],
    ['ip', '2001:db8::1'],
    ['mac', '00:11:22:aa:bb:cc'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000'],
    ['url', 'https://pacs.example/a?b=c'],
    ['mail', 'k.wolf@hospital.example'],
    ['path', '/var/log/x.log'],
    ['quoted', '"a b"'],
  ])('of the kind %s are recognised: %s', (kind, text) => {
    expect(cutLine(`x ${text} y`).map((piece) => piece.kind)).toEqual(['word', 'blank', kind, 'blank', 'word']);
  });

  it('together are the line, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (line) => {
        expect(
          cutLine(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
      { numRuns: 500 },
    );
  });
});

describe('Any lines', () => {
  const known = FORMATS.flatMap(({ cases }) => cases.map(({ line }) => line)).filter((line) => !line.includes('\n'));
  const part = fc.constantFrom(
    ...['10.1.2.3', 'user', 'k.wolf', '[', ']', '(', ')', '|', '%{', '"', "'", '=', ':', ' ', '\t', '\\', '12', 'ms'],
    ...['2026-11-30 08:15:02', 'ERROR', ',', ';', '-', 'http://x/y', '/a/b', 'x', '::', '.', '{"a":1}', 'CEF:0|'],
  );
  const line = fc.oneof(
    fc.constantFrom(...known),
    fc.array(part, { maxLength: 25 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.json(),
  );

  it('are read by what is proposed for them, or told as not read', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const proposal = proposeFormat(lines.join('\n'), { id: 'own', title: 'Own', formats: FEW });
        if (proposal === undefined) return;
        expect(LogFormat.safeParse(proposal.definition).success).toBe(true);
        expect(checkCases(proposal.format, FEW)).toEqual([]);
        const set = new FormatSet([...FEW, proposal.format]);
        for (const { line: raw, isRead } of proposal.lines) {
          const { columns } = set.read({ raw, arrivedMs: 0, source: 'sample', senderIp: '' });
          expect(columns.format === 'own').toBe(isRead);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of one statement are all read', () => {
    const word = fc.constantFrom('alarm', 'bed', 'user', 'lost', 'k.wolf', 'from', '10.1.2.3', '[x1]', '"a b"', '(7)');
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 2, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 2 }),
        (words, ids) => {
          const lines = ids.slice(0, 5).map((id) => `2026-11-30 08:15:02 ERROR ${words.join(' ')} id=${id}`);
          const { lines: shown } = propose(lines, [], FEW);
          expect(shown.filter(({ isRead }) => !isRead)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
