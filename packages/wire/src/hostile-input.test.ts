import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Protocol } from './protocol.ts';
import { PROTOCOLS } from './registry.ts';
import { promisesOfDatagramRoom, promisesOfStreamRoom } from './testing/fuzz.ts';
import { detect } from './testing/play.ts';
import { type RecordedMessages, readRecordedMessages } from './testing/recorded-messages.ts';

/** Captures with real traffic of the rooms; see `shared/data/README.md`. */
const CAPTURES = [
  'pcaps/hospital-lab.pcap',
  'pcaps/hl7-mllp.pcap',
  'ndpi/pcap/telnet.pcap',
  'ndpi/pcap/smtp.pcap',
  'ndpi/pcap/mqtt.pcap',
  'ndpi/pcap/ssdp-m-search.pcap',
  'ndpi/pcap/netbios.pcap',
  'ndpi/pcap/NTPv4.pcap',
  'ndpi/pcap/smbv1.pcap',
].map((path) => fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url)));
const SAMPLES_PER_ROOM = 3;

const recorded: RecordedMessages[] = CAPTURES.filter((path) => existsSync(path)).map(readRecordedMessages);
const conversations = recorded.flatMap((messages) => messages.conversations);
const datagrams = recorded.flatMap((messages) => messages.datagrams);
const frames = recorded.flatMap((messages) => messages.frames);

/** Where no capture shows a room, damage is done to bytes that look like many protocols' beginnings. */
const STAND_IN = new TextEncoder().encode('\x00\x01\x00\x10GET / HTTP/1.1\r\nHost: a\r\n\r\n220 ready\r\n');

describe.skipIf(recorded.length === 0)('recorded traffic (shared/data)', () => {
  it('shows most rooms on real messages', () => {
    const shown = PROTOCOLS.filter((room) => [...turnsOf(room), ...payloadsOf(room)].length > 0).map(({ id }) => id);
    expect(shown).toEqual(
      expect.arrayContaining(['dicom', 'hl7', 'http', 'tls', 'ssh', 'smb', 'ftp', 'dhcp', 'dns', 'snmp', 'ntp', 'arp']),
    );
  });
});

for (const room of PROTOCOLS) {
  if (room.createStreamParser !== undefined) {
    const real = turnsOf(room);
    promisesOfStreamRoom(room, real.length > 0 ? real : [[{ direction: 'to-server', bytes: STAND_IN }]]);
  }
  if (room.parseDatagram !== undefined) {
    const real = payloadsOf(room);
    promisesOfDatagramRoom(room, real.length > 0 ? real : [STAND_IN]);
  }
}

function turnsOf(room: Protocol) {
  if (room.createStreamParser === undefined) return [];
  return conversations
    .filter(({ serverPort, turns }) => detect(room, turns, serverPort) === 'match')
    .slice(0, SAMPLES_PER_ROOM)
    .map(({ turns }) => turns);
}

function payloadsOf(room: Protocol): Uint8Array[] {
  if (room.parseDatagram === undefined) return [];
  const carried = room.transports.includes('ethernet')
    ? frames.filter(({ etherType }) => room.etherTypes?.includes(etherType))
    : datagrams.filter(({ ports }) => ports.some((port) => room.usualPorts.includes(port)));
  return carried.slice(0, SAMPLES_PER_ROOM).map(({ payload }) => payload);
}
