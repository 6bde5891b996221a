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
import { ACCOUNT_SCHEMAS, type AccountSchema, type Attributes, type WantedAttribute } from './account-schema.ts';
import { type AccountEntry, type Directory, withDirectory } from './directory.ts';

const LdapSettings = z.strictObject({
  host: z.union([z.hostname(), z.ipv4(), z.ipv6()]).describe('Directory server or domain controller'),
  port: z.int().min(1).max(65_535).default(636),
  security: z.enum(['ldaps', 'starttls']).default('ldaps').describe('There is no way without TLS'),
  authority: z.string().optional().describe('Certificate of the authority in PEM; without it those of the system'),
  serverName: z.string().optional().describe('Name that the certificate must have, where it is not the host'),
  baseDn: z.string().min(1).describe('Where accounts are: `OU=Staff,DC=hospital,DC=example`'),
  bindDn: z.string().min(1).describe('Account of SPHINX, which may change nothing but the attributes named below'),
  passwordSecret: z.string().min(1).describe('Name of the secret with its password'),
  schema: z
    .enum(['active-directory', 'password-policy', 'shadow', 'account-lock'])
    .describe('How accounts are disabled'),
  neverDisable: z.array(z.string()).default([]).describe('Accounts that stay: emergency access, services of care'),
});
type LdapSettings = z.infer<typeof LdapSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'set', target: 'x-sphinx:account', isReversible: true },
  { action: 'update', target: 'x-sphinx:account', isReversible: true },
];

/** Accounts of Active Directory, OpenLDAP and others. */
export const ldap: ActuatorKind<typeof LdapSettings> = {
  type: 'ldap',
  title: 'LDAP and Active Directory',
  description:
    'Disables and enables accounts (`set`), and asks for another password at the next login (`update`). The hospital prepares an ' +
    'account for SPHINX that may read accounts and write these attributes alone: userAccountControl and pwdLastSet of Active ' +
    'Directory; pwdAccountLockedTime and pwdReset of OpenLDAP, whose policy must have pwdLockout; shadowExpire and ' +
    'shadowLastChange of Unix accounts; nsAccountLock of 389 Directory Server. Sessions and tickets that exist last until they ' +
    'expire. A changed pwdLastSet of Active Directory can only be taken back to "changed now".',
  proof: 'real',
  triedWith:
    'OpenLDAP 2.5 over TLS with its password policy, and with the attributes of Active Directory and 389 Directory Server in its schema',
  capabilities: CAPABILITIES,
  settings: LdapSettings,
  open: (id, settings, context) => new LdapActuator(id, settings, context),
};

/** Another change of the same attribute at the same moment is met by reading again. */
const ATTEMPTS = 5;

interface Before {
  readonly dn: string;
  readonly attribute: string;
  readonly values: readonly string[];
  /** What was wanted was there already, so there is nothing to take back. */
  readonly wasThere: boolean;
}

class LdapActuator implements Actuator {
  readonly id: string;
  readonly type = 'ldap';
  readonly capabilities = CAPABILITIES;
  readonly #settings: LdapSettings;
  readonly #schema: AccountSchema;
  readonly #secrets: ActuatorContext['secrets'];

