import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nftablesActuator } from '../../services/access-gate/actuators/nftables.ts';
import { Cable, WITHOUT_NAMESPACES } from '../probing/cable.ts';
import { Lab } from '../probing/lab.ts';

// The firewall of a kernel, in a network namespace: an address in the set reaches nothing, and out of it everything again.

const run = promisify(execFile);
const SET = 'inet filter sphinx_quarantine';
const PORT = 8080;

describe.skipIf(WITHOUT_NAMESPACES !== '')(`nftables in a kernel ${WITHOUT_NAMESPACES}`, () => {
  const lab = new Lab();
  let cable: Cable;

  beforeAll(async () => {
    cable = Cable.open({ isAskerApart: true });
    nft('add', 'table', 'inet', 'filter');
    nft('add', 'set', ...SET.split(' '), '{ type ipv4_addr; }');
    nft('add', 'chain', 'inet', 'filter', 'input', '{ type filter hook input priority 0; }');
    nft('add', 'rule', 'inet', 'filter', 'input', 'ip saddr @sphinx_quarantine drop');
    const listener = `require('node:net').createServer((s) => s.end('hello')).listen(${PORT}, '${cable.deviceIp}')`;
    await lab.start(...cable.onDevice(process.execPath, '-e', listener), 0);
    await cable.listens('tcp', PORT);
  });
  afterAll(async () => {
    await lab.stop();
    cable.close();
  });

  function nft(...parameters: readonly string[]): void {
    execFileSync(...cable.onDevice('nft', ...parameters));
  }

  const actuator = (set = SET) => nftablesActuator(set, (parameters) => run(...cable.onDevice('nft', ...parameters)));

  /** A verdict on a device with these addresses is carried out. */
  function follow(network: 'quarantine' | 'own', ips: readonly string[], set?: string): Promise<void> {
    const done = { answer: 'accept', network, vlan: '' } as const;
    const common = { assetId: 'a', name: 'CT', macs: [], safetyClass: undefined, verificationId: 'v' };
    const device = { ...common, ips, verdict: network === 'own' ? 'trusted' : 'rejected' } as const;
    return actuator(set).apply({ id: '1', time: 1, device, decision: { asked: done, done, reasons: [] } });
  }

  /** @returns whether the one who asks still reaches the device */
  async function isReached(): Promise<boolean> {
    const talk = `const s = require('node:net').connect(${PORT}, '${cable.deviceIp}');
      s.on('data', () => process.exit(0)); s.on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1500);`;
    return run(...cable.onAsker(process.execPath, '-e', talk)).then(
      () => true,
      () => false,
    );
  }

  it('cuts a device off when it is rejected and lets it in again when it is trusted', async () => {
    expect(await isReached()).toBe(true);
    await follow('quarantine', [cable.askerIp]);
    expect(await isReached()).toBe(false);
    await follow('own', [cable.askerIp]);
    expect(await isReached()).toBe(true);
  }, 60_000);

  it('does no harm when the same is carried out twice, or what is not in the set is taken out', async () => {
    for (const network of ['own', 'quarantine', 'quarantine', 'own', 'own'] as const)
      await follow(network, ['192.0.2.7']);
  });

  it('takes of a device with addresses of both families those that the set is for', async () => {
    await follow('quarantine', ['2001:db8::7', cable.askerIp]);
    expect(await isReached()).toBe(false);
    await follow('own', ['2001:db8::7', cable.askerIp]);
    expect(await isReached()).toBe(true);
  }, 60_000);

  it('says that a device has no address for the set, and that there is no such set', async () => {
    await expect(follow('quarantine', ['2001:db8::7'])).rejects.toThrow(/no address of the kind/);
    await expect(follow('quarantine', ['192.0.2.7'], 'inet filter not_there')).rejects.toThrow(
      /no set "inet filter not_there"/,
    );
  });
});
