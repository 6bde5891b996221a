import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import { formatIpv4, formatMac } from '../ip/address.ts';
import type { Protocol, ProtocolRecord } from '../protocol.ts';

const ETHERTYPE_LLDP = 0x88cc;
const CHASSIS_ID = 1;
const PORT_DESCRIPTION = 4;
const SYSTEM_NAME = 5;
const SYSTEM_DESCRIPTION = 6;
const CAPABILITIES = 7;
const MANAGEMENT_ADDRESS = 8;
const ORGANISATION = 127;
const MAC_SUBTYPE = 4;
/** TIA-1057 (LLDP-MED): organisationally unique identifier and inventory subtypes. */
const MED_ORGANISATION = 0x0012bb;
const MED_FIELDS: Readonly<Record<number, 'firmware' | 'serial' | 'manufacturer' | 'model'>> = {
  6: 'firmware',
  7: 'firmware',
  8: 'serial',
  9: 'manufacturer',
  10: 'model',
};
const CAPABILITY_NAMES = [
  'other',
  'repeater',
  'bridge',
  'wlan-access-point',
  'router',
  'telephone',
  'docsis',
  'station',
];
const MAXIMUM_TLVS = 64;

export interface LldpRecord extends ProtocolRecord {
  readonly protocol: 'lldp';
  readonly activity: 'announcement';
  readonly mac: string | undefined;
  readonly systemName: string;
  readonly systemDescription: string;
  readonly portDescription: string;
  readonly capabilities: readonly string[];
  readonly managementAddress: string;
  readonly inventory: Readonly<Partial<Record<'firmware' | 'serial' | 'manufacturer' | 'model', string>>>;
}

/** IEEE 802.1AB §8. @returns undefined without a chassis id, which comes first in every announcement */
export function parseLldp(bytes: Uint8Array): LldpRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const values = new Map<number, string>();
  const inventory: Record<string, string> = {};
  let mac: string | undefined;
  let capabilities: string[] = [];
  let managementAddress = '';
  for (let count = 0; count < MAXIMUM_TLVS && cursor.remaining >= 2; count++) {
    const header = cursor.uint16();
    const type = header >>> 9;
    const value = cursor.nested(header & 0x1ff);
    if (type === 0) break;
    if (count === 0 && type !== CHASSIS_ID) return undefined;
    if (type === CHASSIS_ID) mac = value.uint8() === MAC_SUBTYPE ? formatMac(bytes, value.offset) : undefined;
    else if (type === CAPABILITIES) capabilities = readCapabilities(value);
    else if (type === MANAGEMENT_ADDRESS) managementAddress = readManagementAddress(value);
    else if (type === ORGANISATION && value.uint24() === MED_ORGANISATION) {
      const field = MED_FIELDS[value.uint8()];
      if (field !== undefined) inventory[field] = cleanText(latin1(bytes, value.offset, value.end), 64);
    } else values.set(type, cleanText(latin1(bytes, value.offset, value.end)));
  }
  return {
    protocol: 'lldp',
    activity: 'announcement',
    mac,
    systemName: values.get(SYSTEM_NAME) ?? '',
    systemDescription: values.get(SYSTEM_DESCRIPTION) ?? '',
    portDescription: values.get(PORT_DESCRIPTION) ?? '',
    capabilities,
    managementAddress,
    inventory,
  };
}

function readCapabilities(value: ByteCursor): string[] {
  value.skip(2);
  const enabled = value.uint16();
  return CAPABILITY_NAMES.filter((_, bit) => (enabled & (1 << bit)) !== 0);
}

function readManagementAddress(value: ByteCursor): string {
  const isIpv4 = value.uint8() === 5 && value.uint8() === 1;
  return isIpv4 ? formatIpv4(value.uint32()) : '';
}

export const lldp: Protocol<LldpRecord> = {
  id: 'lldp',
  title: 'LLDP and LLDP-MED',
  standards: ['IEEE 802.1AB §8', 'ANSI/TIA-1057'],
  transports: ['ethernet'],
  etherTypes: [ETHERTYPE_LLDP],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  parseDatagram: (payload, direction, context) => {
    const record = parseLldp(payload);
    if (record !== undefined) context.emit(record, direction);
  },
  evidence: (record) => {
    const about = record.mac === undefined ? 'client' : { mac: record.mac };
    return [
      ...draft('lldp.system-name', record.systemName, about),
      ...draft('lldp.system-description', record.systemDescription, about),
      ...draft('lldp.port', record.portDescription, about),
      ...record.capabilities.flatMap((name) => draft('lldp.capability', name, about)),
      ...draft('lldp.management-address', record.managementAddress, about),
      ...Object.entries(record.inventory).flatMap(([name, value]) => draft(`lldp.${name}`, value, about)),
    ];
  },
};
