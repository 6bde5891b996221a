import { writeFile } from 'node:fs/promises';
import { isIPv6, SocketAddress } from 'node:net';
import { join } from 'node:path';
import { createTemporaryFolder } from '@sphinx/platform/temporary-folder';
import { z } from 'zod';
import type {
  ActionOutcome,
  Actuator,
  ActuatorCommand,
  ActuatorContext,
  ActuatorKind,
  Capability,
  Json,
  Preparation,
} from '../../contract/actuator.ts';
import { type ProgramRun, runProgram } from '../../means/run-program.ts';
import { runOverSsh, SshTarget } from '../../means/ssh.ts';
import { valuesIn } from './lifted.ts';
import { countedIn, isInForce, type KeptChain, keepChain, leadsInto, NftTable, type RunNft } from './nft-table.ts';
import { addressesOf, chainOf, chainPrefix, planRules, type RulePlan } from './plan-rules.ts';

const NftablesSettings = z.strictObject({
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/)
    .default('sphinx')
    .describe('Name of SPHINX’s own table of the family inet'),
  ssh: SshTarget.optional().describe('Router or firewall on which nft runs; without it, this machine'),
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/)
    .optional()
    .describe('Network namespace in which nft runs'),
  usesSudo: z.boolean().default(false).describe('Runs nft by `sudo -n`'),
  neverCut: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Addresses that no action may cut: SPHINX itself, gateways'),
  alwaysKept: z
    .array(
      z.strictObject({
        peer: z.union([z.ipv4(), z.ipv6()]),
        protocol: z.enum(['tcp', 'udp']),
        port: z.int().min(1).max(65_535),
        begunBy: z.enum(['device', 'peer']),
        reason: z.string().min(1).max(200),
      }),
    )
    .default([])
    .describe('Flows that every micro-quarantine keeps: DHCP, time, the emergency call system'),
  redirectTo: z.union([z.ipv4(), z.ipv6()]).optional().describe('Where redirected connections are led: a decoy'),
  ratePerSecond: z.int().min(1).default(20).describe('Connections per second and source where a command names none'),
});
type NftablesSettings = z.infer<typeof NftablesSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'contain', target: 'device', isReversible: true },
  { action: 'contain', target: 'mac_addr', isReversible: true },
  { action: 'allow', target: 'device', isReversible: true },
  { action: 'allow', target: 'mac_addr', isReversible: true },
  { action: 'deny', target: 'device', isReversible: true },
  { action: 'deny', target: 'ipv4_net', isReversible: true },
  { action: 'deny', target: 'ipv6_net', isReversible: true },
  { action: 'deny', target: 'ipv4_connection', isReversible: true },
  { action: 'allow', target: 'ipv4_net', isReversible: true },
  { action: 'allow', target: 'ipv6_net', isReversible: true },
  { action: 'redirect', target: 'ipv4_net', isReversible: true },
  { action: 'redirect', target: 'ipv6_net', isReversible: true },
  { action: 'redirect', target: 'ipv4_connection', isReversible: true },
  { action: 'set', target: 'x-sphinx:rate-limit', isReversible: true },
];

/** nftables of this machine, of a network namespace of it, or of a router by SSH. */
export const nftables: ActuatorKind<typeof NftablesSettings> = {
  type: 'nftables',
  title: 'nftables',
  description:
    'Cuts devices and addresses off, lets only the flows that care needs through, limits and redirects, in a table of its own; ' +
    'other tables are not touched. The hospital prepares a Linux router or firewall that the traffic goes through, with nft and ' +
    'an account that may run it. After a restart of that machine its rules are gone until they are applied again.',
  proof: 'real',
  triedWith: 'nftables 1.0.6 with traffic between network namespaces, by itself and over OpenSSH 9.2',
  capabilities: CAPABILITIES,
  settings: NftablesSettings,
  open: (id, settings, context) => new Nftables(id, settings, runnerOf(settings, context)),
};

class Nftables implements Actuator {
  readonly id: string;
  readonly type = 'nftables';
  readonly capabilities = CAPABILITIES;
  readonly #settings: NftablesSettings;
  readonly #table: NftTable;

