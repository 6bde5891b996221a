import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { TrustedKey } from '@sphinx/platform/signing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkArchive } from './index.ts';
import { freePort, House } from './test-house.ts';

const run = promisify(execFile);
const ports = { udp: 0, tcp: 0, tls: 0, gelf: 0 };
let house: House;

beforeAll(async () => {
  for (const name of ['udp', 'tcp', 'tls', 'gelf'] as const) ports[name] = await freePort();
  house = await House.open({
    syslogUdpPort: ports.udp,
    syslogTcpPort: ports.tcp,
    syslogTlsPort: ports.tls,
    gelfUdpPort: ports.gelf,
    kilobytesPerEvent: 8,
  });
});
afterAll(() => house.close());

const log = (...parameters: string[]) => run('logger', ['-n', '127.0.0.1', ...parameters]);

/** @param socket at which it hears what is logged */
async function rsyslogConfiguration(socket: string): Promise<string> {
  const authority = join(house.folder, 'rsyslog-authority.pem');
  await writeFile(authority, await (await house.ask<Response>('getLogAuthority')).text());
  const send = (port: number, rest: string) => `action(type="omfwd" target="localhost" port="${port}" ${rest})`;
  const old = 'template="RSYSLOG_TraditionalForwardFormat"';
  const counted = 'protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"';
  const tls =
    'StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="localhost"';
  return [
    `global(workDirectory="${house.folder}" DefaultNetstreamDriverCAFile="${authority}")`,
    'module(load="imuxsock" SysSock.Use="off")',
    `input(type="imuxsock" Socket="${socket}")`,
    send(ports.udp, `protocol="udp" ${old}`),
    send(ports.tcp, `protocol="tcp" ${old}`),
    send(ports.tcp, counted),
    send(ports.tls, `${counted} ${tls}`),
    '',
  ].join('\n');
}

describe('Log collection hears', () => {
  it('logger(1) over UDP and TCP, in both forms of syslog', async () => {
    await log('-P', String(ports.udp), '-d', '--rfc3164', '-t', 'ward', '-p', 'auth.warning', 'sent by UDP one');
    await log('-P', String(ports.udp), '-d', '--rfc5424', '-t', 'ward', 'sent by UDP two');
    await log('-P', String(ports.tcp), '-T', '--octet-count', '-t', 'ward', 'sent by TCP one');
    await log('-P', String(ports.tcp), '-T', '-t', 'ward', 'sent by TCP two');
    const found = await house.until('"sent by"', 4);
    expect(found.map(({ message }) => message).toSorted()).toEqual([
      'sent by TCP one',
      'sent by TCP two',
      'sent by UDP one',
      'sent by UDP two',
    ]);
    expect(found.every(({ service, device_ip }) => service === 'ward' && device_ip === '127.0.0.1')).toBe(true);
    expect(await house.search('"UDP one" severity:medium source_id:syslog-udp/127.0.0.1')).toHaveLength(1);
  });

  it('senders over TLS that trust its authority', async () => {
    const response = await house.ask<Response>('getLogAuthority');
    const file = join(house.folder, 'authority.pem');
    await writeFile(file, await response.text());
    const message = '<34>1 2026-11-30T08:15:02Z pacs1 sshd 1 - - Failed password for root from 203.0.113.7 port 4 ssh2';
    await new Promise<void>((resolve, reject) => {
      const client = spawn('openssl', [
        ...['s_client', '-connect', `127.0.0.1:${ports.tls}`, '-CAfile', file, '-verify_return_error'],
        ...['-verify_hostname', 'localhost', '-quiet', '-no_ign_eof'],
      ]);
      client.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`openssl ended with ${code}`))));
      client.stdin.end(`${message.length} ${message}`);
    });
    const [found] = await house.until('format:openssh AND source_id:syslog-tls*', 1);
    expect(found).toMatchObject({ actor_user: 'root', src_ip: '203.0.113.7', status: 'failure', device_host: 'pacs1' });
  });

  it('rsyslog over UDP, TCP and TLS, in both forms of syslog and both framings', async () => {
    const socket = join(house.folder, 'rsyslog.sock');
    const file = join(house.folder, 'rsyslog.conf');
    await writeFile(file, await rsyslogConfiguration(socket));
    const parameters = ['-n', '-f', file, '-i', join(house.folder, 'rsyslog.pid')];
    const rsyslog = spawn('/usr/sbin/rsyslogd', parameters, { stdio: 'ignore' });
    try {
      const line = 'Failed password for guest from 203.0.113.9 port 51022 ssh2';
      const handOver = () => run('logger', ['-u', socket, '-t', 'sshd', '-p', 'auth.info', '--id=4711', line]);
      await vi.waitFor(handOver, { timeout: 20_000 });
      const found = await house.until('format:openssh user:guest', 4);
      const ways = ['syslog-tcp', 'syslog-tcp', 'syslog-tls', 'syslog-udp'];
      expect(found.map(({ source_id }) => source_id).toSorted()).toEqual(ways.map((way) => `${way}/127.0.0.1`));
      const expected = { src_ip: '203.0.113.9', status: 'failure', service: 'sshd' };
      expect(found).toMatchObject(found.map(() => expected));
    } finally {
      rsyslog.kill();
      await once(rsyslog, 'exit');
    }
  });

  it('nobody over TLS with an old version of it', async () => {
    const refused = new Promise((resolve) => {
      const socket = connectTls({
        port: ports.tls,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
      });
      socket.on('error', () => resolve(true)).on('secureConnect', () => resolve(false));
    });
    expect(await refused).toBe(true);
  });

  it('GELF in chunks and packed', async () => {
    const message = gzipSync('{"version":"1.1","host":"ris","short_message":"in chunks","level":3,"_user":"k.wolf"}');
    const socket = createSocket('udp4');
    const half = Math.ceil(message.length / 2);
    for (const number of [1, 0]) {
      const head = Buffer.from([0x1e, 0x0f, 9, 9, 9, 9, 9, 9, 9, 9, number, 2]);
      const part = message.subarray(number * half, (number + 1) * half);
      await new Promise((sent) => socket.send(Buffer.concat([head, part]), ports.gelf, '127.0.0.1', sent));
    }
    socket.close();
    expect((await house.until('"in chunks"', 1))[0]).toMatchObject({
      format: 'gelf',
      actor_user: 'k.wolf',
      severity: 'high',
    });
  });

  it('what a sender said before its connection broke, and cuts and counts what is too long', async () => {
    const socket = createConnection(ports.tcp, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(`<13>Nov 30 08:15:02 h long: ${'x'.repeat(20_000)}\n<13>Nov 30 08:15:02 h broke: without an end`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroySoon();
    await house.until('service:broke AND "without an end"', 1);
    const [long] = await house.search('service:long');
    expect(long?.raw).toHaveLength(8 * 1024);
    const { items } = await house.ask<{ items: { id: string; truncated: number }[] }>('listLogSources');
    expect(items.find(({ id }) => id === 'syslog-tcp/127.0.0.1')).toMatchObject({ truncated: 1 });
  });
});

