import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import {
  type Actuator,
  type ActuatorCommand,
  ActuatorError,
  type ClinicalFlow,
  type Json,
} from '../../contract/actuator.ts';
import type { OpenC2Command } from '../../openc2/command.ts';
import { ARCHIVE, HospitalNetwork, MONITOR, PUMP, STRANGER } from '../../testing/hospital-network.ts';
import { SshServer, secretsOf } from '../../testing/ssh-server.ts';
import { nftables } from './nftables.ts';

const signal = new AbortController().signal;
const CONTEXT = { secrets: { get: async () => undefined }, now: () => 0 };
const PUMP_ADDRESSES = [PUMP.v4, PUMP.v6];
const DEVICE = { device: { device_id: 'pump' } } as const;
/** Ports of the archive: DICOM, HL7, time by UDP; and one that care does not need. */
const [DICOM, HL7, TIME, SHARE] = [104, 2575, 123, 445];

let network: HospitalNetwork;
beforeAll(async () => {
  network = await HospitalNetwork.build();
  await network.centre.listen(DICOM, HL7, TIME, SHARE);
  await network.ward.listen(DICOM, HL7, TIME, SHARE);
});
afterAll(() => network.remove());
afterEach(() => network.nft('flush', 'ruleset'));

function open(settings: object = {}): Actuator {
  return nftables.open('router', nftables.settings.parse({ namespace: network.router, ...settings }), CONTEXT);
}

function commandOf(id: string, command: OpenC2Command, more: Partial<ActuatorCommand> = {}): ActuatorCommand {
  const addresses = command.target.device === undefined ? [] : PUMP_ADDRESSES;
  return { id, command, addresses, macAddresses: [], keptFlows: [], ...more };
}

async function apply(command: ActuatorCommand, settings: object = {}): Promise<() => Promise<void>> {
  const actuator = open(settings);
  const preparation = await actuator.prepare(command, signal);
  await actuator.apply(command, preparation, signal);
  expect(await actuator.verify(command, preparation, signal)).toBe('in-force');
  return async () => {
    await actuator.undo(command, preparation, signal);
  };
}

describeActuatorContract('nftables', async () => {
  const foreign =
    'table inet hospital { chain forward { type filter hook forward priority 0; policy accept; counter; }; }';
  await network.nft(foreign);
  return {
    open,
    openAway: () => open({ namespace: 'spx-no-such-namespace' }),
    command: commandOf('run-1/cut', {
      action: 'contain',
      target: DEVICE,
      args: { 'x-sphinx': { keep: 'clinical-flows' } },
    }),
    other: commandOf('run-2/block', { action: 'deny', target: { ipv4_net: '198.51.100.0/24' } }),
    hostile: [
      commandOf('"; flush ruleset; #\n', { action: 'deny', target: { ipv4_net: '198.51.100.9' } }),
      commandOf('x', { action: 'deny', target: { ipv4_net: '198.51.100.9 } ; flush ruleset' } }),
      commandOf('y', { action: 'contain', target: DEVICE }, { addresses: ['10.0.0.1; flush ruleset', '$(reboot)'] }),
      commandOf('z', { action: 'contain', target: { mac_addr: '02:00:00:00:00:01"' } }),
    ],
    async state() {
      const { nftables: listed } = JSON.parse(await network.nft('-j', 'list', 'ruleset')) as { nftables: Json[] };
      return JSON.parse(JSON.stringify(listed).replace(/"(handle|packets|bytes)": ?\d+/g, '"$1":0'));
    },
    async changeByOthers() {
      await network.nft('add table inet sphinx; add chain inet sphinx theirs; add rule inet sphinx theirs drop');
    },
    dispose: async () => {},
  };
});

