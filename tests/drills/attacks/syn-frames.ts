import { pcap } from '../../../packages/wire/src/testing/capture-files.ts';
import type { Place } from '../hospital/places.ts';

const ETHERNET_BYTES = 14;
const IP_BYTES = 20;
const TCP_BYTES = 20;
const SYN = 0x02;
const PROTOCOL_TCP = 6;

/**
 * @param towards link address of the router
 * @returns a capture file (pcap) of requests to open a connection, each from another port (RFC 791 §3.1, RFC 9293 §3.1)
 */
export function synCapture(
  from: Place,
  to: Place,
  towards: string,
  port: number,
  sourcePorts: readonly number[],
): Uint8Array {
  return pcap(
    {},
    sourcePorts.map((sourcePort, at) => ({ payload: syn(from, to, towards, sourcePort, port), fraction: at })),
  );
}

function syn(from: Place, to: Place, towards: string, sourcePort: number, port: number): Uint8Array {
  const frame = Buffer.alloc(ETHERNET_BYTES + IP_BYTES + TCP_BYTES);
  frame.write(towards.replaceAll(':', '') + from.mac.replaceAll(':', ''), 0, 'hex');
  frame.writeUInt16BE(0x0800, 12);
  const ip = frame.subarray(ETHERNET_BYTES);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(IP_BYTES + TCP_BYTES, 2);
  ip.writeUInt16BE(sourcePort, 4);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(PROTOCOL_TCP, 9);
  ip.set(addressOf(from), 12);
  ip.set(addressOf(to), 16);
  ip.writeUInt16BE(checksum(ip.subarray(0, IP_BYTES)), 10);
  const tcp = ip.subarray(IP_BYTES);
  tcp.writeUInt16BE(sourcePort, 0);
  tcp.writeUInt16BE(port, 2);
  tcp.writeUInt32BE(sourcePort * 4099, 4);
  tcp.writeUInt8((TCP_BYTES / 4) << 4, 12);
  tcp.writeUInt8(SYN, 13);
  tcp.writeUInt16BE(64_240, 14);
  const pseudo = Buffer.from([...addressOf(from), ...addressOf(to), 0, PROTOCOL_TCP, 0, TCP_BYTES]);
  tcp.writeUInt16BE(checksum(Buffer.concat([pseudo, tcp])), 16);
  return frame;
}

function addressOf({ ip }: Place): number[] {
  return ip.split('.').map(Number);
}

/** Internet checksum (RFC 1071) of an even number of bytes. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