describe('Logs over HTTP', () => {
  const send = (raw: BodyInit, query: object = {}, headers: HeadersInit = {}) =>
    house.ask<{ accepted: number }>('takeLogs', { raw, query, headers });

  it('are lines, JSON lines, a list or one object, also packed, and can be found when they are answered', async () => {
    expect(await send('plain nonsense one\r\n\nplain nonsense two\n')).toEqual({ accepted: 2 });
    expect(await send('{"msg":"json line one","user":"a"}\n{"msg":"json line two"}')).toEqual({ accepted: 2 });
    expect(await send('[{"msg":"of a list"},{"msg":"of a list"}]')).toEqual({ accepted: 2 });
    expect(await send('{\n "msg": "one object"\n}')).toEqual({ accepted: 1 });
    expect(await send(gzipSync('packed line'), { source: 'pump' }, { 'content-encoding': 'gzip' })).toEqual({
      accepted: 1,
    });
    expect(await house.search('"plain nonsense" is_parsed:false kind:unparsed')).toHaveLength(2);
    expect(await house.search('message:"json line one" user:a format:json-lines')).toHaveLength(1);
    expect(await house.search('"of a list" OR message:"one object"')).toHaveLength(3);
    expect(await house.search('source:http/pump')).toHaveLength(1);
  });

  it('that are no gzip are refused', async () => {
    await expect(send('x', {}, { 'content-encoding': 'gzip' })).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
    await expect(house.ask('takeOpenTelemetryLogs', { raw: '{}' })).rejects.toMatchObject({
      code: 'SPX_INVALID_INPUT',
    });
  });

  it('of OpenTelemetry keep attributes of their resource', async () => {
    const record = { timeUnixNano: '1790000000000000000', severityNumber: 17, body: { stringValue: 'otel says' } };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'portal' } }] };
    await house.ask('takeOpenTelemetryLogs', {
      raw: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
    });
    expect((await house.search('message:"otel says"'))[0]).toMatchObject({
      service: 'portal',
      severity: 'high',
      time: 1_790_000_000_000,
    });
  });
});

