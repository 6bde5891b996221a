import { z } from 'zod';
import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
  type Capability,
  type Preparation,
} from '../../contract/actuator.ts';
import { secretText } from '../../means/http.ts';
import {
  ATTRIBUTE,
  type AttributeValue,
  COA_REQUEST,
  causeInWords,
  DISCONNECT_REQUEST,
  requestChange,
} from './dynamic-authorization.ts';

const RadiusSettings = z.strictObject({
  host: z.union([z.ipv4(), z.ipv6()]).describe('Switch, controller, or RADIUS server that passes changes on'),
  port: z.int().min(1).max(65_535).default(3799),
  sharedSecret: z.string().min(1).describe('Name of the secret that is shared with it'),
  quarantineVlan: z.string().min(1).max(249).optional().describe('VLAN, by number or name, that a device is moved to'),
  quarantineFilter: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe('Filter-Id, name of an access list there, that it is put under'),
  macFormat: z
    .enum(['00-11-22-AA-BB-CC', '00:11:22:aa:bb:cc', '001122aabbcc', '0011.22aa.bbcc'])
    .default('00-11-22-AA-BB-CC')
    .describe('How the switch writes hardware addresses (Calling-Station-Id)'),
});
type RadiusSettings = z.infer<typeof RadiusSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'contain', target: 'mac_addr', isReversible: true },
  { action: 'contain', target: 'device', isReversible: true },
  { action: 'restart', target: 'device', isReversible: false },
  { action: 'delete', target: 'x-sphinx:sessions', isReversible: false },
];
/** RFC 5176 §3.5: Session Context Not Found. */
const NO_SESSION = 503;

/** Sessions at switches and access points, changed while they last. */
export const radius: ActuatorKind<typeof RadiusSettings> = {
  type: 'radius-coa',
  title: 'RADIUS change of authorization',
  description:
    'Moves a device that is in the network by 802.1X or MAC authentication to a quarantine VLAN or under an access list at once ' +
    '(`contain`), or ends its session or that of an account, so that it has to prove itself again (RFC 5176). The hospital ' +
    'prepares switches that take changes from SPHINX with a secret. Taking back ends the session: the device comes in again as ' +
    'its RADIUS server decides. A switch can’t be asked what is in force.',
  proof: 'real',
  triedWith: 'FreeRADIUS 3.2 as the end that takes changes',
  capabilities: CAPABILITIES,
  settings: RadiusSettings,
  open: (id, settings, context) => new RadiusActuator(id, settings, context),
};

class RadiusActuator implements Actuator {
  readonly id: string;
  readonly type = 'radius-coa';
  readonly capabilities = CAPABILITIES;
  readonly #settings: RadiusSettings;
  readonly #context: ActuatorContext;

  constructor(id: string, settings: RadiusSettings, context: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#context = context;
  }

