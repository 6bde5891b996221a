import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemNetwork } from '@sphinx/probes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../services/dependability-monitoring/checks/registry.ts';
import { type CheckResult, runCheck } from '../../services/dependability-monitoring/checks/run-check.ts';
import {
  type CheckDefinition,
  type CheckParameters,
  loadCheckDefinitions,
  readParameters,
} from '../../services/dependability-monitoring/knowledge/check-definition.ts';
import { createTestCertificates } from '../probing/certificates.ts';
import { freePort, Lab } from '../probing/lab.ts';

// Availability checks against the servers that hospitals run, up and down, and against something else at their port.

const lab = new Lab();
const opened: { close(): unknown }[] = [];
let definitions: ReadonlyMap<string, CheckDefinition>;

beforeAll(async () => {
  const loaded = await loadCheckDefinitions(new URL('../../knowledge', import.meta.url).pathname);
  definitions = new Map(loaded.map((definition) => [definition.id, definition]));
});
afterAll(async () => {
  for (const server of opened) server.close();
  await lab.stop();
});

async function check(
  kind: string,
  port: number,
  options: { parameters?: CheckParameters; secret?: string; host?: string; slowMs?: number } = {},
): Promise<CheckResult> {
  const definition = definitions.get(kind);
  const code = CHECKS[kind];
  if (definition === undefined || code === undefined) throw new Error(`no check ${kind}`);
  const result = await runCheck({
    definition,
    check: code,
    host: options.host ?? '127.0.0.1',
    ip: '127.0.0.1',
    port,
    parameters: readParameters(definition, options.parameters ?? {}),
    secret: options.secret,
    slowMs: options.slowMs ?? 60_000,
    network: systemNetwork,
    signal: new AbortController().signal,
    now: Date.now,
  });
  if (result === undefined) throw new Error('it was called off');
  return result;
}

/** A server that says something and closes. */
async function saying(answer: (heard: Buffer) => string | Uint8Array, greeting = ''): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (greeting !== '') socket.write(greeting, 'latin1');
    socket.on('data', (bytes) => socket.write(answer(bytes)));
  });
  opened.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('Orthanc', () => {
  let dicom = 0;
  let http = 0;
  beforeAll(async () => {
    [dicom, http] = [await freePort(), await freePort()];
    const folder = await lab.folder();
    const about = {
      StorageDirectory: folder,
      IndexDirectory: folder,
      HttpPort: http,
      DicomPort: dicom,
      DicomAet: 'ARCHIVE',
      DicomCheckCalledAet: true,
      DicomAlwaysAllowFind: true,
      AuthenticationEnabled: false,
      Plugins: [],
    };
    const configured = await lab.folder({ 'orthanc.json': JSON.stringify(about) });
    await lab.start('Orthanc', [`${configured}/orthanc.json`], dicom);
  });
  const parameters = { calledTitle: 'ARCHIVE' };

  it('answers C-ECHO, and C-FIND with nothing', async () => {
    expect(await check('dicom-echo', dicom, { parameters })).toMatchObject({
      outcome: 'good',
      latencyMs: expect.any(Number),
    });
    expect(await check('dicom-find', dicom, { parameters })).toMatchObject({
      outcome: 'good',
      message: 'C-FIND succeeded.',
    });
  });

  it('rejects a wrong title, and the check says so', async () => {
    const wrong = await check('dicom-echo', dicom, { parameters: { calledTitle: 'WRONG' } });
    expect(wrong).toMatchObject({
      outcome: 'failed',
      latencyMs: null,
      message: expect.stringMatching(/called AE title/),
    });
  });

  it('is slow where a person says from when on', async () => {
    const slow = await check('dicom-echo', dicom, { parameters, slowMs: 0.001 });
    expect(slow).toMatchObject({ outcome: 'warning', message: expect.stringMatching(/is slow/) });
  });

  it('gives its page, with the status and the text that it must have', async () => {
    const page = { tls: false, path: '/system' };
    expect(await check('http', http, { parameters: { ...page, contains: '"DicomAet"' } })).toMatchObject({
      outcome: 'good',
    });
    expect((await check('http', http, { parameters: { ...page, contains: 'nowhere' } })).outcome).toBe('failed');
    expect((await check('http', http, { parameters: { ...page, path: '/none' } })).message).toMatch(/404/);
    expect((await check('http', http, { parameters: { ...page, path: '/none', status: 404 } })).outcome).toBe('good');
    expect((await check('fhir-metadata', http, { parameters: { tls: false } })).outcome).toBe('failed');
  });

  it('takes connections, and its web page is no archive', async () => {
    expect((await check('tcp', dicom)).outcome).toBe('good');
    expect((await check('dicom-echo', http)).outcome).toBe('failed');
  });
});