describe('What was taken in', () => {
  it('is paged without gaps or repeats, also where many are of one time', async () => {
    const lines = Array.from(
      { length: 25 },
      (_, n) => `{"msg":"page ${n}","page":"yes","time":"2026-01-01T00:00:0${n % 2}Z"}`,
    );
    await house.ask('takeLogs', { raw: lines.join('\n') });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = { query: 'page:yes', limit: '4', ...(cursor === '' ? {} : { cursor }) };
      const page: { items: { message: string }[]; nextCursor: string | null } = await house.ask('searchLogs', {
        query,
      });
      seen.push(...page.items.map(({ message }) => message));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(lines.map((line) => JSON.parse(line).msg).toSorted());
  });

  it('is counted over time and by value', async () => {
    const from = Date.parse('2026-01-01T00:00:00Z');
    const histogram = await house.ask<{ total: number; buckets: unknown[] }>('getLogHistogram', {
      query: { query: 'page:yes', from, until: from + 10_000 },
    });
    expect(histogram).toMatchObject({
      total: 25,
      buckets: [{ counts: { informational: 13 } }, { counts: { informational: 12 } }],
    });
    const values = await house.ask('getLogValues', { query: { query: 'page:yes', column: 'format' } });
    expect(values).toEqual({ values: [{ value: 'json-lines', count: 25 }] });
    await expect(house.ask('getLogValues', { query: { column: 'raw' } })).rejects.toMatchObject({
      code: 'SPX_INVALID_INPUT',
    });
  });

  it('is exported as CSV that no spreadsheet runs', async () => {
    await house.ask('takeLogs', { raw: '{"msg":"=1+1,\\"quoted\\"","export":"yes"}' });
    const response = await house.ask<Response>('exportLogs', { query: { query: 'export:yes', format: 'csv' } });
    const [head = '', line = ''] = (await response.text()).split('\n');
    expect(head.startsWith('time,severity,')).toBe(true);
    expect(line).toContain(`"'=1+1,""quoted"""`);
  });

  it('is shown without what names a patient, and whole to who says why', async () => {
    const csv =
      'time,user,role,action,patient,department,src_ip,result\n2026-11-30T08:15:02Z,k.wolf,nurse,view,Ada-4711,ICU,10.1.2.3,ok';
    await house.ask('takeLogs', { raw: csv, query: { source: 'ehr' } });
    await house.ask('takeLogs', {
      raw: '<13>Nov 30 08:15:02 h app: patient_id=99881 opened\n<13>Nov 30 08:15:02 h app: MSH|^~\\&|A PID|1||4711||Doe^Ada ',
    });
    const [event] = await house.search('format:ehr-access activity:view');
    expect(event).toMatchObject({ actor_user: 'k.wolf', fields: { patient: '•••' } });
    expect(JSON.stringify(event)).not.toContain('Ada-4711');
    expect(JSON.stringify(await house.search('service:app'))).not.toMatch(/99881|Ada/);
    const whole = await house.ask('revealLog', {
      params: { id: event?.log_id ?? '' },
      body: { reason: 'complaint of the patient' },
    });
    expect(whole).toMatchObject({ fields: { patient: 'Ada-4711' } });
    expect(JSON.stringify(whole)).toContain('2026-11-30T08:15:02Z,k.wolf,nurse,view,Ada-4711');
  });

  it('is shown as it comes in, to who asks for it', async () => {
    const response = await house.ask<Response>('tailLogs', { query: { query: 'tail:yes severity:high' } });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await house.ask('takeLogs', {
      raw: '{"msg":"not this","tail":"yes"}\n{"msg":"this","tail":"yes","level":"error","patient":"Ada"}',
    });
    let text = '';
    while (!text.includes('event: log')) text += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    expect(text).toContain('"message":"this"');
    expect(text).not.toMatch(/not this|Ada/);
  });

  it('is kept as long as its kind asks for', async () => {
    const kinds = await house.ask<{ items: { kind: string; days: number }[] }>('listLogRetention');
    expect(kinds.items.find(({ kind }) => kind === 'audit')?.days).toBe(365);
    await house.ask('setLogRetention', { params: { kind: 'web' }, body: { days: 7 } });
    const changed = await house.ask<{ items: object[] }>('listLogRetention');
    expect(changed.items).toContainEqual({ kind: 'web', days: 7, isOwn: true });
  });
});

