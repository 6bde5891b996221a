import { z } from 'zod';
import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
  type Capability,
  type Json,
  type Preparation,
} from '../../contract/actuator.ts';
import { secretText } from '../../means/http.ts';
import { SnmpAgent } from './snmp-agent.ts';

/** sysUpTime (RFC 3418). */
const UP_TIME = '1.3.6.1.2.1.1.3.0';
/** ifAdminStatus (RFC 2863): 1 up, 2 down. */
const ADMIN_STATUS = '1.3.6.1.2.1.2.2.1.7';
const DOWN = 2;
/** dot1dBasePortIfIndex and dot1dTpFdbPort (RFC 4188). */
const BASE_PORT_IF_INDEX = '1.3.6.1.2.1.17.1.4.1.2';
const FDB_PORT = '1.3.6.1.2.1.17.4.3.1.2';
/** dot1qPvid and dot1qTpFdbPort (RFC 4363). */
const PVID = '1.3.6.1.2.1.17.7.1.4.5.1.1';
const VLAN_FDB_PORT = '1.3.6.1.2.1.17.7.1.2.2.1.2';

const SnmpPortSettings = z.strictObject({
  host: z.union([z.ipv4(), z.ipv6()]).describe('Switch'),
  port: z.int().min(1).max(65_535).default(161),
  user: z.string().min(1).max(32).describe('User of SNMPv3 with authentication and privacy (AES)'),
  authentication: z.enum(['sha', 'sha256', 'sha512']).default('sha256'),
  authenticationSecret: z.string().min(1).describe('Name of the secret with the authentication key'),
  privacySecret: z.string().min(1).describe('Name of the secret with the privacy key'),
  quarantineVlan: z
    .int()
    .min(1)
    .max(4094)
    .optional()
    .describe('VLAN that a port is moved to; without it the port is shut'),
  ports: z
    .record(z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/), z.int().min(1))
    .default({})
    .describe(
      'Number of the port (bridge port for a VLAN, interface to shut it) by hardware address, where the switch can’t be asked',
    ),
  devicesPerPort: z
    .int()
    .min(1)
    .default(1)
    .describe('A port with more devices behind it is not touched: it leads to another switch'),
  neverChange: z.array(z.int()).default([]).describe('Interfaces that stay: uplinks'),
});
type SnmpPortSettings = z.infer<typeof SnmpPortSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'contain', target: 'mac_addr', isReversible: true },
  { action: 'contain', target: 'device', isReversible: true },
];

/** Ports of switches. */
export const snmpPort: ActuatorKind<typeof SnmpPortSettings> = {
  type: 'snmp-port',
  title: 'Switch port by SNMP',
  description:
    'Moves the port of a device to a quarantine VLAN (dot1qPvid) or shuts it (ifAdminStatus). The port is found in the table of ' +
    'addresses of the switch; one with more devices behind it than the settings allow is not touched. The hospital prepares ' +
    'a user of SNMPv3 with authentication and privacy that may read these tables and write this object.',
  proof: 'real',
  triedWith:
    'net-snmp 5.9 (snmpd): a port that is shut stops real traffic between network namespaces; VLANs and the table of addresses as recorded objects of snmpd',
  capabilities: CAPABILITIES,
  settings: SnmpPortSettings,
  open: (id, settings, context) => new SnmpPort(id, settings, context),
};

interface Before {
  readonly changes: readonly { readonly oid: string; readonly value: number }[];
}

class SnmpPort implements Actuator {
  readonly id: string;
  readonly type = 'snmp-port';
  readonly capabilities = CAPABILITIES;
  readonly #settings: SnmpPortSettings;
  readonly #secrets: ActuatorContext['secrets'];

  constructor(id: string, settings: SnmpPortSettings, { secrets }: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#secrets = secrets;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    if (command.command.args?.['x-sphinx']?.keep !== undefined)
      throw new ActuatorError('A port is moved or shut as a whole; the flows that care needs can’t be kept.');
    const macs = macsOf(command);
    const agent = await this.#agent(signal);
    const { host, quarantineVlan } = this.#settings;
    const changes: { oid: string; value: number }[] = [];
    const effects: string[] = [];
    for (const mac of macs) {
      const { oid, port } = await this.#objectOf(agent, mac);
      const value = await agent.get(oid);
      if (value === undefined) throw new ActuatorError(`${host} has no object ${oid}. Check the number of the port.`);
      changes.push({ oid, value });
      effects.push(
        quarantineVlan === undefined
          ? `Shut port ${port} of ${host}, behind which ${mac} is.`
          : `Move port ${port} of ${host}, behind which ${mac} is, from VLAN ${value} to VLAN ${quarantineVlan}.`,
      );
    }
    return { effects, before: { changes } as Json, isReversible: true };
  }

