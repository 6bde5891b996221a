import type { ConnectionOptions } from 'node:tls';
import {
  AndFilter,
  Attribute,
  Change,
  Client,
  EqualityFilter,
  InsufficientAccessError,
  InvalidCredentialsError,
  NoSuchAttributeError,
  NoSuchObjectError,
  OrFilter,
  ResultCodeError,
  TypeOrValueExistsError,
} from 'ldapts';
import { ActuatorError } from '../../contract/actuator.ts';
import type { AccountSchema, Attributes, WantedAttribute } from './account-schema.ts';

const LIMIT_MS = 15_000;

export interface DirectoryPlace {
  readonly host: string;
  readonly port: number;
  readonly security: 'ldaps' | 'starttls';
  readonly baseDn: string;
  readonly bindDn: string;
  readonly password: string;
  readonly tls: ConnectionOptions;
}

export interface AccountEntry {
  readonly dn: string;
  readonly attributes: Attributes;
}

/**
 * Talks to a directory as one account, and ends the connection.
 *
 * @throws ActuatorError with what a person can do where the directory is away, is not who it should be, or refuses
 */
export async function withDirectory<T>(
  place: DirectoryPlace,
  signal: AbortSignal,
  work: (directory: Directory) => Promise<T>,
): Promise<T> {
  const scheme = place.security === 'ldaps' ? 'ldaps' : 'ldap';
  const host = place.host.includes(':') ? `[${place.host}]` : place.host;
  if (signal.aborted) throw explain(place, signal, undefined);
  const client = new Client({
    url: `${scheme}://${host}:${place.port}`,
    timeout: LIMIT_MS,
    connectTimeout: LIMIT_MS,
    ...(place.security === 'ldaps' ? { tlsOptions: place.tls } : {}),
  });
  try {
    if (place.security === 'starttls') await client.startTLS(place.tls);
    await client.bind(place.bindDn, place.password);
    return await work(new Directory(client, place.baseDn, signal));
  } catch (error) {
    throw explain(place, signal, error);
  } finally {
    await client.unbind().catch(() => {});
  }
}

/**
 * A directory that has let SPHINX in. A signal to stop is heeded between two requests: what became of one that was sent is waited
 * for, or it could still take effect after it was taken back.
 */
export class Directory {
  readonly #client: Client;
  readonly #baseDn: string;
  readonly #signal: AbortSignal;

  constructor(client: Client, baseDn: string, signal: AbortSignal) {
    this.#client = client;
    this.#baseDn = baseDn;
    this.#signal = signal;
  }

  /** @throws ActuatorError where no account, or more than one, has this name */
  async findAccount(schema: AccountSchema, name: string): Promise<AccountEntry> {
    const names = schema.nameAttributes.map((attribute) => new EqualityFilter({ attribute, value: name }));
    const isAccount = new EqualityFilter({ attribute: 'objectClass', value: schema.objectClass });
    this.#signal.throwIfAborted();
    const { searchEntries } = await this.#client.search(this.#baseDn, {
      scope: 'sub',
      filter: new AndFilter({ filters: [isAccount, new OrFilter({ filters: names })] }),
      attributes: [...schema.attributes],
      sizeLimit: 2,
    });
    const [entry] = searchEntries;
    if (entry === undefined) throw new ActuatorError(`The directory has no account "${name}" below ${this.#baseDn}.`);
    if (searchEntries.length > 1)
      throw new ActuatorError(
        `More than one account is called "${name}" below ${this.#baseDn}. Narrow the base in the settings.`,
      );
    return { dn: entry.dn, attributes: valuesOf(entry, schema.attributes) };
  }

  async readAccount(schema: AccountSchema, dn: string): Promise<AccountEntry> {
    this.#signal.throwIfAborted();
    const { searchEntries } = await this.#client.search(dn, { scope: 'base', attributes: [...schema.attributes] });
    const [entry] = searchEntries;
    if (entry === undefined) throw new ActuatorError(`The directory has no entry ${dn} any more.`);
    return { dn, attributes: valuesOf(entry, schema.attributes) };
  }

  /**
   * Changes one attribute in one step, and only where it still has the values that were read.
   *
   * @returns whether it had; where not, read again
   */
  async replace({ dn, attributes }: AccountEntry, { attribute, values }: WantedAttribute): Promise<boolean> {
    const old = attributes[attribute] ?? [];
    const change = (operation: 'add' | 'delete', of: readonly string[]): Change =>
      new Change({ operation, modification: new Attribute({ type: attribute, values: [...of] }) });
    const changes = [
      ...(old.length > 0 ? [change('delete', old)] : []),
      ...(values.length > 0 ? [change('add', values)] : []),
    ];
    if (changes.length === 0) return true;
    this.#signal.throwIfAborted();
    try {
      await this.#client.modify(dn, changes);
      return true;
    } catch (error) {
      if (error instanceof NoSuchAttributeError || error instanceof TypeOrValueExistsError) return false;
      throw error;
    }
  }
}

function valuesOf(entry: Readonly<Record<string, unknown>>, names: readonly string[]): Attributes {
  const named = Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value] as const);
  const values = new Map(named);
  return Object.fromEntries(
    names.map((name) => {
      const value = values.get(name.toLowerCase());
      return [
        name,
        (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== '').map(String),
      ];
    }),
  );
}

function explain(place: DirectoryPlace, signal: AbortSignal, error: unknown): Error {
  if (error instanceof ActuatorError) return error;
  const where = `${place.host}:${place.port}`;
  if (signal.aborted)
    return new ActuatorError(`Talking to ${where} was stopped before it had ended.`, { isTemporary: true });
  if (error instanceof InvalidCredentialsError)
    return new ActuatorError(`${where} does not let ${place.bindDn} in. Enter its password again.`);
  if (error instanceof InsufficientAccessError)
    return new ActuatorError(
      `${place.bindDn} may not change this account. Give it the right for this attribute at ${where}.`,
    );
  if (error instanceof NoSuchObjectError)
    return new ActuatorError(`${where} has no such entry (${error.message}). Check the base in the settings.`);
  if (error instanceof ResultCodeError) return new ActuatorError(`${where} refused: ${error.message}`);
  const { message, code } = error as NodeJS.ErrnoException;
  if (/certificate|self.signed|altnames/i.test(`${message} ${code}`))
    return new ActuatorError(
      `${where} is not proved by its certificate (${message}). Enter the certificate of its authority.`,
    );
  return new ActuatorError(`The directory ${where} can't be reached: ${message}`, { isTemporary: true, cause: error });
}