describe('nginx with TLS', () => {
  it('shows its certificate: how long it holds, and whether it is the agreed one', async () => {
    const port = await freePort();
    const { good } = await createTestCertificates(lab);
    const folder = await lab.folder();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const configured = await lab.folder({
      'nginx.conf': `user root; daemon off; pid ${folder}/pid; error_log stderr; events {}
        http { access_log off; ${temporary.join(' ')} server { listen 127.0.0.1:${port} ssl;
        ssl_certificate ${good.certificate}; ssl_certificate_key ${good.key}; location / { return 200 'fine'; } } }`,
    });
    await lab.start('/usr/sbin/nginx', ['-c', join(configured, 'nginx.conf')], port);
    const expiry = await check('tls-expiry', port);
    expect(expiry).toMatchObject({ outcome: 'good', figures: { daysLeft: 199 } });
    expect((await check('tls-expiry', port, { parameters: { warningDays: 300 } })).outcome).toBe('warning');
    const seen = await check('certificate', port, { host: 'archive.hospital.example' });
    expect(seen.outcome).toBe('warning');
    const fingerprint = String(seen.figures?.fingerprint);
    const other = fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    expect(await check('certificate', port, { parameters: { fingerprint: other } })).toMatchObject({
      isSuspicious: true,
    });
    const issuer = { fingerprint, issuer: 'Hospital CA' };
    expect((await check('certificate', port, { parameters: issuer })).isSuspicious).toBeUndefined();
    expect((await check('http', port, { parameters: { contains: 'fine' } })).outcome).toBe('good');
  });
});

describe('chrony', () => {
  it('tells the time that is here, and not while its clock is not set', async () => {
    const port = await freePort();
    const folder = await lab.folder();
    const about = (local: string) =>
      `port ${port}\nbindaddress 127.0.0.1\nallow all\n${local}\ncmdport 0\npidfile ${folder}/pid\ndriftfile ${folder}/drift\n`;
    const configured = await lab.folder({ 'set.conf': about('local stratum 8'), 'unset.conf': about('') });
    const start = (name: string) =>
      lab.start('/usr/sbin/chronyd', ['-d', '-x', '-f', join(configured, name), '-u', 'root'], 0);
    const stop = await start('set.conf');
    expect(await check('ntp-drift', port)).toMatchObject({
      outcome: 'good',
      figures: { offsetMs: expect.any(Number) },
    });
    await stop();
    await start('unset.conf');
    expect((await check('ntp-drift', port)).message).toMatch(/not set/);
  });
});

describe('snmpd', () => {
  it('tells since when it runs to whoever knows the community', async () => {
    const port = await freePort();
    const folder = await lab.folder({ 'snmpd.conf': 'rocommunity ward7\n' });
    const parameters = [
      '-f',
      '-C',
      '-c',
      join(folder, 'snmpd.conf'),
      '-Lo',
      '-p',
      join(folder, 'pid'),
      `udp:127.0.0.1:${port}`,
    ];
    await lab.start('/usr/sbin/snmpd', parameters, 0, { environment: { SNMP_PERSISTENT_DIR: folder } });
    const restarted = await check('snmp', port, { secret: 'ward7', parameters: { restartMinutes: 10 } });
    expect(restarted).toMatchObject({ outcome: 'warning', message: expect.stringMatching(/restarted 0 minutes ago/) });
    expect((await check('snmp', port, { secret: 'ward7' })).outcome).toBe('good');
  });
});