  async apply(_: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const agent = await this.#agent(signal);
    for (const { oid } of beforeOf(preparation).changes) await this.#become(agent, oid, this.#wanted(), signal);
    return { summary: preparation.effects.join(' '), result: null };
  }

  /** A port that somebody set otherwise meanwhile stays as they set it. */
  async undo(_: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const agent = await this.#agent(signal);
    for (const { oid, value } of beforeOf(preparation).changes)
      if ((await agent.get(oid)) === this.#wanted()) await this.#become(agent, oid, value, signal);
    return { summary: `The ports of ${this.#settings.host} are as they were before.`, result: null };
  }

  async verify(_: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    const agent = await this.#agent(signal);
    for (const { oid } of beforeOf(preparation).changes) if ((await agent.get(oid)) !== this.#wanted()) return 'absent';
    return 'in-force';
  }

  async check(signal: AbortSignal) {
    const { host } = this.#settings;
    try {
      const isThere = (await (await this.#agent(signal)).get(UP_TIME)) !== undefined;
      return { isReady: isThere, message: isThere ? `${host} answers.` : `${host} shows nothing to this user.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  #wanted(): number {
    return this.#settings.quarantineVlan ?? DOWN;
  }

  async #become(agent: SnmpAgent, oid: string, value: number, signal: AbortSignal): Promise<void> {
    if ((await agent.get(oid)) === value) return;
    if (signal.aborted) throw new ActuatorError('It was stopped before it had begun.', { isTemporary: true });
    await agent.set({ oid, value }, this.#settings.quarantineVlan === undefined ? 'integer' : 'unsigned');
  }

  async #objectOf(agent: SnmpAgent, mac: string): Promise<{ oid: string; port: number }> {
    const { ports, quarantineVlan, neverChange, host } = this.#settings;
    const given = Object.hasOwn(ports, mac) ? ports[mac] : undefined;
    const isVlan = quarantineVlan !== undefined;
    const bridgePort = given === undefined ? await this.#learntPort(agent, mac) : given;
    const interfaceOf = async () => await agent.get(`${BASE_PORT_IF_INDEX}.${bridgePort}`);
    const index = given === undefined || isVlan ? await interfaceOf() : given;
    if (index === undefined && !isVlan)
      throw new ActuatorError(`${host} does not say which interface port ${bridgePort} is.`);
    if (index !== undefined && neverChange.includes(index))
      throw new ActuatorError(
        `${mac} is behind interface ${index} of ${host}, which the settings say must stay as it is.`,
      );
    return isVlan
      ? { oid: `${PVID}.${bridgePort}`, port: bridgePort }
      : { oid: `${ADMIN_STATUS}.${index}`, port: index ?? 0 };
  }

  /** @throws ActuatorError where the switch has not learnt the address, or the port leads to many devices */
  async #learntPort(agent: SnmpAgent, mac: string): Promise<number> {
    const { host, devicesPerPort } = this.#settings;
    const suffix = mac
      .split(':')
      .map((part) => Number.parseInt(part, 16))
      .join('.');
    const rows = [...(await agent.walk(FDB_PORT)), ...(await agent.walk(VLAN_FDB_PORT))];
    const port = rows.find(({ oid, value }) => oid.endsWith(`.${suffix}`) && value > 0)?.value;
    if (port === undefined) throw new ActuatorError(`${host} has not seen ${mac}. Is the device at another switch?`);
    const behind = new Set(
      rows.filter(({ value }) => value === port).map(({ oid }) => oid.split('.').slice(-6).join('.')),
    );
    if (behind.size > devicesPerPort)
      throw new ActuatorError(
        `${behind.size} devices are behind port ${port} of ${host}: it leads to another switch. Ask that one.`,
      );
    return port;
  }

  async #agent(signal: AbortSignal): Promise<SnmpAgent> {
    if (signal.aborted) throw new ActuatorError('It was stopped before it had begun.', { isTemporary: true });
    const { host, port, user, authentication, authenticationSecret, privacySecret } = this.#settings;
    const [authenticationKey, privacyKey] = [
      await secretText(this.#secrets, authenticationSecret),
      await secretText(this.#secrets, privacySecret),
    ];
    return new SnmpAgent({ host, port, user, authentication, authenticationKey, privacyKey });
  }
}

function macsOf({ command: { target }, macAddresses }: ActuatorCommand): readonly string[] {
  const given = target.mac_addr === undefined ? macAddresses : [target.mac_addr];
  if (given.length === 0)
    throw new ActuatorError('No hardware address of the device is known, so its port can’t be found.');
  return given.map((mac) => {
    const lower = mac.toLowerCase().replaceAll('-', ':');
    if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(lower)) throw new ActuatorError(`"${mac}" is no hardware address.`);
    return lower;
  });
}

function beforeOf({ before }: Preparation): Before {
  return before as unknown as Before;
}
