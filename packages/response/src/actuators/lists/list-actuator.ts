import { isIP, isIPv4 } from 'node:net';
import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  ActuatorError,
  type Capability,
  type Preparation,
} from '../../contract/actuator.ts';

/**
 * A list of another system that its own rules cut off: an alias, a group, a tag. Its rules are the hospital's; nothing but
 * members is touched.
 */
export interface BlockList {
  /** For people: `the alias quarantine of fw1`. */
  readonly words: string;
  /** Members now, of those that are asked for. @throws ActuatorError */
  membersAmong(members: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  add(members: readonly string[], signal: AbortSignal): Promise<void>;
  remove(members: readonly string[], signal: AbortSignal): Promise<void>;
}

/** What lists can hold. */
export type MemberKind = 'address' | 'network' | 'mac';

/** Capabilities of a kind whose lists hold these. */
export function listCapabilities(kinds: readonly MemberKind[]): readonly Capability[] {
  const cut = ['contain', 'allow'] as const;
  const block = ['deny', 'allow'] as const;
  return [
    ...cut.map((action) => ({ action, target: 'device', isReversible: true }) as const),
    ...(kinds.includes('mac')
      ? cut.map((action) => ({ action, target: 'mac_addr', isReversible: true }) as const)
      : []),
    ...(kinds.includes('address')
      ? (['ipv4_net', 'ipv6_net'] as const).flatMap((target) =>
          block.map((action) => ({ action, target, isReversible: true })),
        )
      : []),
  ];
}

interface Before {
  readonly there: readonly string[];
}

/** Puts devices and addresses on a list, and takes them off. */
export class ListActuator implements Actuator {
  readonly id: string;
  readonly type: string;
  readonly capabilities: readonly Capability[];
  readonly #kinds: readonly MemberKind[];
  readonly #list: BlockList;
  readonly #never: readonly string[];

  /** @param never members that must not be put on the list */
  constructor(id: string, type: string, kinds: readonly MemberKind[], list: BlockList, never: readonly string[]) {
    this.id = id;
    this.type = type;
    this.capabilities = listCapabilities(kinds);
    this.#kinds = kinds;
    this.#list = list;
    this.#never = never;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const members = this.#membersOf(command);
    const there = await this.#list.membersAmong(members, signal);
    const isOff = command.command.action === 'allow';
    const effect = isOff
      ? `Take ${members.join(', ')} off ${this.#list.words}.`
      : `Put ${members.join(', ')} on ${this.#list.words}.`;
    return { effects: [effect], before: { there }, isReversible: true };
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    await this.#become(command, command.command.action !== 'allow', this.#membersOf(command), signal);
    return { summary: preparation.effects.join(' '), result: { members: this.#membersOf(command) } };
  }

  async undo(command: ActuatorCommand, { before }: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { there } = before as unknown as Before;
    const isOff = command.command.action === 'allow';
    const changed = this.#membersOf(command).filter((member) => there.includes(member) === isOff);
    await this.#become(command, isOff, changed, signal);
    return {
      summary: `${this.#list.words} holds what it held before of ${this.#membersOf(command).join(', ')}.`,
      result: null,
    };
  }

  async verify(command: ActuatorCommand, _: Preparation, signal: AbortSignal) {
    const members = this.#membersOf(command);
    const there = await this.#list.membersAmong(members, signal);
    const wanted = command.command.action === 'allow' ? 0 : members.length;
    return there.length === wanted ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    try {
      await this.#list.membersAmong([this.#kinds.includes('mac') ? '00:00:00:00:00:00' : '192.0.2.0'], signal);
      return { isReady: true, message: `${this.#list.words} can be read.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  async #become(_: ActuatorCommand, isOn: boolean, members: readonly string[], signal: AbortSignal): Promise<void> {
    if (members.length === 0) return;
    const there = await this.#list.membersAmong(members, signal);
    const changed = members.filter((member) => there.includes(member) !== isOn);
    if (changed.length === 0) return;
    if (signal.aborted) throw new ActuatorError('It was stopped before it had begun.', { isTemporary: true });
    // What became of a request that was sent is waited for, or it could still take effect after it was taken back.
    const whole = new AbortController().signal;
    await (isOn ? this.#list.add(changed, whole) : this.#list.remove(changed, whole));
  }

  /** @throws ActuatorError for what the list can't hold, or must not */
  #membersOf({ command: { target, args }, addresses, macAddresses }: ActuatorCommand): readonly string[] {
    if (args?.['x-sphinx']?.keep !== undefined)
      throw new ActuatorError(`${this.#list.words} cuts everything off; it can't keep the flows that care needs.`);
    const net = target.ipv4_net ?? target.ipv6_net;
    const macs = target.mac_addr === undefined ? macAddresses : [target.mac_addr];
    const found = net !== undefined ? [net] : this.#kinds.includes('mac') ? macs.map(asMac) : addresses;
    const members = [...new Set(found.map((member) => member.toLowerCase()))];
    if (members.length === 0)
      throw new ActuatorError('Nothing by which the list could know the device is in the inventory.');
    for (const member of members) {
      const [address = '', length] = member.split('/');
      const isAddress = isIP(address) !== 0 && /^[^/%]+(?:\/\d{1,3})?$/.test(member);
      const isWhole = length === undefined || length === (isIPv4(address) ? '32' : '128');
      if (!this.#kinds.includes('mac') && !isAddress) throw new ActuatorError(`"${member}" is no address.`);
      if (isAddress && !isWhole && !this.#kinds.includes('network'))
        throw new ActuatorError(`${this.#list.words} holds addresses, not networks such as ${member}.`);
      if (this.#never.some((one) => one.toLowerCase() === member))
        throw new ActuatorError(`The settings of this actuator say that ${member} must never be cut.`);
    }
    return members.map((member) => member.replace(/^([^:/]+)\/32$|^([^/]*:[^/]*)\/128$/, '$1$2'));
  }
}

function asMac(mac: string): string {
  const digits = mac.toLowerCase().replace(/[^0-9a-f]/g, '');
  if (digits.length !== 12) throw new ActuatorError(`"${mac}" is no hardware address.`);
  return digits.replace(/(..)(?=.)/g, '$1:');
}
