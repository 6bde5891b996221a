import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actuator, ActuatorCommand } from '../../contract/actuator.ts';
import { answers, writeCertificate } from '../../testing/directory-server.ts';
import { freePort, secretsOf } from '../../testing/ssh-server.ts';
import { mail } from './mail.ts';
import { ticket, webhook } from './web-messages.ts';

const signal = new AbortController().signal;
const NOW = 1_790_000_000_000;
const context = { secrets: secretsOf({ signing: 'signing key', jira: 'Bearer token' }), now: () => NOW };

function message(title: string, text: string): ActuatorCommand {
  const command = { action: 'create', target: { 'x-sphinx:message': { title, text } } } as const;
  return { id: 'run/tell', command, addresses: [], macAddresses: [], keptFlows: [] };
}

async function tell(actuator: Actuator, command: ActuatorCommand) {
  const preparation = await actuator.prepare(command, signal);
  expect(preparation.isReversible).toBe(false);
  return actuator.apply(command, preparation, signal);
}

let folder: string;
let authority: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-message-'));
  await writeCertificate(folder);
  authority = await readFile(join(folder, 'certificate.pem'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

describe('Mail', () => {
  let server: ChildProcess;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const certificate = ['--tlscert', join(folder, 'certificate.pem'), '--tlskey', join(folder, 'key.pem')];
    const inbox = ['-c', 'aiosmtpd.handlers.Mailbox', join(folder, 'inbox')];
    server = spawn('/usr/bin/aiosmtpd', ['-n', '-l', `127.0.0.1:${port}`, ...certificate, ...inbox], {
      stdio: 'ignore',
    });
    await answers(port);
  });
  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  const open = (more: object = {}) => {
    const people = { from: 'sphinx@hospital.example', to: ['nurse@hospital.example', 'it@hospital.example'] };
    return mail.open('mail', mail.settings.parse({ host: '127.0.0.1', port, authority, ...people, ...more }), context);
  };

  it('arrives encrypted, with the same Message-ID when it is sent again, and its title brings no header', async () => {
    const command = message('Pump cut off\r\nBcc: thief@example.org', 'The pump of bed 4 is cut off.');
    await tell(open(), command);
    await tell(open(), command);
    const names = await readdir(join(folder, 'inbox/new'));
    const [first = '', second = ''] = await Promise.all(
      names.map((name) => readFile(join(folder, 'inbox/new', name), 'utf8')),
    );
    expect(first).toContain('Subject: Pump cut off Bcc: thief@example.org');
    expect(first).not.toMatch(/^Bcc:/m);
    expect(first).toContain('The pump of bed 4 is cut off.');
    const idOf = (text: string) => /^Message-ID: (.+)$/im.exec(text)?.[1];
    expect(idOf(first)).toBe(idOf(second));
  });

  it('says whether the server takes mail', async () => {
    expect((await open().check(signal)).isReady).toBe(true);
    expect((await open({ authority: undefined }).check(signal)).message).toMatch(/certificate/);
    expect((await open({ port: 1 }).check(signal)).isReady).toBe(false);
  });
});

describe('A webhook', () => {
  it('is signed, can be known again, and says when nobody takes it', async () => {
    const got: { headers: IncomingMessage['headers']; body: string }[] = [];
    const options = { key: await readFile(join(folder, 'key.pem')), cert: authority };
    const server = createTlsServer(options, async (request, response) => {
      got.push({ headers: request.headers, body: await readText(request) });
      response.writeHead(request.url === '/full' ? 503 : 204).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const open = (path: string, ca: string | undefined = authority) =>
      webhook.open(
        'hook',
        webhook.settings.parse({ target: { url: url + path, authority: ca }, signingSecret: 'signing' }),
        context,
      );
    await tell(open('/hook'), message('Title', 'Text'));
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    const signature = createHmac('sha256', 'signing key').update(`${NOW}.${body}`).digest('hex');
    expect(headers['x-sphinx-signature']).toBe(`t=${NOW},v1=${signature}`);
    expect(JSON.parse(body)).toEqual({ id: headers['idempotency-key'], time: NOW, title: 'Title', text: 'Text' });
    await expect(tell(open('/full'), message('Title', 'Text'))).rejects.toMatchObject({ isTemporary: true });
    await expect(tell(open('/hook', ''), message('Title', 'Text'))).rejects.toThrow(/certificate/);
    server.close();
  });

  it('is not sent in the clear to another machine', () => {
    const settings = { target: { url: 'http://192.0.2.1/' }, signingSecret: 'signing' };
    expect(webhook.settings.safeParse(settings).success).toBe(false);
  });
});

describe('A ticket', () => {
  it('is made once, in the form that the system documents', async () => {
    const issues: { fields: { summary: string; description: string; labels: string[] } }[] = [];
    const server = createServer(async (request, response) => {
      const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (request.headers.authorization !== 'Bearer token') return answer(401, {});
      const url = new URL(request.url ?? '', 'http://jira');
      if (request.method === 'POST' && url.pathname === '/rest/api/2/issue') {
        issues.push(JSON.parse(await readText(request)));
        return answer(201, { id: '10000', key: `SEC-${issues.length}`, self: 'http://jira/rest/api/2/issue/10000' });
      }
      if (request.method !== 'GET' || url.pathname !== '/rest/api/2/search') return answer(404, { errorMessages: [] });
      const label = /^labels = "([\w-]+)"$/.exec(url.searchParams.get('jql') ?? '')?.[1];
      const found = issues.filter(({ fields }) => label !== undefined && fields.labels.includes(label));
      return answer(200, { startAt: 0, total: found.length, issues: found });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const settings = {
      target: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      path: '/rest/api/2/issue',
      authorizationSecret: 'jira',
      body: {
        fields: {
          project: { key: 'SEC' },
          issuetype: { name: 'Incident' },
          summary: '{title}',
          description: '{text}',
          labels: ['{reference}'],
        },
      },
      numberAt: ['key'],
      searchPath: '/rest/api/2/search?fields=labels&jql=labels%20%3D%20%22{reference}%22',
    };
    const open = () => ticket.open('jira', ticket.settings.parse(settings), context);
    const command = message('A "quoted" {reference}', '","fields":{}}');
    expect((await open().check(signal)).isReady).toBe(true);
    expect(await open().verify(command, await open().prepare(command, signal), signal)).toBe('absent');
    expect((await tell(open(), command)).result).toEqual({ ticket: 'SEC-1' });
    await tell(open(), command);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.fields).toMatchObject({ summary: 'A "quoted" {reference}', description: '","fields":{}}' });
    expect(await open().verify(command, await open().prepare(command, signal), signal)).toBe('in-force');
    server.close();
  });
});
