import { isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';
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
import { RpzServer, type ZoneRecord } from './rpz-server.ts';

const DNS_NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Short, so that clients soon see when a name is free again. */
const TTL_SECONDS = 60;

const DnsRpzSettings = z.strictObject({
  server: z.union([z.ipv4(), z.ipv6()]).describe('Address of the name server that takes updates'),
  port: z.int().min(1).max(65_535).default(53),
  zone: z.string().regex(DNS_NAME).describe('Zone of response policies: `rpz.hospital.example`'),
  keyName: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,255}$/)
    .describe('Name of the key (TSIG)'),
  keyAlgorithm: z.enum(['hmac-sha256', 'hmac-sha384', 'hmac-sha512']).default('hmac-sha256'),
  keySecret: z.string().min(1).describe('Name of the secret with the key in base64'),
  sinkhole: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('Address that blocked names lead to: a decoy. Without it there is no such name (NXDOMAIN)'),
  neverBlock: z
    .array(z.string())
    .default([])
    .describe('Names that stay, with all below them: the hospital’s own domain'),
});
type DnsRpzSettings = z.infer<typeof DnsRpzSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'deny', target: 'domain_name', isReversible: true },
  { action: 'redirect', target: 'domain_name', isReversible: true },
  { action: 'allow', target: 'domain_name', isReversible: true },
];

/** Names that nobody in the hospital gets an address for. */
export const dnsRpz: ActuatorKind<typeof DnsRpzSettings> = {
  type: 'dns-rpz',
  title: 'DNS response policy zone',
  description:
    'Blocks a name and all below it for whoever asks the hospital’s name server, or leads it to a decoy (`redirect`). The hospital ' +
    'prepares a zone of response policies on BIND, Knot or another server that takes updates (RFC 2136), a key that may change ' +
    'nothing but this zone, and nsupdate and dig on the machine of SPHINX. BIND takes changes over once a minute unless its ' +
    'response-policy has `min-update-interval 0`. What clients remember lasts for its time.',
  proof: 'real',
  triedWith: 'BIND 9.18',
  capabilities: CAPABILITIES,
  settings: DnsRpzSettings,
  open: (id, settings, context) => new DnsRpz(id, settings, context),
};

interface Before {
  readonly before: readonly ZoneRecord[];
  readonly wanted: readonly ZoneRecord[];
}

class DnsRpz implements Actuator {
  readonly id: string;
  readonly type = 'dns-rpz';
  readonly capabilities = CAPABILITIES;
  readonly #settings: DnsRpzSettings;
  readonly #context: ActuatorContext;

  constructor(id: string, settings: DnsRpzSettings, context: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#context = context;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const names = this.#namesOf(command);
    const wanted = this.#wanted(command, names);
    const before = await (await this.#server()).read(names, signal);
    const what = names[0]?.slice(0, -this.#settings.zone.length - 2);
    const isSame = missing(before, wanted).length === 0 && missing(wanted, before).length === 0;
    const verb = wanted.length === 0 ? 'Let go' : wanted[0]?.type === 'CNAME' ? 'Block' : `Lead to ${wanted[0]?.data}:`;
    const effect = isSame ? `${what} is treated so already.` : `${verb} ${what} and all names below it.`;
    return { effects: [effect], before: { before, wanted } as unknown as Json, isReversible: true };
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    await this.#become(command, stateOf(preparation).wanted, signal);
    return { summary: preparation.effects.join(' '), result: { zone: this.#settings.zone } };
  }

  async undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { before, wanted } = stateOf(preparation);
    const now = await (await this.#server()).read(this.#namesOf(command), signal);
    // Where somebody made other rules for the name meanwhile, theirs stay.
    const isOurs = missing(now, wanted).length === 0 && missing(wanted, now).length === 0;
    if (isOurs) await this.#become(command, before, signal);
    return { summary: isOurs ? 'The name is treated as before.' : 'There is nothing to take back.', result: null };
  }

  async verify(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    const { wanted } = stateOf(preparation);
    const now = await (await this.#server()).read(this.#namesOf(command), signal);
    return missing(wanted, now).length === 0 && missing(now, wanted).length === 0 ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    const { server, port, zone } = this.#settings;
    try {
      await (await this.#server()).read([`sphinx-check.${zone}.`], signal);
      return { isReady: true, message: `${server}:${port} answers for ${zone}.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  async #become(command: ActuatorCommand, wanted: readonly ZoneRecord[], signal: AbortSignal): Promise<void> {
    const server = await this.#server();
    const now = await server.read(this.#namesOf(command), signal);
    const gone = missing(now, wanted);
    const added = missing(wanted, now);
    if (gone.length + added.length > 0) await server.change(gone, added, signal);
  }

  async #server(): Promise<RpzServer> {
    const { server, port, zone, keyName, keyAlgorithm, keySecret } = this.#settings;
    const secret = await secretText(this.#context.secrets, keySecret);
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(secret))
      throw new ActuatorError(`The secret "${keySecret}" is no key in base64.`);
    return new RpzServer({ server, port, zone, key: { name: keyName, algorithm: keyAlgorithm, secret } });
  }

  /** The name and all below it, in the zone. @throws ActuatorError for what is no name, or one that must stay */
  #namesOf({ command: { target } }: ActuatorCommand): readonly string[] {
    const { zone, neverBlock } = this.#settings;
    const given = target.domain_name ?? '';
    const name = domainToASCII(given.replace(/\.$/, '')).toLowerCase();
    if (!DNS_NAME.test(name) || given.includes('/'))
      throw new ActuatorError(`"${given}" is no name of a host or domain.`);
    const kept = neverBlock
      .map((one) => one.toLowerCase())
      .find((one) => one === name || one.endsWith(`.${name}`) || name.endsWith(`.${one}`));
    if (kept !== undefined)
      throw new ActuatorError(`The settings of this actuator say that ${kept} must stay reachable.`);
    if (`*.${name}.${zone}`.length > 253) throw new ActuatorError(`"${name}" is too long for the zone ${zone}.`);
    return [`${name}.${zone}.`, `*.${name}.${zone}.`];
  }

  /** draft-vixie-dnsop-dns-rpz-00 §3: a CNAME to the root says that there is no such name; any other record is the answer. */
  #wanted({ command: { action } }: ActuatorCommand, names: readonly string[]): readonly ZoneRecord[] {
    const { sinkhole } = this.#settings;
    if (action === 'allow') return [];
    if (action === 'redirect' && sinkhole === undefined)
      throw new ActuatorError(
        'It is not known where to lead the name. Enter "sinkhole" in the settings of this actuator.',
      );
    return names.map((name) => {
      if (sinkhole === undefined || action !== 'redirect') return { name, ttl: TTL_SECONDS, type: 'CNAME', data: '.' };
      return { name, ttl: TTL_SECONDS, type: isIPv4(sinkhole) ? 'A' : 'AAAA', data: sinkhole };
    });
  }
}

/** Records of the first that the second lacks; when they end does not tell them apart. */
function missing(wanted: readonly ZoneRecord[], there: readonly ZoneRecord[]): readonly ZoneRecord[] {
  const isSame = (left: ZoneRecord, right: ZoneRecord): boolean =>
    left.name === right.name && left.type === right.type && left.data === right.data;
  return wanted.filter((record) => !there.some((other) => isSame(record, other)));
}

function stateOf({ before }: Preparation): Before {
  return before as unknown as Before;
}