  constructor(id: string, settings: LdapSettings, { secrets }: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#schema = ACCOUNT_SCHEMAS[settings.schema];
    this.#secrets = secrets;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const change = changeOf(command, this.#schema);
    const { name } = accountOf(command);
    this.#refuseKept(name, change);
    return this.#with(signal, async (directory) => {
      const entry = await directory.findAccount(this.#schema, name);
      const { attribute, values } = change.wanted(entry.attributes);
      const wasThere = change.isThere(entry.attributes);
      const before: Before = { dn: entry.dn, attribute, values: entry.attributes[attribute] ?? [], wasThere };
      const effect = wasThere
        ? `${entry.dn} ${change.words} already.`
        : `Set ${attribute} of ${entry.dn} to ${values.join(', ') || 'nothing'}: the account ${change.words}.`;
      return { effects: [effect], before: before as unknown as Json, isReversible: true };
    });
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const change = changeOf(command, this.#schema);
    const { dn } = beforeOf(preparation);
    return this.#with(signal, async (directory) => {
      await this.#change(directory, dn, (attributes) =>
        change.isThere(attributes) ? undefined : change.wanted(attributes),
      );
      return { summary: `${dn} ${change.words}.`, result: { dn } };
    });
  }

  async undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const change = changeOf(command, this.#schema);
    const before = beforeOf(preparation);
    return this.#with(signal, async (directory) => {
      if (before.wasThere) return { summary: `${before.dn} stays as it was before.`, result: { dn: before.dn } };
      await this.#change(directory, before.dn, (attributes) =>
        change.isThere(attributes) ? change.back(attributes, before.values) : undefined,
      );
      return { summary: `${before.dn} is as it was before.`, result: { dn: before.dn } };
    });
  }

  async verify(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    const change = changeOf(command, this.#schema);
    return this.#with(signal, async (directory) => {
      const { attributes } = await directory.readAccount(this.#schema, beforeOf(preparation).dn);
      return change.isThere(attributes) ? 'in-force' : 'absent';
    });
  }

  async check(signal: AbortSignal) {
    try {
      await this.#with(signal, async () => {});
      return { isReady: true, message: `The directory lets ${this.#settings.bindDn} in.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  async #change(
    directory: Directory,
    dn: string,
    wanted: (attributes: Attributes) => WantedAttribute | undefined,
  ): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const entry: AccountEntry = await directory.readAccount(this.#schema, dn);
      const change = wanted(entry.attributes);
      if (change === undefined || (await directory.replace(entry, change))) return;
    }
    throw new ActuatorError(`Something else keeps changing ${dn}. Try again.`, { isTemporary: true });
  }

  async #with<T>(signal: AbortSignal, work: (directory: Directory) => Promise<T>): Promise<T> {
    const { host, port, security, baseDn, bindDn, passwordSecret, authority, serverName } = this.#settings;
    const password = await this.#secrets.get(passwordSecret);
    if (password === undefined)
      throw new ActuatorError(
        `There is no secret "${passwordSecret}". Store the password of ${bindDn} under this name.`,
      );
    const tls = {
      ...(authority === undefined ? {} : { ca: authority }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      minVersion: 'TLSv1.2',
    } as const;
    const place = { host, port, security, baseDn, bindDn, password: Buffer.from(password).toString('utf8'), tls };
    return withDirectory(place, signal, work);
  }

  #refuseKept(name: string, { isLoss }: AccountChange): void {
    const kept = this.#settings.neverDisable.find((one) => one.toLowerCase() === name.toLowerCase());
    if (isLoss && kept !== undefined)
      throw new ActuatorError(`The settings of this actuator say that the account ${kept} must stay usable.`);
  }
}

/** What a command asks of an account. */
interface AccountChange {
  readonly words: string;
  /** Somebody may not get in afterwards. */
  readonly isLoss: boolean;
  isThere(attributes: Attributes): boolean;
  wanted(attributes: Attributes): WantedAttribute;
  back(attributes: Attributes, before: readonly string[]): WantedAttribute;
}

function changeOf(command: ActuatorCommand, schema: AccountSchema): AccountChange {
  const { action } = command.command;
  const { enabled } = accountOf(command);
  if (action === 'set' && enabled !== undefined) return enabled ? enabling(schema) : disabling(schema);
  if (action !== 'update') throw new ActuatorError('A directory can set an account enabled or disabled, or update it.');
  const forced = schema.withForcedChange({});
  if (forced === undefined) throw new ActuatorError(`${schema.title} can't be told that a password must be changed.`);
  return {
    words: 'must have another password at the next login',
    isLoss: false,
    isThere: schema.mustChangePassword,
    wanted: () => forced,
    // [MS-ADA3] §2.175: nothing but 0 and -1 (now) can be written.
    back: (_, before) => ({ attribute: forced.attribute, values: forced.attribute === 'pwdLastSet' ? ['-1'] : before }),
  };
}

function disabling(schema: AccountSchema): AccountChange {
  return {
    words: 'is disabled',
    isLoss: true,
    isThere: schema.isDisabled,
    wanted: schema.disabled,
    back: (attributes, before) => backTo(schema.enabled(attributes), before),
  };
}

function enabling(schema: AccountSchema): AccountChange {
  return {
    words: 'is enabled',
    isLoss: false,
    isThere: (attributes) => !schema.isDisabled(attributes),
    wanted: schema.enabled,
    back: schema.disabled,
  };
}

/** Where the attribute is a set of flags, only the own one goes back; otherwise the value that was there. */
function backTo(enabled: WantedAttribute, before: readonly string[]): WantedAttribute {
  return enabled.values.length > 0 ? enabled : { attribute: enabled.attribute, values: before };
}

function accountOf({ command: { target } }: ActuatorCommand): { name: string; enabled?: boolean | undefined } {
  const account = target['x-sphinx:account'];
  if (account === undefined) throw new ActuatorError('A directory only knows accounts.');
  return account;
}

function beforeOf({ before }: Preparation): Before {
  return before as unknown as Before;
}
