import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type { Protocol, ProtocolRecord } from '../protocol.ts';

/** SNAP protocol id under Cisco's identifier. */
const SNAP_CDP = 0x2000;
const DEVICE_ID = 1;
const CAPABILITIES = 4;
const SOFTWARE = 5;
const PLATFORM = 6;
const CAPABILITY_NAMES = ['router', 'bridge', 'source-route-bridge', 'switch', 'host', 'igmp', 'repeater', 'phone'];
const MAXIMUM_TLVS = 64;

export interface CdpRecord extends ProtocolRecord {
  readonly protocol: 'cdp';
  readonly activity: 'announcement';
  readonly deviceId: string;
  readonly platform: string;
  readonly software: string;
  readonly capabilities: readonly string[];
}

/** Cisco Discovery Protocol, as Cisco documents its frame format. @returns undefined for what is none */
export function parseCdp(bytes: Uint8Array): CdpRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const version = cursor.uint8();
  cursor.skip(3);
  if (cursor.isBroken || version < 1 || version > 2) return undefined;
  const values = new Map<number, string>();
  let capabilities: string[] = [];
  for (let count = 0; count < MAXIMUM_TLVS && cursor.remaining >= 4; count++) {
    const type = cursor.uint16();
    const value = cursor.nested(Math.max(0, cursor.uint16() - 4));
    if (type === CAPABILITIES) {
      const bits = value.uint32();
      capabilities = CAPABILITY_NAMES.filter((_, bit) => (bits & (1 << bit)) !== 0);
    } else values.set(type, cleanText(latin1(bytes, value.offset, value.end)));
  }
  return {
    protocol: 'cdp',
    activity: 'announcement',
    deviceId: values.get(DEVICE_ID) ?? '',
    platform: values.get(PLATFORM) ?? '',
    software: values.get(SOFTWARE) ?? '',
    capabilities,
  };
}

export const cdp: Protocol<CdpRecord> = {
  id: 'cdp',
  title: 'Cisco Discovery Protocol',
  standards: ['Cisco: Understanding CDP packet formats'],
  transports: ['ethernet'],
  etherTypes: [SNAP_CDP],
  usualPorts: [],
  isEncrypted: false,
  isClinical: false,
  detect: () => 'reject',
  parseDatagram: (payload, direction, context) => {
    const record = parseCdp(payload);
    if (record !== undefined) context.emit(record, direction);
  },
  evidence: (record) => [
    ...draft('cdp.device-id', record.deviceId, 'client'),
    ...draft('cdp.platform', record.platform, 'client'),
    ...draft('cdp.software', record.software, 'client'),
    ...record.capabilities.flatMap((name) => draft('cdp.capability', name, 'client')),
  ],
};
