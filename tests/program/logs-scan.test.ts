import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../apps/sphinx/src/terminal/output.ts';
import { buildChunk, buildEvtx, utf16 } from '../../packages/logs/src/evtx/test-evtx.ts';
import { runSphinx } from './start-program.ts';

const RULE = `title: Shadow copies deleted
id: 11111111-0000-4000-8000-000000000001
logsource: { product: windows, service: security }
detection:
  s: { CommandLine|contains|all: [vssadmin, delete] }
  condition: s
level: high
tags: [attack.impact, attack.t1490]
`;
const LINUX_RULE = `title: Password of the database in the log
id: 11111111-0000-4000-8000-000000000002
logsource: { product: linux, service: auditd }
detection: { k: [PGPASSWORD], condition: k }
level: low
`;
const AUDIT_MESSAGE = `<AuditMessage><EventIdentification EventActionCode="E" EventDateTime="2026-11-30T02:11:00Z" EventOutcomeIndicator="0">
<EventID csd-code="110113"/><EventTypeCode csd-code="110133"/></EventIdentification><ActiveParticipant UserID="root"/>
<AuditSourceIdentification AuditSourceID="pacs"/><ParticipantObjectIdentification ParticipantObjectID="1">
<ParticipantObjectName>Doe^Jane</ParticipantObjectName></ParticipantObjectIdentification></AuditMessage>`;
const COMMAND = 'vssadmin.exe delete shadows /all';

describe('sphinx logs scan', () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const scan = (...args: string[]) => runSphinx(['logs', 'scan', ...args, '--rules', path('rules.yml')]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-logs-'));
    const event = [{ name: 'CommandLine', type: 1, bytes: utf16(COMMAND) }];
    const log = buildEvtx([buildChunk([event, event], 'Security')]);
    const xml = `<Event><System><EventID>1</EventID><Channel>Security</Channel></System><EventData><Data Name="CommandLine">${COMMAND}</Data></EventData></Event>`;
    const json = JSON.stringify({ EventID: 1, Channel: 'Security', Hostname: 'pacs', CommandLine: COMMAND });
    await writeFile(path('rules.yml'), `${RULE}---\n${LINUX_RULE}---\ntitle: Broken\n`);
    await writeFile(path('security.evtx'), log);
    await writeFile(path('packed.evtx.gz'), gzipSync(log));
    await writeFile(path('damaged.evtx'), Buffer.from(log).fill(0x55, 4096 + 516, 4096 + 530));
    await writeFile(path('security.xml'), Buffer.from(`\uFEFF${xml}`, 'utf16le'));
    await writeFile(path('lines.ndjson'), `${json}\n${json}\n`);
    await writeFile(path('quiet.json'), JSON.stringify([{ EventID: 2, Channel: 'Security' }], null, 2));
    await writeFile(path('atna.log'), `<110>1 2026-11-30T02:11:00Z pacs atna - - - ${AUDIT_MESSAGE}\n`);
    await writeFile(path('audit.json'), '{"msg":"PGPASSWORD=x psql"}\n{"msg":"ls"}\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['security.evtx', 'packed.evtx.gz', 'security.xml', 'lines.ndjson'])('finds what %s holds', async (name) => {
    const { code, output } = await scan(path(name));
    expect(code).toBe(EXIT.negative);
    expect(output).toContain('Shadow copies deleted');
    expect(output).toContain('T1490');
    expect(output).toContain('1 rejected');
  });

  it('speaks JSON, with the records, and why a rule was rejected', async () => {
    const { output } = await scan(path('security.evtx'), '--json');
    expect(JSON.parse(output)).toMatchObject({
      rules: { loaded: 2, rejected: [{ title: 'Broken', reason: 'it has no detection, correlation or filter' }] },
      files: [{ events: 2, problems: [] }],
      detections: [{ rule: { level: 'high' }, count: 2, records: [{ number: 1 }, { number: 2 }] }],
    });
  });

  it('ends with 0 where nothing matches, also below the level that is asked for', async () => {
    expect((await scan(path('quiet.json'))).code).toBe(EXIT.ok);
    expect((await scan(path('security.evtx'), '--level', 'critical')).code).toBe(EXIT.ok);
  });

  it('takes JSON of other logs when it is told what it is from', async () => {
    const { code, output } = await scan(path('audit.json'), '--logsource', 'product:linux,service:auditd');
    expect(code).toBe(EXIT.negative);
    expect(output).toContain('Password of the database');
    expect((await scan(path('audit.json'))).code).toBe(EXIT.ok);
  });

  it('looks at audit messages with its own rules for hospitals, where no others are named', async () => {
    const { code, output } = await runSphinx(['logs', 'scan', path('atna.log')]);
    expect(code).toBe(EXIT.negative);
    expect(output).toContain('Recording of the Audit Trail Stopped');
    expect(output).not.toContain('Doe');
  });

  it('says what it could not read of a damaged file', async () => {
    const { code, output } = await scan(path('damaged.evtx'));
    expect(code).toBe(EXIT.failure);
    expect(output).toContain('damaged');
  });

  it('says what is wrong with its arguments', async () => {
    const missing = await scan(path('nothing.evtx'));
    expect([missing.code, missing.errors]).toEqual([EXIT.notFound, expect.stringContaining('Is the name right?')]);
    const logsource = await scan(path('audit.json'), '--logsource', 'linux');
    expect([logsource.code, logsource.errors]).toEqual([EXIT.usage, expect.stringContaining('product:linux')]);
    expect((await runSphinx(['logs', 'scan'])).code).toBe(EXIT.usage);
  });
});
