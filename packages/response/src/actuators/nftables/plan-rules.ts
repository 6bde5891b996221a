import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { type ActuatorCommand, ActuatorError, type ClinicalFlow, type Json } from '../../contract/actuator.ts';
import { type OpenC2Target, targetTypeOf } from '../../openc2/command.ts';
import * as nft from './expressions.ts';

/** One part of a rule, as libnftables-json(5) has it. */
export type Expression = { readonly [key: string]: Json };

/** Rules of one command: which packets go into its chain, and what becomes of them there. */
export interface RulePlan {
  /** Name of the chain. */
  readonly chain: string;
  readonly hooks: readonly Hook[];
  /** Packets that fit one of these go into the chain. */
  readonly selectors: readonly (readonly Expression[])[];
  readonly rules: readonly (readonly Expression[])[];
  readonly effects: readonly string[];
}

/** Base chains of the table. */
export type Hook = 'forward' | 'input' | 'output' | 'redirect';
const FILTER_HOOKS: readonly Hook[] = ['forward', 'input', 'output'];

export interface PlanSettings {
  /** Addresses that nothing may cut. */
  readonly neverCut: readonly string[];
  /** Flows that every micro-quarantine keeps. */
  readonly alwaysKept: readonly ClinicalFlow[];
  /** Where a redirection leads. */
  readonly redirectTo?: string | undefined;
  /** Connections per second and source where the command names no number. */
  readonly ratePerSecond: number;
}

/**
 * What a command means in rules.
 *
 * @throws ActuatorError for what nftables can't do, or what would cut an address that must stay
 */
export function planRules(command: ActuatorCommand, settings: PlanSettings): RulePlan {
  const { action, target } = command.command;
  switch (action) {
    case 'contain':
    case 'deny':
      return planBlock(command, settings);
    case 'redirect':
      return planRedirect(command, settings);
    case 'set':
      if (target['x-sphinx:rate-limit'] !== undefined) return planRateLimit(command, settings);
      break;
  }
  throw new ActuatorError(`nftables can't ${action} ${targetTypeOf(command.command)}.`);
}

/** Name of the chain of a command: at most 31 characters, which every kernel takes. */
export function chainOf({ id, command }: ActuatorCommand): string {
  return `${chainPrefix(command.action, command.target)}${createHash('sha256').update(id).digest('hex').slice(0, 14)}`;
}

const SHORT: Readonly<Record<string, string>> = {
  device: 'device',
  ipv4_net: 'net',
  ipv6_net: 'net',
  ipv4_connection: 'flow',
  mac_addr: 'mac',
  'x-sphinx:rate-limit': 'rate',
};

/** What the chains of commands with this action on this kind of target begin with. */
export function chainPrefix(action: string, target: OpenC2Target): string {
  return `${action}_${SHORT[Object.keys(target)[0] ?? ''] ?? 'other'}_`;
}

/** Addresses and networks that a command is about. @throws ActuatorError where it has none */
export function addressesOf({ command: { target }, addresses }: ActuatorCommand): readonly string[] {
  const net = target.ipv4_net ?? target.ipv6_net;
  if (net !== undefined) return [net];
  const known = addresses.filter((address) => isIPv4(address) || isIPv6(address));
  if (known.length === 0 && target.mac_addr === undefined)
    throw new ActuatorError(
      'No address of the device is known, so nothing can be cut. Enter its address in the inventory.',
    );
  return known;
}

