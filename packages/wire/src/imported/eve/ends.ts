import { type Fields, fieldsOf, ipOf, macOf, portOf, textOf, transportOf, vlanOf } from '../field.ts';
import type { ImportedEnds } from '../imported-traffic.ts';

/** Suricata's names of application protocols where ours differ (`app-layer-protocol` of its user guide). */
const PROTOCOL_NAMES: ReadonlyMap<string, string> = new Map([
  ['http1', 'http'],
  ['krb5', 'kerberos'],
  ['krb5_tcp', 'kerberos'],
  ['krb5_udp', 'kerberos'],
  ['rfb', 'vnc'],
  ['enip', 'ethernet-ip'],
  ['bittorrent-dht', 'bittorrent'],
  ['pgsql', 'postgresql'],
  ['dcerpc', 'dce-rpc'],
  ['http2', 'http'],
  ['http_any', 'http'],
  ['doh2', 'doh'],
  ['ftp-data', 'ftp'],
  ['ftp_data', 'ftp'],
  ['failed', 'unknown'],
  ['', 'unknown'],
]);

/** @returns the id of our protocol room for a protocol that Suricata names */
export function protocolOf(name: string): string {
  const lower = name.toLowerCase();
  return PROTOCOL_NAMES.get(lower) ?? lower;
}

/** @returns the ends of the flow that an event belongs to, or undefined when it names none */
export function endsOf(event: Fields): ImportedEnds | undefined {
  const clientIp = ipOf(textOf(event, 'src_ip'));
  const serverIp = ipOf(textOf(event, 'dest_ip'));
  if (clientIp === undefined || serverIp === undefined) return undefined;
  const { clientMac, serverMac } = macsOf(fieldsOf(event, 'ether'));
  const vlan = vlanOf(Array.isArray(event.vlan) ? event.vlan[0] : undefined);
  const uid = textOf(event, 'flow_id');
  return {
    clientIp,
    serverIp,
    clientPort: portOf(event, 'src_port'),
    serverPort: portOf(event, 'dest_port'),
    transport: transportOf(textOf(event, 'proto')),
    ...(clientMac === undefined ? {} : { clientMac }),
    ...(serverMac === undefined ? {} : { serverMac }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(uid === '' ? {} : { uid }),
  };
}

/** Flows list every link address of a side, other events one each. */
function macsOf(ether: Fields): { clientMac: string | undefined; serverMac: string | undefined } {
  const first = (single: string, list: string) => {
    const many = ether[list];
    return macOf(textOf(ether, single)) ?? (Array.isArray(many) ? macOf(String(many[0])) : undefined);
  };
  return { clientMac: first('src_mac', 'src_macs'), serverMac: first('dest_mac', 'dest_macs') };
}

/**
 * Some events have the addresses of a flow and some those of a packet, depending on the event's type and on Suricata's
 * version; a packet from a server's usual port to another port is an answer.
 */
export function isAnswer({ clientPort, serverPort }: ImportedEnds, usualPorts: readonly number[]): boolean {
  return usualPorts.includes(clientPort) && !usualPorts.includes(serverPort);
}

/** Where an event goes from the server to the client (answers), its addresses are the other way round. */
export function swapped(ends: ImportedEnds): ImportedEnds {
  const { clientMac, serverMac, ...rest } = ends;
  return {
    ...rest,
    clientIp: ends.serverIp,
    serverIp: ends.clientIp,
    clientPort: ends.serverPort,
    serverPort: ends.clientPort,
    ...(serverMac === undefined ? {} : { clientMac: serverMac }),
    ...(clientMac === undefined ? {} : { serverMac: clientMac }),
  };
}

/** @returns microseconds since the epoch of `2024-05-01T12:00:00.123456+0000`, or 0 */
export function microsOf(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return 0;
  const [, date, time, fraction = '', zone = 'Z'] = match;
  const colonZone = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const ms = Date.parse(`${date}T${time}${colonZone}`);
  return Number.isNaN(ms) ? 0 : Math.max(0, ms * 1000 + Number(fraction.padEnd(6, '0')));
}
