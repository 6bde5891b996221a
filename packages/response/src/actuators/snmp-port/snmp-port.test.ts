import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { Actuator, ActuatorCommand } from '../../contract/actuator.ts';
import { ARCHIVE, HospitalNetwork, PUMP as WARD_PUMP } from '../../testing/hospital-network.ts';
import { freePort, secretsOf } from '../../testing/ssh-server.ts';
import { SnmpAgent } from './snmp-agent.ts';
import { snmpPort } from './snmp-port.ts';

const signal = new AbortController().signal;
const [AUTHENTICATION, PRIVACY] = ['authentication key', 'privacy key of it'];
const PUMP = '02:00:00:81:01:10';
const MONITOR = '02:00:00:81:01:11';
const PVID = '1.3.6.1.2.1.17.7.1.4.5.1.1';
const FDB = '1.3.6.1.2.1.17.4.3.1.2';
const row = (mac: string, port: number): string =>
  `override .${FDB}.${mac
    .split(':')
    .map((part) => Number.parseInt(part, 16))
    .join('.')} integer ${port}`;

/** A real snmpd that has learnt where devices are, behind ports whose VLAN can be written. Port 9 is an uplink. */
let folder: string;
let port: number;
let server: ChildProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-snmpd-'));
  port = await freePort();
  const lines = [
    `agentaddress udp:127.0.0.1:${port}`,
    `createUser sphinx SHA-256 "${AUTHENTICATION}" AES "${PRIVACY}"`,
    'rwuser sphinx priv',
    `createUser reader SHA-256 "${AUTHENTICATION}" AES "${PRIVACY}"`,
    'rouser reader priv',
    ...[7, 8, 9].map((one) => `override -rw .${PVID}.${one} uinteger ${one * 10}`),
    ...[7, 8, 9].map((one) => `override .1.3.6.1.2.1.17.1.4.1.2.${one} integer ${one + 100}`),
    row(PUMP, 7),
    row(MONITOR, 8),
    ...['0a', '0b', '0c'].map((last) => row(`02:00:00:81:01:${last}`, 9)),
  ];
  await writeFile(join(folder, 'snmpd.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  server = spawn('/usr/sbin/snmpd', ['-f', '-Ln', '-C', '-c', join(folder, 'snmpd.conf')], {
    stdio: 'ignore',
    env: { ...process.env, SNMP_PERSISTENT_DIR: join(folder, 'kept'), MIBS: '' },
  });
  const place = {
    host: '127.0.0.1',
    port,
    user: 'sphinx',
    authentication: 'sha256',
    authenticationKey: AUTHENTICATION,
    privacyKey: PRIVACY,
  } as const;
  for (let attempt = 0; attempt < 40; attempt++) {
    const value = await new SnmpAgent(place).get(`${PVID}.7`).catch(() => undefined);
    if (value !== undefined) break;
    await sleep(50);
  }
});
afterAll(async () => {
  server.kill('SIGKILL');
  await once(server, 'exit');
  await rm(folder, { recursive: true });
});

function open(more: object = {}, privacy = PRIVACY): Actuator {
  const base = {
    host: '127.0.0.1',
    port,
    user: 'sphinx',
    authenticationSecret: 'a',
    privacySecret: 'p',
    quarantineVlan: 666,
  };
  const secrets = secretsOf({ a: AUTHENTICATION, p: privacy });
  return snmpPort.open('switch', snmpPort.settings.parse({ ...base, ...more }), { secrets, now: () => 0 });
}

function contain(mac: string): ActuatorCommand {
  const command = { action: 'contain', target: { mac_addr: mac } } as const;
  return { id: `cut ${mac}`, command, addresses: [], macAddresses: [], keptFlows: [] };
}

async function vlans(): Promise<readonly number[]> {
  const place = {
    host: '127.0.0.1',
    port,
    user: 'sphinx',
    authentication: 'sha256',
    authenticationKey: AUTHENTICATION,
    privacyKey: PRIVACY,
  } as const;
  return (await new SnmpAgent(place).walk(PVID)).map(({ value }) => value);
}

describeActuatorContract('A switch port by SNMP', async () => ({
  open,
  openAway: () => open({ port: 1 }),
  openRefused: () => open({}, 'another privacy key'),
  command: contain(PUMP),
  other: contain(MONITOR),
  hostile: ['02:00:00:81:01:10.1', '../..', '02:00:00:81:01:0a', '02:00:00:81:01:ff'].map(contain),
  state: async () => [...(await vlans())],
  stopsAfterMs: [0, 5],
  dispose: async () => {},
}));