describe('A device that is cut off by nftables', () => {
  it('reaches nobody and is reached by nobody, by either kind of address, and comes back', async () => {
    expect(await network.ward.hold(ARCHIVE.v4, DICOM)).toBe('open');
    const undo = await apply(commandOf('cut', { action: 'contain', target: DEVICE }));
    expect(await network.ward.use(DICOM)).toBe('silent');
    for (const [from, to] of [
      [PUMP.v4, ARCHIVE.v4],
      [PUMP.v6, ARCHIVE.v6],
    ] as const) {
      expect(await network.ward.connect(to, HL7, { localAddress: from })).toBe('silent');
      expect(await network.centre.connect(from, HL7)).toBe('silent');
    }
    expect(await network.ward.connect('10.81.1.1', 22)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v4, HL7, { localAddress: MONITOR.v4 })).toBe('open');
    await undo();
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('open');
    expect(await network.ward.connect(ARCHIVE.v6, HL7, { localAddress: PUMP.v6 })).toBe('open');
    expect(await network.nft('list', 'tables')).not.toContain('sphinx');
  });

  it('is told that it is refused where the command asks for that', async () => {
    await apply(commandOf('cut', { action: 'contain', target: DEVICE, args: { slpf: { drop_process: 'reject' } } }));
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('EHOSTUNREACH');
  });

  it('is known by its hardware address where only that is known', async () => {
    await apply(commandOf('cut', { action: 'contain', target: { mac_addr: PUMP.mac } }));
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('silent');
    expect(await network.centre.connect(PUMP.v6, HL7)).toBe('silent');
  });

  it('is let in again by "allow", which can be taken back itself', async () => {
    await apply(commandOf('cut', { action: 'contain', target: DEVICE }));
    await apply(commandOf('block', { action: 'deny', target: { ipv4_net: STRANGER.v4 } }));
    const undoAllow = await apply(
      commandOf('back', { action: 'allow', target: DEVICE }, { addresses: [PUMP.v4, 'FD81:1:0::10'] }),
    );
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('open');
    expect(await network.ward.connect(STRANGER.v4, HL7)).toBe('silent');
    await undoAllow();
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('silent');
  });

  it('is not said to be cut off once somebody took a rule away', async () => {
    const command = commandOf('cut', { action: 'contain', target: DEVICE });
    const preparation = await open().prepare(command, signal);
    await open().apply(command, preparation, signal);
    await network.nft('flush', 'chain', 'inet', 'sphinx', 'forward');
    expect(await open().verify(command, preparation, signal)).toBe('absent');
    await open().apply(command, preparation, signal);
    expect(await open().verify(command, preparation, signal)).toBe('in-force');
  });

  it('is never one that the settings protect', async () => {
    const command = commandOf('cut', { action: 'deny', target: { ipv4_net: '10.81.0.0/16' } });
    await expect(open({ neverCut: ['10.81.2.1'] }).prepare(command, signal)).rejects.toThrow(/10\.81\.2\.1/);
  });
});

describe('A micro-quarantine of nftables', () => {
  const flow = (peer: string, protocol: 'tcp' | 'udp', port: number, begunBy: 'device' | 'peer'): ClinicalFlow => ({
    peer,
    protocol,
    port,
    begunBy,
    reason: 'test',
  });
  const keptFlows = [
    flow(ARCHIVE.v4, 'tcp', DICOM, 'device'),
    flow(ARCHIVE.v6, 'tcp', DICOM, 'device'),
    flow(ARCHIVE.v4, 'udp', TIME, 'device'),
    flow(ARCHIVE.v4, 'tcp', HL7, 'peer'),
  ];
  const command = (): ActuatorCommand =>
    commandOf(
      'mq',
      { action: 'contain', target: DEVICE, args: { 'x-sphinx': { keep: 'clinical-flows' } } },
      { keptFlows },
    );

  it('keeps what care needs, connections from before included, and cuts everything else', async () => {
    expect(await network.ward.hold(ARCHIVE.v4, DICOM)).toBe('open');
    expect(await network.ward.hold(ARCHIVE.v4, SHARE)).toBe('open');
    const undo = await apply(command());
    expect(await network.ward.use(DICOM)).toBe('open');
    expect(await network.ward.use(SHARE)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v4, DICOM)).toBe('open');
    expect(await network.ward.connect(ARCHIVE.v6, DICOM, { localAddress: PUMP.v6 })).toBe('open');
    expect(await network.ward.ask(ARCHIVE.v4, TIME)).toBe('open');
    expect(await network.centre.connect(PUMP.v4, HL7)).toBe('open');
    expect(await network.ward.connect(ARCHIVE.v4, SHARE)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('silent');
    expect(await network.ward.connect(STRANGER.v4, DICOM)).toBe('silent');
    expect(await network.ward.ask(ARCHIVE.v4, HL7)).toBe('silent');
    expect(await network.centre.connect(PUMP.v4, DICOM)).toBe('silent');
    expect(await network.centre.connect(PUMP.v6, HL7)).toBe('silent');
    await undo();
    expect(await network.ward.connect(ARCHIVE.v4, SHARE)).toBe('open');
  });

  it('lets whoever serves answer, and not begin from the port that it serves', async () => {
    await apply(command());
    const fromArchive = { localAddress: ARCHIVE.v4, localPort: 2575 };
    expect(await network.centre.connect(PUMP.v4, SHARE, fromArchive)).not.toBe('open');
    expect(await network.ward.connect(ARCHIVE.v4, SHARE, { localAddress: PUMP.v4, localPort: 1044 })).toBe('silent');
  });

  it('leaves other cuts in force for what it keeps', async () => {
    await apply(command());
    await apply(commandOf('block', { action: 'deny', target: { ipv4_net: ARCHIVE.v4 } }));
    expect(await network.ward.connect(ARCHIVE.v4, DICOM)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v6, DICOM, { localAddress: PUMP.v6 })).toBe('open');
  });

  it('is told in words before it is done', async () => {
    const { effects } = await open().prepare(command(), signal);
    expect(effects.join('\n')).toContain(`tcp/104 to ${ARCHIVE.v4}`);
  });
});

