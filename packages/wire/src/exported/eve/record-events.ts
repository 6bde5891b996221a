import type { HttpExchange } from '../../http/types.ts';
import type { ProtocolRecord } from '../../protocol.ts';
import { kerberosBody } from './bodies/directory.ts';
import { dnsBody, multicastDnsBody } from './bodies/dns.ts';
import { http2Body, httpBody } from './bodies/http.ts';
import { enipBody, modbusBody } from './bodies/industrial.ts';
import { dhcpBody, snmpBody, tftpBody } from './bodies/network.ts';
import { quicBody } from './bodies/quic.ts';
import { rdpBody, rfbBody } from './bodies/remote.ts';
import { sipBody } from './bodies/sip.ts';
import { SshSession } from './bodies/ssh.ts';
import { TlsSession } from './bodies/tls.ts';
import { webSocketBody } from './bodies/websocket.ts';
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

type Describe = (record: ProtocolRecord, transaction: number) => EveBody | undefined;

/** Rooms whose sides have an event each: who asks and who answers. */
const SIDES: ReadonlyMap<string, Describe> = new Map([
  mapping('dns', dnsBody),
  mapping('mdns', multicastDnsBody),
  mapping('llmnr', multicastDnsBody),
  mapping('quic', quicBody),
  mapping('sip', sipBody),
  mapping('websocket', webSocketBody),
]);

/** Rooms whose records have an event each. */
const RECORDS: ReadonlyMap<string, Describe> = new Map([
  mapping('dhcp', dhcpBody),
  mapping('enip', enipBody),
  mapping<HttpExchange>('http', httpBody),
  mapping('http2', http2Body),
  mapping('kerberos', kerberosBody),
  mapping('modbus', modbusBody),
  mapping('rdp', rdpBody),
  mapping('snmp', snmpBody),
  mapping('tftp', tftpBody),
  mapping('vnc', rfbBody),
]);

const SESSIONS: ReadonlyMap<string, () => EveSession> = new Map<string, () => EveSession>([
  ['tls', () => new TlsSession()],
  ['ssh', () => new SshSession()],
]);

/** The id of a room says of which type its records are. */
function mapping<R extends ProtocolRecord>(
  protocol: R['protocol'],
  describe: (record: R, transaction: number) => EveBody | undefined,
): readonly [string, Describe] {
  return [protocol, (record, transaction) => describe(record as R, transaction)];
}

/**
 * @param side number within the flow, from 0
 * @returns what EVE tells of a side; undefined where it tells of both together
 */
export function describeSide(record: ProtocolRecord, side: number): EveBody | undefined {
  return SIDES.get(record.protocol)?.(record, side);
}

/**
 * @param transaction number within the flow, from 0
 * @returns what EVE tells of a record; undefined where it has no event for it, or tells the sides one by one
 */
export function describeRecord(record: ProtocolRecord, transaction: number): EveBody | undefined {
  return RECORDS.get(record.protocol)?.(record, transaction);
}

/** @returns what gathers the records of a room into one event; undefined where each record has its own */
export function createSession(protocol: string): EveSession | undefined {
  return SESSIONS.get(protocol)?.();
}