describe('The archive', () => {
  it('has a line on the disk when it is taken, and signed when its segment is closed', async () => {
    const folder = join(house.folder, 'archive');
    await house.ask('takeLogs', { raw: 'a line for the archive', query: { source: 'archived' } });
    const open = await Promise.all(
      (await readdir(join(folder, 'open'))).map((name) => readFile(join(folder, 'open', name), 'utf8')),
    );
    expect(open.join('')).toContain('"source":"http/archived","raw":"a line for the archive"');
    await house.restart();
    const { keys } = await house.ask<{ keys: TrustedKey[] }>('getLogArchiveKeys');
    const state = await house.ask<{ lines: number; head: { hash: string } }>('getLogArchive');
    const check = await checkArchive(folder, { trusted: keys, notedHash: state.head.hash });
    expect(check).toMatchObject({ isIntact: true, problems: [], lines: state.lines, isKeyTrusted: true });
    const stored = await house.search('*', { limit: 1000 });
    expect(check.lines).toBe(stored.length);
    await house.ask('takeLogs', { raw: 'one more line for the archive' });
    expect(await house.ask('getLogArchive')).toMatchObject({ lines: state.lines, unsigned: 1 });
    expect(await house.ask('sealLogArchive')).toMatchObject({ lines: state.lines + 1, unsigned: 0 });
    const file = join(house.folder, 'no-folder');
    await writeFile(file, '');
    await house.restart({ archiveFolder: file });
    expect(await house.health()).toMatchObject({
      state: 'degraded',
      message: expect.stringContaining('Logs are not archived'),
    });
    await house.ask('takeLogs', { raw: 'taken in all the same' });
    expect(await house.search('"in all the same"')).toHaveLength(1);
    await house.restart({ keepsArchive: false });
    await expect(house.ask('getLogArchive')).rejects.toMatchObject({ code: 'SPX_NOT_FOUND' });
    await house.restart();
  });
});

describe('A format of the site', () => {
  const definition = `
id: pump-log
title: Infusion pumps
kind: clinical
read: lines
order: 10
lines:
  - pattern: 'PUMP %{INT:number} %{WORD:what} rate=%{NUMBER:rate}'
columns: { object: number, activity: what }
cases:
  - line: PUMP 7 started rate=1.5
    expect: { object: '7', activity: started }
`;

  it('is in force when its cases give what they say, and gone when it is removed', async () => {
    expect(await house.ask('saveLogFormat', { body: { definition } })).toEqual({
      id: 'pump-log',
      title: 'Infusion pumps',
    });
    await house.ask('takeLogs', { raw: 'PUMP 9 stopped rate=0' });
    expect((await house.search('format:pump-log'))[0]).toMatchObject({ object: '9', activity: 'stopped' });
    await house.restart();
    const { items } = await house.ask<{ items: { id: string; isOwn: boolean }[] }>('listLogFormats');
    expect(items.find(({ id }) => id === 'pump-log')?.isOwn).toBe(true);
    await house.ask('removeLogFormat', { params: { id: 'pump-log' } });
    await expect(house.ask('removeLogFormat', { params: { id: 'openssh' } })).rejects.toMatchObject({
      code: 'SPX_NOT_FOUND',
    });
  });

  it('is proposed for sample lines, and reads further ones when it is put into force as it is', async () => {
    const lines =
      '<30>Nov 30 08:15:02 gw1 pumpd[9]: air in line 2, bed 7\n<30>Nov 30 08:16:02 gw1 pumpd[9]: air in line 1, bed 9';
    const fields = [{ name: 'bed', column: 'object' }];
    const proposal = await house.ask<{ definition: string; lines: object[]; takesFrom: string[] }>('proposeLogFormat', {
      body: { lines, id: 'pumpd', title: 'Pumps', fields },
    });
    expect(proposal).toMatchObject({ header: 'rfc3164', reads: 'lines', canRename: true, takesFrom: [] });
    expect(proposal.lines[0]).toMatchObject({ isRead: true, format: 'pumpd', knownFormat: 'syslog' });
    await house.ask('saveLogFormat', { body: { definition: proposal.definition } });
    await house.ask('takeLogs', { raw: '<30>Nov 30 09:15:02 gw1 pumpd[9]: air in line 3, bed 12' });
    expect((await house.search('format:pumpd'))[0]).toMatchObject({ object: '12', service: 'pumpd' });
    await house.ask('removeLogFormat', { params: { id: 'pumpd' } });
    await expect(house.ask('proposeLogFormat', { body: { lines: ' \n ', fields: [] } })).rejects.toThrow(/no line/);
  });

  it.each([
    ['a case that gives something else', definition.replace("object: '7'", "object: '8'"), /object is "7", not "8"/],
    ['a pattern that is none', definition.replace('%{INT:number}', '%{INTEGER:n}'), /no type or pattern INTEGER/],
    ['a field that is not known', `${definition}\nspeed: fast`, /speed/],
    ['what is no YAML', 'id: [', /is not YAML/],
  ])('with %s is refused with its reason', async (_, wrong, reason) => {
    await expect(house.ask('saveLogFormat', { body: { definition: wrong } })).rejects.toThrow(reason);
  });
});
