import { readFileSync } from 'node:fs';
import { CaptureReader } from '../capture/capture-reader.ts';
import type { Sensor } from '../sensor.ts';

/** One packet as a capture file holds it. */
export interface RecordedPacket {
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  readonly linkType: number;
  readonly timeMicros: number;
}

/** @returns the packets of a capture file, unpacked already, in their order */
export function readPackets(path: string): readonly RecordedPacket[] {
  const packets: RecordedPacket[] = [];
  const reader = new CaptureReader({
    packet: (bytes, offset, capturedLength, originalLength, linkType, timeMicros) => {
      packets.push({ bytes: bytes.slice(offset, offset + capturedLength), originalLength, linkType, timeMicros });
    },
  });
  // A Buffer's slice shares memory.
  reader.push(new Uint8Array(readFileSync(path)));
  reader.end();
  return packets;
}

/** Gives a sensor the first bytes of a packet, as a capture with that snap length would. */
export function feed(sensor: Sensor, packet: RecordedPacket, capturedLength = packet.bytes.length): void {
  const { bytes, originalLength, linkType, timeMicros } = packet;
  sensor.packet(bytes, 0, Math.min(capturedLength, bytes.length), originalLength, linkType, timeMicros);
}