  constructor(id: string, settings: NftablesSettings, run: RunNft) {
    this.id = id;
    this.#settings = settings;
    this.#table = new NftTable(settings.table, run);
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const state = await this.#table.read(signal);
    if (command.command.action !== 'allow')
      return { effects: planRules(command, this.#settings).effects, before: {}, isReversible: true };
    const values = valuesOf(command);
    const prefixes = ['contain', 'deny'].map((action) => chainPrefix(action, command.command.target));
    const lifted = state.chains
      .filter((chain) => prefixes.some((prefix) => chain.startsWith(prefix)))
      .map((chain) => keepChain(state, chain))
      .filter(({ jumps }) => valuesIn(jumps).some((value) => values.includes(value)));
    const effects = lifted.map(({ chain }) => `Lift ${chain}, which cuts ${values.join(', ')}.`);
    return {
      effects: effects.length > 0 ? effects : [`Nothing of SPHINX cuts ${values.join(', ')} here.`],
      before: { lifted } as unknown as Json,
      isReversible: true,
    };
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    if (command.command.action === 'allow') {
      const chains = liftedOf(preparation).map(({ chain }) => chain);
      await this.#table.remove(chains, signal);
      return { summary: preparation.effects.join(' '), result: { lifted: chains } };
    }
    const plan = planRules(command, this.#settings);
    await this.#table.add(plan, signal);
    return { summary: plan.effects.join(' '), result: { table: `inet ${this.#settings.table}`, chain: plan.chain } };
  }

  async undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    if (command.command.action === 'allow') {
      const lifted = liftedOf(preparation);
      await this.#table.restore(lifted, signal);
      return { summary: `Put ${lifted.length} chain(s) back in force.`, result: lifted.map(({ chain }) => chain) };
    }
    const chain = chainOf(command);
    const { packets, bytes } = countedIn(await this.#table.read(signal), chain);
    await this.#table.remove([chain], signal);
    return { summary: `Removed ${chain}, which had cut ${packets} packets.`, result: { chain, packets, bytes } };
  }

  async verify(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    const state = await this.#table.read(signal);
    const isThere =
      command.command.action === 'allow'
        ? liftedOf(preparation).every(({ chain }) => !state.rules.some((rule) => leadsInto(rule, chain)))
        : isInForce(state, this.#planned(command));
    return isThere ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    try {
      const { exists } = await this.#table.read(signal);
      return { isReady: true, message: exists ? 'nft answers; actions are in force.' : 'nft answers.' };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  #planned(command: ActuatorCommand): RulePlan {
    return planRules(command, this.#settings);
  }
}

function liftedOf({ before }: Preparation): readonly KeptChain[] {
  return (before as unknown as { lifted?: readonly KeptChain[] }).lifted ?? [];
}

function valuesOf(command: ActuatorCommand): readonly string[] {
  const mac = command.command.target.mac_addr?.toLowerCase().replaceAll('-', ':');
  return [...(mac === undefined ? [] : [mac]), ...addressesOf(command).map(asListed)];
}

/** An address as nft lists it: that of IPv6 in the shortest form (RFC 5952). */
function asListed(net: string): string {
  const [address = '', length] = net.split('/');
  if (!isIPv6(address)) return net;
  const short = new SocketAddress({ address, family: 'ipv6' }).address;
  return length === undefined ? short : `${short}/${length}`;
}

function runnerOf({ ssh, namespace, usesSudo }: NftablesSettings, { secrets }: ActuatorContext): RunNft {
  const inNamespace = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
  const words = [...(usesSudo ? ['sudo', '-n'] : []), ...inNamespace, 'nft', '-j'];
  const run = (parameters: readonly string[], input: string, signal: AbortSignal): Promise<ProgramRun> => {
    const [program = 'nft', ...rest] = [...words, ...parameters];
    return ssh === undefined
      ? runProgram(program, rest, { signal, debianPackage: 'nftables' })
      : runOverSsh(ssh, [program, ...rest], { secrets, input, signal });
  };
  return async (order, signal) => {
    if (!('nftables' in order)) return run(order, '', signal);
    const text = JSON.stringify(order);
    if (ssh !== undefined) return run(['-f', '-'], text, signal);
    // nft opens its standard input by name, which can't be done with the sockets that Node.js gives to its children.
    const folder = await createTemporaryFolder();
    try {
      const file = join(folder.path, 'rules.json');
      await writeFile(file, text, { mode: 0o600 });
      return await run(['-f', file], '', signal);
    } finally {
      await folder.remove();
    }
  };
}