function planBlock(command: ActuatorCommand, settings: PlanSettings): RulePlan {
  const { target, args } = command.command;
  const process = args?.slpf?.drop_process ?? 'none';
  const end = nft.ending(process);
  const direction = args?.slpf?.direction ?? 'both';
  const told = process === 'reject' ? nft.errorRules() : [];
  const base = { chain: chainOf(command), hooks: FILTER_HOOKS };
  if (target.ipv4_connection !== undefined) {
    const selectors = nft.connectionSelectors(target.ipv4_connection, direction);
    const ends = [target.ipv4_connection.src_addr, target.ipv4_connection.dst_addr];
    if (ends.every((net) => net === undefined)) refuseCut(['0.0.0.0/0'], settings);
    for (const net of ends) if (net !== undefined && ends.filter(Boolean).length === 1) refuseCut([net], settings);
    return {
      ...base,
      selectors,
      rules: [...told, end],
      effects: [`Cut ${nft.describeConnection(target.ipv4_connection)}.`],
    };
  }
  const addresses = addressesOf(command);
  refuseCut(addresses, settings);
  const macs = target.mac_addr === undefined ? [] : [target.mac_addr.toLowerCase().replaceAll('-', ':')];
  const selectors = [...nft.addressSelectors(addresses, direction), ...nft.macSelectors(macs)];
  const subject = [...macs, ...addresses].join(', ');
  if (args?.['x-sphinx']?.keep !== 'clinical-flows')
    return {
      ...base,
      selectors,
      rules: [nft.discoveryRule(), ...told, end],
      effects: [`Cut ${subject} from everything.`],
    };
  const kept = [...command.keptFlows, ...settings.alwaysKept];
  const rules = [
    nft.discoveryRule(),
    ...nft.errorRules(),
    ...kept.flatMap((flow) => nft.keptRules(addresses, flow)),
    end,
  ];
  const effects = [
    `Cut ${subject} from everything but ${kept.length} flow${kept.length === 1 ? '' : 's'}.`,
    ...kept.map((flow) => `Keep ${nft.describeFlow(flow)}.`),
  ];
  return { ...base, selectors, rules, effects };
}

function planRateLimit(command: ActuatorCommand, settings: PlanSettings): RulePlan {
  const limit = command.command.target['x-sphinx:rate-limit'];
  const perSecond = limit?.per_second ?? settings.ratePerSecond;
  const addresses = addressesOf(command);
  const chain = chainOf(command);
  return {
    chain,
    hooks: ['forward', 'input'],
    selectors: nft.addressSelectors(addresses, 'egress').map((selector) => [...selector, nft.isNew()]),
    rules: nft.rateRules(chain, addresses, perSecond),
    effects: [`Let each source begin at most ${perSecond} connections per second with ${addresses.join(', ')}.`],
  };
}

function planRedirect(command: ActuatorCommand, { redirectTo }: PlanSettings): RulePlan {
  if (redirectTo === undefined)
    throw new ActuatorError(
      'It is not known where to redirect to. Enter "redirectTo" in the settings of this actuator.',
    );
  const connection = command.command.target.ipv4_connection;
  const family = isIPv4(redirectTo) ? 'ip' : 'ip6';
  const selectors =
    connection === undefined
      ? nft.addressSelectors(addressesOf(command), 'egress').filter(([first]) => nft.familyOf(first) === family)
      : nft.connectionSelectors(connection, 'egress');
  if (selectors.length === 0 || (connection !== undefined && family === 'ip6'))
    throw new ActuatorError(`Nothing of this is of the same kind of address as ${redirectTo}.`);
  const what = connection === undefined ? addressesOf(command).join(', ') : nft.describeConnection(connection);
  return {
    chain: chainOf(command),
    hooks: ['redirect'],
    selectors,
    rules: [[{ counter: null }, { dnat: { family, addr: redirectTo } }]],
    effects: [`Lead new connections to ${what} to ${redirectTo} instead.`],
  };
}

/** @throws ActuatorError where an address that nothing may cut lies in one of the networks */
function refuseCut(nets: readonly string[], { neverCut }: PlanSettings): void {
  for (const net of nets) {
    const cut = neverCut.find((address) => nft.contains(net, address));
    if (cut !== undefined)
      throw new ActuatorError(`${net} holds ${cut}, which the settings of this actuator say must never be cut.`);
  }
}
