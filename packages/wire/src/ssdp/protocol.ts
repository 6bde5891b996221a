import { cleanText, latin1 } from '../bytes/text.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { Direction, ProtocolRecord } from '../protocol.ts';

const START_LINES = /^(NOTIFY \* HTTP\/1\.1|M-SEARCH \* HTTP\/1\.1|HTTP\/1\.1 200 OK)\r?\n/;

export interface SsdpRecord extends ProtocolRecord {
  readonly protocol: 'ssdp';
  readonly activity: 'notify' | 'search' | 'response';
  readonly server: string;
  readonly deviceType: string;
  readonly location: string;
  readonly sentBy: 'client' | 'server';
}

/** UPnP device architecture 2.0 §1. @returns undefined for what is no SSDP message */
export function parseSsdp(bytes: Uint8Array, direction: Direction): SsdpRecord | undefined {
  const text = latin1(bytes, 0, 2048);
  const start = START_LINES.exec(text)?.[1];
  if (start === undefined) return undefined;
  const field = (name: string) => cleanText(new RegExp(`^${name}:([^\r\n]*)`, 'im').exec(text)?.[1] ?? '', 200);
  const activity = start.startsWith('NOTIFY') ? 'notify' : start.startsWith('M-SEARCH') ? 'search' : 'response';
  return {
    protocol: 'ssdp',
    activity,
    server: field('server'),
    deviceType: field(activity === 'notify' ? 'nt' : 'st'),
    location: field('location').split('?', 1)[0] ?? '',
    sentBy: direction === 'to-server' ? 'client' : 'server',
  };
}

export const ssdp = defineDatagramRoom<SsdpRecord>({
  id: 'ssdp',
  title: 'SSDP',
  standards: ['UPnP Device Architecture 2.0 §1'],
  usualPorts: [1900],
  parse: parseSsdp,
  evidence: (record) =>
    record.activity === 'search'
      ? []
      : [
          ...draft('ssdp.server', record.server, record.sentBy),
          ...draft('ssdp.device-type', record.deviceType.includes(':device:') ? record.deviceType : '', record.sentBy),
          ...draft('ssdp.location', record.location, record.sentBy),
        ],
});
