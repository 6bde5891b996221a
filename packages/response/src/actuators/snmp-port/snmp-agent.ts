import { isIPv6 } from 'node:net';
import snmp from 'net-snmp';
import { ActuatorError } from '../../contract/actuator.ts';

const LIMIT_MS = 2000;
const RETRIES = 1;
/** Rows of a table of addresses that are asked for at once. */
const REPETITIONS = 40;

export interface SnmpPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly authentication: 'sha' | 'sha256' | 'sha512';
  readonly authenticationKey: string;
  readonly privacyKey: string;
}

/** Number or object of an agent, by its identifier. */
export interface SnmpValue {
  readonly oid: string;
  readonly value: number;
}

/** A switch that is spoken to by SNMPv3, authenticated and encrypted (RFC 3414, RFC 3826). */
export class SnmpAgent {
  readonly #place: SnmpPlace;

  constructor(place: SnmpPlace) {
    this.#place = place;
  }

  /** @returns undefined where the agent has no such object */
  async get(oid: string): Promise<number | undefined> {
    const [varbind] = await this.#with<snmp.Varbind[]>((session, done) => session.get([oid], done as never));
    if (varbind === undefined || snmp.isVarbindError(varbind)) return undefined;
    return typeof varbind.value === 'number' ? varbind.value : undefined;
  }

  /** Sets a number. @param type as the object is defined: INTEGER or Unsigned32 */
  async set({ oid, value }: SnmpValue, type: 'integer' | 'unsigned'): Promise<void> {
    const objectType = type === 'integer' ? snmp.ObjectType.Integer : snmp.ObjectType.Unsigned32;
    await this.#with((session, done) => session.set([{ oid, type: objectType, value }], done as never));
  }

  /** All numbers below an identifier. */
  async walk(oid: string): Promise<readonly SnmpValue[]> {
    const rows: SnmpValue[] = [];
    await this.#with<void>((session, done) =>
      session.subtree(
        oid,
        REPETITIONS,
        (varbinds: snmp.Varbind[]) => {
          for (const { oid: found, value } of varbinds) if (typeof value === 'number') rows.push({ oid: found, value });
        },
        ((error: Error | null) => done(error, undefined)) as never,
      ),
    );
    return rows;
  }

  #with<T>(ask: (session: snmp.Session, done: (error: Error | null, value: T) => void) => void): Promise<T> {
    const { host, port, user, authentication, authenticationKey, privacyKey } = this.#place;
    const session = snmp.createV3Session(
      host,
      {
        name: user,
        level: snmp.SecurityLevel.authPriv,
        authProtocol: snmp.AuthProtocols[authentication],
        authKey: authenticationKey,
        privProtocol: snmp.PrivProtocols.aes,
        privKey: privacyKey,
      },
      { port, timeout: LIMIT_MS, retries: RETRIES, transport: isIPv6(host) ? 'udp6' : 'udp4' },
    );
    return new Promise<T>((resolve, reject) => {
      const end = (error: Error | null, value: T): void => {
        session.close();
        if (error === null || error === undefined) resolve(value);
        else reject(explain(this.#place, error));
      };
      session.on('error', (error: Error) => end(error, undefined as T));
      ask(session, end);
    });
  }
}

function explain({ host, port, user }: SnmpPlace, error: Error): ActuatorError {
  const said = error.message;
  if (/timed out/i.test(said))
    return new ActuatorError(`${host}:${port} does not answer by SNMP.`, { isTemporary: true, cause: error });
  if (/unknown user|digest|decrypt|security|authentic/i.test(said))
    return new ActuatorError(`${host} does not let ${user} in by SNMPv3 (${said}). Check the user and both keys.`);
  if (/NoAccess|NotWritable|AuthorizationError|NoCreation/i.test(said))
    return new ActuatorError(
      `${host} does not let ${user} change this (${said}). Give it write access to this object.`,
    );
  return new ActuatorError(`${host} refused: ${said}`);
}
