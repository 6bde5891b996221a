import type { FlowRecord } from '../../sensor.ts';
import { countOf, type Fields, microsOfSeconds, textOf } from '../field.ts';
import type { ImportedEnds, TrafficImporter } from '../imported-traffic.ts';
import { zeekMicrosOf } from './ends.ts';

/** Zeek's service names where ours differ. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['ssl', 'tls'],
  ['krb', 'kerberos'],
  ['krb_tcp', 'kerberos'],
  ['rfb', 'vnc'],
  ['dce_rpc', 'dce-rpc'],
  ['enip', 'ethernet-ip'],
  ['spicy_ldap_tcp', 'ldap'],
]);
/** Named beside the protocol that they serve. */
const AUXILIARY: ReadonlySet<string> = new Set(['gssapi', 'ntlm', 'krb', 'krb_tcp', 'spnego']);

/** Connection states of conn.log. */
const STATES: ReadonlyMap<string, FlowRecord['state']> = new Map([
  ['S0', 'one-way'],
  ['S1', 'established'],
  ['SF', 'closed'],
  ['REJ', 'rejected'],
  ['S2', 'established'],
  ['S3', 'established'],
  ['RSTO', 'reset'],
  ['RSTR', 'reset'],
  ['RSTOS0', 'one-way'],
  ['RSTRH', 'reset'],
  ['SH', 'one-way'],
  ['SHR', 'one-way'],
  ['OTH', 'established'],
]);

/** TCP flags by the letters of `history`; capitals are the originator's. */
const FLAG_BITS: ReadonlyMap<string, number> = new Map([
  ['s', 0x02],
  ['h', 0x12],
  ['a', 0x10],
  ['d', 0x18],
  ['f', 0x11],
  ['r', 0x04],
]);

const REPORTED_BY = 'Zeek';

/** One line of conn.log. */
export function readConnection(entry: Fields, ends: ImportedEnds, importer: TrafficImporter): void {
  const firstSeenMicros = zeekMicrosOf(entry);
  const history = textOf(entry, 'history');
  const packetsToClient = countOf(entry, 'resp_pkts');
  const state = STATES.get(textOf(entry, 'conn_state')) ?? 'established';
  importer.flow({
    ...ends,
    protocol: protocolOf(textOf(entry, 'service')),
    bytesToServer: countOf(entry, 'orig_ip_bytes') || countOf(entry, 'orig_bytes'),
    bytesToClient: countOf(entry, 'resp_ip_bytes') || countOf(entry, 'resp_bytes'),
    packetsToServer: countOf(entry, 'orig_pkts'),
    packetsToClient,
    tcpFlagsToServer: ends.transport === 'tcp' ? flagsOf(history, /[A-Z]/g) : 0,
    tcpFlagsToClient: ends.transport === 'tcp' ? flagsOf(history, /[a-z]/g) : 0,
    // UDP has no handshake: a reply makes it established, whatever the state is called.
    state: ends.transport === 'tcp' ? state : packetsToClient > 0 ? 'established' : 'one-way',
    reportedBy: REPORTED_BY,
    firstSeenMicros,
    lastSeenMicros: firstSeenMicros + microsOfSeconds(entry.duration),
  });
}

/** Several services are a set without order: what protects comes before what is protected, a carrier before its helpers. */
function protocolOf(services: string): string {
  // Zeek 7 notes an analyser that gave up with a minus sign.
  const names = services
    .toLowerCase()
    .split(',')
    .filter((name) => name !== '' && !name.startsWith('-'));
  const main = names.includes('ssl') ? 'ssl' : (names.find((name) => !AUXILIARY.has(name)) ?? names[0] ?? 'unknown');
  return SERVICES.get(main) ?? main;
}

function flagsOf(history: string, letters: RegExp): number {
  return (history.match(letters) ?? []).reduce(
    (flags, letter) => flags | (FLAG_BITS.get(letter.toLowerCase()) ?? 0),
    0,
  );
}
