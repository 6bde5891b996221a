import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { Actuator, ActuatorCommand } from '../../contract/actuator.ts';
import { KEY, NameServer, ZONE } from '../../testing/name-server.ts';
import { secretsOf } from '../../testing/ssh-server.ts';
import { dnsRpz } from './dns-rpz.ts';

const signal = new AbortController().signal;

let server: NameServer;
beforeAll(async () => {
  server = await NameServer.start();
});
afterAll(() => server.stop());

function open(more: object = {}, key = KEY): Actuator {
  const settings = { server: '127.0.0.1', port: server.port, zone: ZONE, keyName: 'sphinx', keySecret: 'key', ...more };
  return dnsRpz.open('dns', dnsRpz.settings.parse(settings), { secrets: secretsOf({ key }), now: () => 0 });
}

function commandOf(action: 'deny' | 'redirect' | 'allow', name: string): ActuatorCommand {
  const command = { action, target: { domain_name: name } };
  return { id: `${action} ${name}`, command, addresses: [], macAddresses: [], keptFlows: [] };
}

/** Every record of the zone but the one that counts its changes. */
async function zone(): Promise<string> {
  const parameters = [
    '-r',
    '@127.0.0.1',
    '-p',
    String(server.port),
    '-y',
    `hmac-sha256:sphinx:${KEY}`,
    'AXFR',
    ZONE,
    '+noall',
    '+answer',
  ];
  const { stdout } = await promisify(execFile)('dig', parameters);
  return stdout
    .split('\n')
    .filter((line) => !/\s(?:SOA|TSIG)\s/.test(line))
    .sort()
    .join('\n');
}

let counter = 0;
describeActuatorContract('DNS', async () => ({
  open,
  openAway: () => open({ port: 1 }),
  openRefused: () => open({}, Buffer.from('another key of the same length!!').toString('base64')),
  command: commandOf('deny', 'update.example'),
  other: commandOf('deny', 'second.example'),
  hostile: [
    'update.example\nsend\nupdate delete theirs.example.rpz.hospital.example. CNAME',
    '*.example',
    'com',
    '.',
    'a b.example',
    '-k.example',
    `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}.example`,
    '$INCLUDE.example',
    'bücher.example',
  ].map((name) => commandOf('deny', name)),
  state: zone,
  changeByOthers: async () => {
    counter += 1;
    const theirs = open({ sinkhole: '192.0.2.9' });
    const command = commandOf('redirect', `theirs${counter}.example`);
    await theirs.apply(command, await theirs.prepare(command, signal), signal);
  },
  dispose: async () => {},
}));

/** BIND takes a change of its policies over in a moment of its own. */
const resolves = (name: string, wanted: unknown): Promise<void> =>
  expect.poll(() => server.resolve(name)).toEqual(wanted);

describe('A name that is blocked', () => {
  it('exists for nobody any more, nor does any below it, until that is taken back', async () => {
    const command = commandOf('deny', 'Update.Example.');
    await resolves('cdn.update.example', ['192.0.2.81']);
    const preparation = await open().prepare(command, signal);
    await open().apply(command, preparation, signal);
    await resolves('update.example', 'ENOTFOUND');
    await resolves('cdn.update.example', 'ENOTFOUND');
    await resolves('other.example', ['192.0.2.82']);
    await open().undo(command, preparation, signal);
    await resolves('update.example', ['192.0.2.80']);
  });

  it('leads to the decoy where the command asks for that, and is let go by "allow"', async () => {
    const actuator = open({ sinkhole: '10.0.0.53' });
    const redirect = commandOf('redirect', 'update.example');
    await actuator.apply(redirect, await actuator.prepare(redirect, signal), signal);
    await resolves('cdn.update.example', ['10.0.0.53']);
    const allow = commandOf('allow', 'update.example');
    const preparation = await actuator.prepare(allow, signal);
    await actuator.apply(allow, preparation, signal);
    await resolves('cdn.update.example', ['192.0.2.81']);
    await actuator.undo(allow, preparation, signal);
    await resolves('update.example', ['10.0.0.53']);
  });

  it('is never one that the hospital needs, nor one above it', async () => {
    const actuator = open({ neverBlock: ['pacs.hospital.example'] });
    for (const name of ['pacs.hospital.example', 'hospital.example', 'a.pacs.hospital.example'])
      await expect(actuator.prepare(commandOf('deny', name), signal)).rejects.toThrow(/must stay reachable/);
  });
});
