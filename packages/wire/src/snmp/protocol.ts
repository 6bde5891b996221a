import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { berInteger, berObjectIdentifier, readBer } from './ber.ts';
import { snmpView } from './views.ts';

const SEQUENCE = 0x30;
const OCTET_STRING = 4;
const PDU_NAMES: Readonly<Record<number, string>> = {
  160: 'get',
  161: 'get-next',
  162: 'response',
  163: 'set',
  164: 'trap',
  165: 'get-bulk',
  166: 'inform',
  167: 'trap',
};
const SYSTEM_GROUP: Readonly<Record<string, 'description' | 'objectId' | 'name' | 'location'>> = {
  '1.3.6.1.2.1.1.1.0': 'description',
  '1.3.6.1.2.1.1.2.0': 'objectId',
  '1.3.6.1.2.1.1.5.0': 'name',
  '1.3.6.1.2.1.1.6.0': 'location',
};
const DEFAULT_COMMUNITIES = new Set(['public', 'private']);
const MAXIMUM_BINDINGS = 64;

type SystemGroup = Partial<Record<'description' | 'objectId' | 'name' | 'location', string>>;

export interface SnmpRecord extends ProtocolRecord {
  readonly protocol: 'snmp';
  readonly activity: string;
  readonly version: '1' | '2c' | '3';
  /** `public` or `private` when that default is used, `other`, or `none` for version 3; never another value itself. */
  readonly community: string;
  readonly system: SystemGroup;
}

/** SNMPv1 (RFC 1157), v2c (RFC 1901, RFC 3416), v3 header (RFC 3412). @returns undefined for what is no SNMP message */
export function parseSnmp(bytes: Uint8Array): SnmpRecord | undefined {
  const message = readBer(new ByteCursor(bytes));
  if (message?.tag !== SEQUENCE) return undefined;
  const number = berInteger(readBer(message.content));
  if (number === 3) return parseVersion3(message.content);
  if (number !== 0 && number !== 1) return undefined;
  const community = readBer(message.content);
  const pdu = readBer(message.content);
  const activity = PDU_NAMES[pdu?.tag ?? 0];
  if (community?.tag !== OCTET_STRING || pdu === undefined || activity === undefined) return undefined;
  const value = latin1(community.content.bytes, community.content.offset, community.content.end).toLowerCase();
  return {
    protocol: 'snmp',
    activity,
    version: number === 0 ? '1' : '2c',
    community: DEFAULT_COMMUNITIES.has(value) ? value : 'other',
    system: activity === 'response' ? readSystemGroup(pdu.content) : {},
  };
}

/** RFC 3412 §6: the PDU is told where it is not encrypted. */
function parseVersion3(content: ByteCursor): SnmpRecord | undefined {
  const header = readBer(content);
  if (header?.tag !== SEQUENCE || readBer(content)?.tag !== OCTET_STRING) return undefined;
  const scoped = readBer(content);
  let activity = 'message';
  if (scoped?.tag === SEQUENCE) {
    readBer(scoped.content);
    readBer(scoped.content);
    activity = PDU_NAMES[readBer(scoped.content)?.tag ?? 0] ?? 'message';
  }
  return { protocol: 'snmp', activity, version: '3', community: 'none', system: {} };
}

function readSystemGroup(pdu: ByteCursor): SystemGroup {
  const system: SystemGroup = {};
  for (let index = 0; index < 3; index++) readBer(pdu);
  const bindings = readBer(pdu);
  for (let count = 0; count < MAXIMUM_BINDINGS && (bindings?.content.remaining ?? 0) > 0; count++) {
    const binding = bindings === undefined ? undefined : readBer(bindings.content);
    if (binding === undefined) break;
    const name = SYSTEM_GROUP[berObjectIdentifier(readBer(binding.content)) ?? ''];
    const value = readBer(binding.content);
    if (name === undefined || value === undefined) continue;
    const { bytes, offset, end } = value.content;
    system[name] = value.tag === 6 ? (berObjectIdentifier(value) ?? '') : cleanText(latin1(bytes, offset, end));
  }
  return system;
}

export const snmp = defineDatagramRoom<SnmpRecord>({
  id: 'snmp',
  title: 'SNMP',
  standards: ['RFC 1157', 'RFC 1901', 'RFC 3416', 'RFC 3412', 'RFC 3418 (system group)'],
  usualPorts: [161, 162],
  parse: parseSnmp,
  view: snmpView,
  evidence: ({ activity, version, community, system }) =>
    activity !== 'response' && version !== '3'
      ? []
      : [
          ...draft('snmp.version', version, 'server'),
          ...draft('snmp.community', community === 'none' ? '' : community, 'server'),
          ...draft('snmp.sys-descr', system.description ?? '', 'server'),
          ...draft('snmp.sys-object-id', system.objectId ?? '', 'server'),
          ...draft('snmp.sys-name', system.name ?? '', 'server'),
          ...draft('snmp.sys-location', system.location ?? '', 'server'),
        ],
});
