import type { InspectedPacket } from './inspector.ts';

const ICMP = 1;
const UDP = 17;

/**
 * Whether a checksum of the packet is right (RFC 1071).
 *
 * @param protocol of the transport; `undefined` for the IPv4 header itself
 */
export function checksumIsRight(packet: InspectedPacket, protocol: number | undefined): boolean {
  const { bytes, ipOffset, ipVersion, transportOffset } = packet;
  if (protocol === undefined) {
    return fold(sumWords(bytes, ipOffset, ipOffset + ((bytes[ipOffset] ?? 0) & 0x0f) * 4)) === 0xffff;
  }
  const end = transportEnd(packet);
  if (protocol === UDP && word(bytes, transportOffset + 6) === 0) return ipVersion === 4;
  let sum = sumWords(bytes, transportOffset, end);
  if (protocol !== ICMP) {
    const [first, last] = ipVersion === 4 ? [ipOffset + 12, ipOffset + 20] : [ipOffset + 8, ipOffset + 40];
    sum += sumWords(bytes, first, last) + protocol + (end - transportOffset);
  }
  return fold(sum) === 0xffff;
}

function transportEnd({ bytes, ipOffset, ipVersion }: InspectedPacket): number {
  const length = ipVersion === 4 ? word(bytes, ipOffset + 2) : word(bytes, ipOffset + 4) + 40;
  return Math.min(bytes.length, ipOffset + length);
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function sumWords(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at + 1 < end; at += 2) sum += word(bytes, at);
  return (end - start) % 2 === 0 ? sum : sum + ((bytes[end - 1] ?? 0) << 8);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 65_536);
  return folded;
}
