import type { DnsMessageRecord } from '../../dns/message-record.ts';
import type { HttpExchange } from '../../http/types.ts';
import type { ProtocolRecord } from '../../protocol.ts';
import { dnsBody, multicastDnsBody } from './bodies/dns.ts';
import { httpBody } from './bodies/http.ts';
import { SshSession } from './bodies/ssh.ts';
import { TlsSession } from './bodies/tls.ts';
import type { EveBody } from './eve-event.ts';

/** What several records tell of one event: a handshake, an exchange of keys. */
export interface EveSession {
  /** Id of the room whose records it takes. */
  readonly protocol: string;
  /** @returns the event, once and as soon as it is complete */
  add(record: ProtocolRecord): EveBody | undefined;
  /** @returns the event as far as it came, where it was not told before */
  end(): EveBody | undefined;
}

type Describe = (record: ProtocolRecord) => EveBody | undefined;

/** Rooms whose sides have an event each: who asks and who answers. */
const SIDES: ReadonlyMap<string, Describe> = new Map([
  mapping<DnsMessageRecord>('dns', dnsBody),
  mapping<DnsMessageRecord>('mdns', multicastDnsBody),
  mapping<DnsMessageRecord>('llmnr', multicastDnsBody),
]);

/** Rooms whose records have an event each. */
const RECORDS: ReadonlyMap<string, Describe> = new Map([mapping<HttpExchange>('http', httpBody)]);

const SESSIONS: ReadonlyMap<string, () => EveSession> = new Map<string, () => EveSession>([
  ['tls', () => new TlsSession()],
  ['ssh', () => new SshSession()],
]);

/** The id of a room says of which type its records are. */
function mapping<R extends ProtocolRecord>(
  protocol: R['protocol'],
  describe: (record: R) => EveBody | undefined,
): readonly [string, Describe] {
  return [protocol, (record) => describe(record as R)];
}

/** @returns what EVE tells of a single side of a transaction; undefined where it tells of both together */
export function describeSide(record: ProtocolRecord): EveBody | undefined {
  return SIDES.get(record.protocol)?.(record);
}

/** @returns what EVE tells of a record; undefined where it has no event for it, or tells the sides one by one */
export function describeRecord(record: ProtocolRecord): EveBody | undefined {
  return RECORDS.get(record.protocol)?.(record);
}

/** @returns what gathers the records of a room into one event; undefined where each record has its own */
export function createSession(protocol: string): EveSession | undefined {
  return SESSIONS.get(protocol)?.();
}
