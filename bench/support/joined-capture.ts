import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureReader } from '@sphinx/wire';

// One large capture from many small ones, for want of a large one that may be passed on.

const LINKTYPE_ETHERNET = 1;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const PCAP_MAGIC = 0xa1b2c3d4;
const SNAP_LENGTH = 262_144;
const MICROS_PER_SECOND = 1_000_000;
const PACKETS_PER_WRITE = 4096;
/** Captures follow each other this closely, and a repetition follows the one before. */
const MICROS_BETWEEN_PACKETS = 20;

export interface JoinedCapture {
  readonly packets: number;
  readonly bytes: number;
  readonly captures: number;
  readonly repetitions: number;
}

/**
 * Writes the Ethernet packets of all captures at and below `paths` one after the other into a classic pcap file, again and
 * again until there are enough. Each repetition has IPv4 addresses of its own (the second byte of both addresses is
 * changed), so that its flows are new flows, as on a network; times go steadily forward.
 *
 * @param minimumPackets the last repetition is written to its end
 */
export function joinCaptures(paths: readonly string[], target: string, minimumPackets: number): JoinedCapture {
  const packets: Uint8Array[] = [];
  let captures = 0;
  for (const path of paths) {
    for (const file of captureFiles(path)) {
      captures += 1;
      readEthernet(file, packets);
    }
  }
  if (packets.length === 0) throw new Error(`No captures with Ethernet packets at ${paths.join(', ')}.`);
  const output = openSync(target, 'w');
  let bytes = writeSync(output, fileHeader());
  let count = 0;
  let repetition = 0;
  for (; count < minimumPackets; repetition++) {
    for (let start = 0; start < packets.length; start += PACKETS_PER_WRITE) {
      const records: Uint8Array[] = [];
      for (const packet of packets.slice(start, start + PACKETS_PER_WRITE)) {
        records.push(
          recordHeader(packet.length, count * MICROS_BETWEEN_PACKETS),
          withOtherAddresses(packet, repetition),
        );
        count += 1;
      }
      bytes += writeSync(output, Buffer.concat(records));
    }
  }
  closeSync(output);
  return { packets: count, bytes, captures, repetitions: repetition };
}

function captureFiles(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(pcap|pcapng|cap)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function readEthernet(file: string, packets: Uint8Array[]): void {
  const reader = new CaptureReader({
    packet(bytes, offset, capturedLength, _originalLength, linkType) {
      if (linkType === LINKTYPE_ETHERNET) packets.push(bytes.slice(offset, offset + capturedLength));
    },
  });
  try {
    reader.push(readFileSync(file));
  } catch {
    // Some files of the suites are damaged on purpose; what was readable is in.
  }
}

function withOtherAddresses(packet: Uint8Array, repetition: number): Uint8Array {
  const isIpv4 = packet.length >= 34 && packet[12] === 0x08 && packet[13] === 0;
  if (!isIpv4 || repetition === 0) return packet;
  const changed = packet.slice();
  changed[27] = ((changed[27] ?? 0) + repetition) & 255;
  changed[31] = ((changed[31] ?? 0) + repetition) & 255;
  return changed;
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.writeUInt32LE(PCAP_MAGIC, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(SNAP_LENGTH, 16);
  header.writeUInt32LE(LINKTYPE_ETHERNET, 20);
  return header;
}

function recordHeader(length: number, micros: number): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.writeUInt32LE(Math.floor(micros / MICROS_PER_SECOND) + 1_700_000_000, 0);
  header.writeUInt32LE(micros % MICROS_PER_SECOND, 4);
  header.writeUInt32LE(length, 8);
  header.writeUInt32LE(length, 12);
  return header;
}