describe('nftables', () => {
  it('blocks a network, an address of IPv6 and one connection, and no other', async () => {
    await apply(commandOf('a', { action: 'deny', target: { ipv4_net: '10.81.2.64/28' } }));
    await apply(commandOf('b', { action: 'deny', target: { ipv6_net: ARCHIVE.v6 } }));
    const connection = { src_addr: PUMP.v4, dst_addr: ARCHIVE.v4, protocol: 'tcp', dst_port: SHARE } as const;
    await apply(commandOf('c', { action: 'deny', target: { ipv4_connection: connection } }));
    expect(await network.ward.connect(STRANGER.v4, HL7)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v6, HL7)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v4, SHARE)).toBe('silent');
    expect(await network.ward.connect(ARCHIVE.v4, SHARE, { localAddress: MONITOR.v4 })).toBe('open');
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('open');
  });

  it('blocks only the direction that the command names', async () => {
    const args = { slpf: { direction: 'egress' } } as const;
    await apply(commandOf('a', { action: 'deny', target: { ipv4_net: STRANGER.v4 }, args }));
    expect(await network.ward.connect(STRANGER.v4, HL7)).toBe('silent');
    const listed = await network.nft('list', 'chain', 'inet', 'sphinx', 'forward');
    expect(listed).toContain(`ip daddr ${STRANGER.v4}`);
    expect(listed).not.toContain(`ip saddr ${STRANGER.v4}`);
  });

  it('lets each source begin so many connections per second, whatever another does', async () => {
    const target = { 'x-sphinx:rate-limit': { service: 'archive', per_second: 2 } };
    const limit = commandOf('r', { action: 'set', target }, { addresses: [ARCHIVE.v4, ARCHIVE.v6] });
    const undo = await apply(limit);
    const tries = async (localAddress: string): Promise<string[]> => {
      const answers: string[] = [];
      for (let at = 0; at < 8; at++) answers.push(await network.ward.connect(ARCHIVE.v4, HL7, { localAddress }));
      return answers;
    };
    expect(await tries(PUMP.v4)).toContain('silent');
    expect(await network.ward.connect(ARCHIVE.v4, HL7, { localAddress: MONITOR.v4 })).toBe('open');
    await undo();
    expect(new Set(await tries(PUMP.v4))).toEqual(new Set(['open']));
    await apply(limit);
  });

  it('leads connections to a hostile address to a decoy instead', async () => {
    const command = commandOf('d', { action: 'redirect', target: { ipv4_net: '203.0.113.0/24' } });
    expect(await network.ward.connect('203.0.113.9', HL7)).not.toBe('open');
    const undo = await apply(command, { redirectTo: ARCHIVE.v4 });
    expect(await network.ward.connect('203.0.113.9', HL7)).toBe('open');
    await undo();
    expect(await network.ward.connect('203.0.113.9', HL7)).not.toBe('open');
    await expect(open().prepare(command, signal)).rejects.toThrow(/redirectTo/);
  });

  it('refuses what it can not do', async () => {
    const stop = commandOf('s', { action: 'stop', target: { process: { name: 'locker.exe' } } });
    await expect(open().prepare(stop, signal)).rejects.toBeInstanceOf(ActuatorError);
    const nobody = commandOf('n', { action: 'contain', target: DEVICE }, { addresses: [] });
    await expect(open().prepare(nobody, signal)).rejects.toThrow(/address/);
  });
});

describe('nftables of a router that is reached by SSH', () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await SshServer.start();
  });
  afterAll(() => server.stop());

  function openRemote(target: object = {}): Actuator {
    const settings = nftables.settings.parse({ namespace: network.router, ssh: { ...server.target(), ...target } });
    return nftables.open('remote', settings, { secrets: secretsOf({ 'ssh-key': server.privateKey }), now: () => 0 });
  }

  it('cuts off and lets in again as those of this machine do', async () => {
    const command = commandOf('far', { action: 'contain', target: DEVICE });
    const preparation = await openRemote().prepare(command, signal);
    await openRemote().apply(command, preparation, signal);
    expect(await openRemote().verify(command, preparation, signal)).toBe('in-force');
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('silent');
    await openRemote().undo(command, preparation, signal);
    expect(await network.ward.connect(ARCHIVE.v4, HL7)).toBe('open');
  });

  it('are not trusted when they are another machine than before, and say what to do', async () => {
    const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`;
    const { isReady, message } = await openRemote({ hostKey }).check(signal);
    expect(isReady).toBe(false);
    expect(message).toMatch(/is not the machine whose key/);
    expect((await openRemote({ user: 'nobody-here' }).check(signal)).message).toMatch(/does not let nobody-here in/);
    expect((await openRemote({ privateKeySecret: 'lost' }).check(signal)).message).toMatch(/no secret "lost"/);
  });
});