describe('A switch port by SNMP', () => {
  it('is not touched when it leads to another switch, must stay, or nobody knows which it is', async () => {
    await expect(open().prepare(contain('02:00:00:81:01:0a'), signal)).rejects.toThrow(/leads to another switch/);
    await expect(open({ neverChange: [107] }).prepare(contain(PUMP), signal)).rejects.toThrow(/must stay as it is/);
    await expect(open().prepare(contain('02:00:00:81:01:99'), signal)).rejects.toThrow(/has not seen/);
  });

  it('is not moved by a user that may only read, and the message says so', async () => {
    const preparation = await open({ user: 'reader' }).prepare(contain(PUMP), signal);
    await expect(open({ user: 'reader' }).apply(contain(PUMP), preparation, signal)).rejects.toThrow(
      /write access|refused/,
    );
    expect(await vlans()).toEqual([70, 80, 90]);
  });

  it('stays as somebody set it meanwhile', async () => {
    const preparation = await open().prepare(contain(PUMP), signal);
    await open().apply(contain(PUMP), preparation, signal);
    expect((await vlans())[0]).toBe(666);
    const later = await open({ quarantineVlan: 42 }).prepare(contain(PUMP), signal);
    await open({ quarantineVlan: 42 }).apply(contain(PUMP), later, signal);
    await open().undo(contain(PUMP), preparation, signal);
    expect((await vlans())[0]).toBe(42);
    await open({ quarantineVlan: 42 }).undo(contain(PUMP), later, signal);
    await open().undo(contain(PUMP), preparation, signal);
    expect(await vlans()).toEqual([70, 80, 90]);
  });
});

/** Runs in the namespace of the router, where its agent listens: shuts the port, waits for a line, opens it again. */
const IN_NAMESPACE = `
const [module, settings, mac] = process.argv.slice(1);
const { snmpPort } = await import(module);
const secrets = { get: async (name) => Buffer.from(name === 'a' ? '${AUTHENTICATION}' : '${PRIVACY}') };
const actuator = snmpPort.open('router', snmpPort.settings.parse(JSON.parse(settings)), { secrets, now: () => 0 });
const command = { id: 'shut', command: { action: 'contain', target: { mac_addr: mac } }, addresses: [], macAddresses: [], keptFlows: [] };
const signal = new AbortController().signal;
const preparation = await actuator.prepare(command, signal);
await actuator.apply(command, preparation, signal);
console.log(await actuator.verify(command, preparation, signal));
await new Promise((resolve) => process.stdin.once('data', resolve));
await actuator.undo(command, preparation, signal);
console.log(await actuator.verify(command, preparation, signal));
process.exit(0);
`;

describe('A port that is shut by SNMP', () => {
  it('carries nothing any more until it is opened again', async () => {
    const network = await HospitalNetwork.build();
    await network.centre.listen(104);
    const inRouter = ['netns', 'exec', network.router];
    const parameters = ['-f', '-Ln', '-C', '-c', join(folder, 'router.conf')];
    const users = [`createUser sphinx SHA-256 "${AUTHENTICATION}" AES "${PRIVACY}"`, 'rwuser sphinx priv'];
    await writeFile(join(folder, 'router.conf'), ['agentaddress udp:127.0.0.1:161', ...users, ''].join('\n'), {
      mode: 0o600,
    });
    const env = { ...process.env, SNMP_PERSISTENT_DIR: join(folder, 'router'), MIBS: '' };
    const agent = spawn('ip', [...inRouter, '/usr/sbin/snmpd', ...parameters], { stdio: 'ignore', env });
    try {
      expect(await network.ward.connect(ARCHIVE.v4, 104)).toBe('open');
      const index = Number((await network.run('cat', '/sys/class/net/ward/ifindex')).trim());
      const settings = {
        host: '127.0.0.1',
        user: 'sphinx',
        authenticationSecret: 'a',
        privacySecret: 'p',
        ports: { [WARD_PUMP.mac]: index },
      };
      const script = ['--no-warnings', '--input-type=module', '-e', IN_NAMESPACE, '--'];
      const told = [new URL('snmp-port.ts', import.meta.url).href, JSON.stringify(settings), WARD_PUMP.mac];
      const shutter = spawn('ip', [...inRouter, process.execPath, ...script, ...told], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: shutter.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe('in-force');
      expect(await network.ward.connect(ARCHIVE.v4, 104)).not.toBe('open');
      shutter.stdin.write('open\n');
      expect((await lines.next()).value).toBe('absent');
      await expect.poll(() => network.ward.connect(ARCHIVE.v4, 104)).toBe('open');
    } finally {
      agent.kill('SIGKILL');
      await network.remove();
    }
  });
});