describe('Others', () => {
  it('acknowledge HL7, or do not', async () => {
    const engine = await saying((heard) => {
      const id = heard.toString('latin1').split('|')[9] ?? '';
      return `\x0bMSH|^~\\&|ENGINE||||20261130||ACK|1|P|2.5\rMSA|AA|${id}\r\x1c\r`;
    });
    expect((await check('hl7-acknowledgement', engine)).outcome).toBe('good');
    const web = await saying(() => 'HTTP/1.1 400 Bad Request\r\n\r\n\x1c');
    expect((await check('hl7-acknowledgement', web)).message).toMatch(/not in HL7/);
  });

  it('give a FHIR statement, or ask for a login first', async () => {
    const body = JSON.stringify({ resourceType: 'CapabilityStatement', status: 'active' });
    const port = await saying((heard) =>
      heard.includes('Bearer ')
        ? `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
        : 'HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n',
    );
    const parameters = { tls: false, path: '/r4' };
    expect((await check('fhir-metadata', port, { parameters })).message).toMatch(/asks for a login/);
    expect((await check('fhir-metadata', port, { parameters, secret: 'token' })).message).toMatch(
      /capability statement/,
    );
  });

  it('let people sign in to a directory, or not', async () => {
    const bound = (code: number) => Buffer.from([0x30, 12, 2, 1, 1, 0x61, 7, 0x0a, 1, code, 4, 0, 4, 0]);
    const open = await saying((heard) => bound(heard.includes('wrong') ? 49 : 0));
    expect((await check('ldap-bind', open)).outcome).toBe('good');
    const parameters = { bindName: 'cn=sphinx,dc=hospital' };
    expect((await check('ldap-bind', open, { parameters, secret: 'right' })).message).toMatch(/lets the name/);
    expect((await check('ldap-bind', open, { parameters, secret: 'wrong' })).message).toMatch(/password is wrong/);
  });

  it('take mail, or say that they are not ready', async () => {
    const ready = await saying(
      (heard) => (heard.includes('EHLO') ? '250-mail\r\n250 HELP\r\n' : '221 bye\r\n'),
      '220 mail ESMTP\r\n',
    );
    expect((await check('smtp', ready)).outcome).toBe('good');
    const full = await saying(() => '', '421 too busy\r\n');
    expect((await check('smtp', full)).message).toMatch(/421 too busy/);
  });

  it('know names, or do not', async () => {
    const socket = createSocket('udp4');
    opened.push(socket);
    socket.on('message', (question, { port, address }) => {
      const isKnown = question.includes('pacs');
      const answer = Buffer.concat([
        question,
        ...(isKnown ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 7])] : []),
      ]);
      answer[2] = 0x81;
      answer[3] = isKnown ? 0x80 : 0x83;
      answer.writeUInt16BE(isKnown ? 1 : 0, 6);
      socket.send(answer, port, address);
    });
    await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
    const { port } = socket.address();
    expect((await check('dns', port, { parameters: { name: 'pacs.example' } })).outcome).toBe('good');
    expect((await check('dns', port, { parameters: { name: 'none.example' } })).message).toMatch(/does not exist/);
    const moved = await check('dns', port, { parameters: { name: 'pacs.example', address: '10.0.0.8' } });
    expect(moved).toMatchObject({ outcome: 'failed', isSuspicious: true });
  });

  it('that are not there are told as that', async () => {
    const port = await freePort();
    for (const kind of ['dicom-echo', 'hl7-acknowledgement', 'smtp', 'database', 'ldap-bind', 'tls-expiry', 'tcp'])
      expect(await check(kind, port), kind).toMatchObject({
        outcome: 'failed',
        message: expect.stringMatching(/Nobody answers/),
      });
  });

  it('answer a ping', async () => {
    expect(await check('ping', 0)).toMatchObject({ outcome: 'good', figures: { pingMs: expect.any(Number) } });
  });
});
