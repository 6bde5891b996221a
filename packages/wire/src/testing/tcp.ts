import type { Direction } from '../protocol.ts';
import { bytes, u16, u32 } from './bytes.ts';
import type { RecordedPacket } from './packets.ts';

/** Packets of invented TCP connections, Ethernet to TCP (RFC 791 §3.1, RFC 9293 §3.1); checksums are left at zero. */

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;
const ETHERNET_IPV4 = [0x08, 0x00];
const TCP = 6;

export interface Ends {
  readonly clientPort?: number;
  readonly serverPort?: number;
  /** Last byte of 10.0.0.x. */
  readonly client?: number;
  readonly server?: number;
}

export interface Segment {
  readonly direction: Direction;
  readonly sequence: number;
  readonly flags?: number;
  readonly payload?: Uint8Array;
  readonly atMicros?: number;
}

export function segment(
  ends: Ends,
  { direction, sequence, flags = ACK, payload, atMicros = 0 }: Segment,
): RecordedPacket {
  const { clientPort = 40_000, serverPort = 2575, client = 1, server = 2 } = ends;
  const isToServer = direction === 'to-server';
  const [from, to] = isToServer ? [client, server] : [server, client];
  const [source, destination] = isToServer ? [clientPort, serverPort] : [serverPort, clientPort];
  const content = payload ?? new Uint8Array(0);
  const header = bytes(u16(source), u16(destination), u32(sequence), u32(0), 0x50, flags, u16(64_240), u32(0));
  const addresses = bytes(10, 0, 0, from, 10, 0, 0, to);
  const length = u16(20 + header.length + content.length);
  const ip = bytes(0x45, 0, length, u16(0), u16(0), 64, TCP, u16(0), addresses);
  const macs = bytes(2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from);
  const frame = bytes(macs, ...ETHERNET_IPV4, ip, header, content);
  return { bytes: frame, originalLength: frame.length, linkType: 1, timeMicros: atMicros };
}

/** The three packets that open a connection. @param first initial sequence numbers of both ends */
export function handshake(ends: Ends, first = { client: 1000, server: 5000 }, atMicros = 0): readonly RecordedPacket[] {
  const { client, server } = first;
  return [
    segment(ends, { direction: 'to-server', sequence: client, flags: SYN, atMicros }),
    segment(ends, { direction: 'to-client', sequence: server, flags: SYN | ACK, atMicros: atMicros + 1 }),
    segment(ends, { direction: 'to-server', sequence: (client + 1) >>> 0, atMicros: atMicros + 2 }),
  ];
}