  async prepare(command: ActuatorCommand, _: AbortSignal): Promise<Preparation> {
    const { host, quarantineVlan, quarantineFilter } = this.#settings;
    await secretText(this.#context.secrets, this.#settings.sharedSecret);
    const sessions = sessionsOf(command, this.#settings);
    const who = sessions.map(({ words }) => words).join(', ');
    const isMove = command.command.action === 'contain';
    if (isMove) this.#quarantine();
    const place = [quarantineVlan && `VLAN ${quarantineVlan}`, quarantineFilter && `filter ${quarantineFilter}`];
    const effect = isMove
      ? `Tell ${host} to move ${who} to ${place.filter(Boolean).join(', ')}.`
      : `Tell ${host} to end the session of ${who}.`;
    return { effects: [effect], before: null, isReversible: isMove };
  }

  async apply(command: ActuatorCommand, _: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { host } = this.#settings;
    const isMove = command.command.action === 'contain';
    const changed: string[] = [];
    for (const { words, attributes } of sessionsOf(command, this.#settings)) {
      const cause = await this.#send(isMove ? COA_REQUEST : DISCONNECT_REQUEST, attributes, isMove, signal);
      if (cause === undefined) changed.push(words);
      // Whoever has no session any more needs not be cut off from one.
      else if (isMove || cause !== NO_SESSION)
        throw new ActuatorError(`${host} refused for ${words}: ${causeInWords(cause)}.`);
    }
    const summary = changed.length === 0 ? `${host} has no such session.` : `${host} did so for ${changed.join(', ')}.`;
    return { summary, result: { changed } };
  }

  async undo(command: ActuatorCommand, _: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { host } = this.#settings;
    if (command.command.action !== 'contain')
      return { summary: 'A session that was ended can’t be brought back.', result: null };
    for (const { words, attributes } of sessionsOf(command, this.#settings)) {
      const cause = await this.#send(DISCONNECT_REQUEST, attributes, false, signal);
      if (cause !== undefined && cause !== NO_SESSION)
        throw new ActuatorError(`${host} refused for ${words}: ${causeInWords(cause)}.`);
    }
    return { summary: `${host} lets the device prove itself again.`, result: null };
  }

  async verify(): Promise<'unknown'> {
    return 'unknown';
  }

  /** A session that nobody has is asked to end: only whoever knows the secret can answer that there is none. */
  async check(signal: AbortSignal) {
    const { host } = this.#settings;
    try {
      const nobody: AttributeValue = [
        ATTRIBUTE.callingStationId,
        Buffer.from(formatMac('00:00:00:00:00:00', this.#settings)),
      ];
      await this.#send(DISCONNECT_REQUEST, [nobody], false, signal);
      return { isReady: true, message: `${host} answers and knows the secret.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  async #send(code: number, who: readonly AttributeValue[], isMove: boolean, signal: AbortSignal) {
    const { host, port, sharedSecret } = this.#settings;
    const secret = await secretText(this.#context.secrets, sharedSecret);
    const attributes = isMove ? [...who, ...this.#quarantine()] : who;
    return requestChange({ host, port, secret, now: this.#context.now }, code, attributes, signal);
  }

  /** RFC 3580 §3.31: a VLAN is a tunnel of type 13 over IEEE 802 (6). */
  #quarantine(): readonly AttributeValue[] {
    const { quarantineVlan: vlan, quarantineFilter: filter } = this.#settings;
    if (vlan === undefined && filter === undefined)
      throw new ActuatorError('Enter "quarantineVlan" or "quarantineFilter" in the settings of this actuator.');
    return [
      ...(vlan === undefined
        ? []
        : ([
            [ATTRIBUTE.tunnelType, Buffer.from([0, 0, 0, 13])],
            [ATTRIBUTE.tunnelMediumType, Buffer.from([0, 0, 0, 6])],
            [ATTRIBUTE.tunnelPrivateGroupId, Buffer.from(vlan)],
          ] as const)),
      ...(filter === undefined ? [] : ([[ATTRIBUTE.filterId, Buffer.from(filter)]] as const)),
    ];
  }
}

interface Session {
  readonly words: string;
  readonly attributes: readonly AttributeValue[];
}

/** @throws ActuatorError where it is not known whose sessions are meant */
function sessionsOf(
  { command: { target }, macAddresses }: ActuatorCommand,
  settings: RadiusSettings,
): readonly Session[] {
  const account = target['x-sphinx:sessions']?.account;
  if (account !== undefined) return [{ words: account, attributes: [[ATTRIBUTE.userName, Buffer.from(account)]] }];
  const macs = target.mac_addr === undefined ? macAddresses : [target.mac_addr];
  if (macs.length === 0)
    throw new ActuatorError(
      'No hardware address of the device is known, so its session can’t be named. Enter it in the inventory.',
    );
  return macs.map((mac) => {
    const words = formatMac(mac, settings);
    return { words, attributes: [[ATTRIBUTE.callingStationId, Buffer.from(words)]] };
  });
}

function formatMac(mac: string, { macFormat }: RadiusSettings): string {
  const digits = mac.toLowerCase().replace(/[^0-9a-f]/g, '');
  if (digits.length !== 12) throw new ActuatorError(`"${mac}" is no hardware address.`);
  switch (macFormat) {
    case '00-11-22-AA-BB-CC':
      return digits.toUpperCase().replace(/(..)(?=.)/g, '$1-');
    case '00:11:22:aa:bb:cc':
      return digits.replace(/(..)(?=.)/g, '$1:');
    case '001122aabbcc':
      return digits;
    case '0011.22aa.bbcc':
      return digits.replace(/(....)(?=.)/g, '$1.');
  }
}
