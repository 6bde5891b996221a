import { type Fields, ipOf, macOf, microsOfSeconds, portOf, textOf, transportOf, vlanOf } from '../field.ts';
import type { ImportedEnds } from '../imported-traffic.ts';

/** Logs of protocols that run over UDP and do not say so; entries of others that do not name their transport are of TCP. */
const UDP_LOGS: ReadonlySet<string> = new Set(['dhcp', 'ntp', 'snmp', 'radius', 'sip', 'tftp']);
/** Larger values of `ts` are milliseconds (`LogAscii::json_timestamps = JSON::TS_MILLIS`). */
const LARGEST_SECONDS = 1e11;

/** @returns originator and responder of an entry, or undefined when it names none */
export function zeekEndsOf(entry: Fields, log: string): ImportedEnds | undefined {
  // files.log has lists of receivers and senders; dhcp.log one address each way; software.log one host.
  const clientIp = ipOf(textOf(entry, 'id.orig_h') || textOf(entry, 'client_addr') || first(entry, 'rx_hosts'));
  const serverIp = ipOf(
    textOf(entry, 'id.resp_h') || textOf(entry, 'server_addr') || first(entry, 'tx_hosts') || textOf(entry, 'host'),
  );
  const client = clientIp ?? (log === 'dhcp' ? '0.0.0.0' : serverIp);
  const server = serverIp ?? (log === 'dhcp' ? '255.255.255.255' : undefined);
  if (client === undefined || server === undefined) return undefined;
  const clientMac = macOf(textOf(entry, 'orig_l2_addr'));
  const serverMac = macOf(textOf(entry, 'resp_l2_addr'));
  const vlan = vlanOf(entry.vlan);
  const uid = textOf(entry, 'uid');
  return {
    clientIp: client,
    serverIp: server,
    clientPort: portOf(entry, 'id.orig_p'),
    serverPort: portOf(entry, 'id.resp_p') || portOf(entry, 'host_p'),
    transport: transportOf(textOf(entry, 'proto') || (UDP_LOGS.has(log) ? 'udp' : 'tcp')),
    ...(clientMac === undefined ? {} : { clientMac }),
    ...(serverMac === undefined ? {} : { serverMac }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(uid === '' ? {} : { uid }),
  };
}

function first(entry: Fields, name: string): string {
  const value = entry[name];
  return Array.isArray(value) ? String(value[0] ?? '') : '';
}

/** @returns microseconds since the epoch, from seconds with fraction, milliseconds or ISO 8601; 0 where there is no time */
export function zeekMicrosOf(entry: Fields): number {
  const text = textOf(entry, 'ts');
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) return microsOfSeconds(Date.parse(text) / 1000);
  return microsOfSeconds(number > LARGEST_SECONDS ? number / 1000 : number);
}
