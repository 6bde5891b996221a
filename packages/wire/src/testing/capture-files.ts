import { bytes, le16, le32, u16, u32 } from './bytes.ts';

/** Builders for capture files as draft-ietf-opsawg-pcap §4, §5 and draft-ietf-opsawg-pcapng §3, §4 draw them. */

export type ByteOrder = 'little' | 'big';

function numbers(order: ByteOrder) {
  return order === 'little' ? { short: le16, long: le32 } : { short: u16, long: u32 };
}

export interface PcapHeader {
  readonly order?: ByteOrder;
  readonly magic?: number;
  readonly linkType?: number;
  readonly snapLength?: number;
}

export interface PcapPacket {
  readonly seconds?: number;
  /** Microseconds or nanoseconds, as the magic number says. */
  readonly fraction?: number;
  readonly payload: Uint8Array;
  readonly originalLength?: number;
  /** What stands between the header of the record and the packet. */
  readonly patched?: Uint8Array;
}

export function pcap(header: PcapHeader, packets: readonly PcapPacket[]): Uint8Array {
  const { order = 'little', magic = 0xa1b2c3d4, linkType = 1, snapLength = 262_144 } = header;
  const { short, long } = numbers(order);
  const records = packets.map(({ seconds = 0, fraction = 0, payload, originalLength, patched }) =>
    bytes(
      long(seconds),
      long(fraction),
      long(payload.length),
      long(originalLength ?? payload.length),
      patched ?? '',
      payload,
    ),
  );
  return bytes(long(magic), short(2), short(4), long(0), long(0), long(snapLength), long(linkType), ...records);
}

/** One block: type, length, body padded to 32 bits, length again. */
export function block(order: ByteOrder, type: number, body: Uint8Array): Uint8Array {
  const { long } = numbers(order);
  const padding = new Uint8Array((4 - (body.length % 4)) % 4);
  const length = long(body.length + padding.length + 12);
  return bytes(long(type), length, body, padding, length);
}

export function option(order: ByteOrder, code: number, value: Uint8Array): Uint8Array {
  const { short } = numbers(order);
  return bytes(short(code), short(value.length), value, new Uint8Array((4 - (value.length % 4)) % 4));
}

export function sectionHeader(order: ByteOrder): Uint8Array {
  const { short, long } = numbers(order);
  const unknownLength = bytes(long(0xffffffff), long(0xffffffff));
  return block(order, 0x0a0d0d0a, bytes(long(0x1a2b3c4d), short(1), short(0), unknownLength));
}

export function interfaceDescription(
  order: ByteOrder,
  linkType: number,
  { snapLength = 0, options = [] }: { snapLength?: number; options?: readonly Uint8Array[] } = {},
): Uint8Array {
  const { short, long } = numbers(order);
  return block(order, 1, bytes(short(linkType), short(0), long(snapLength), ...options));
}

export interface EnhancedPacket {
  readonly interfaceId?: number;
  /** In units of the interface. */
  readonly time?: bigint;
  readonly originalLength?: number;
  readonly options?: readonly Uint8Array[];
}

export function enhancedPacket(order: ByteOrder, payload: Uint8Array, packet: EnhancedPacket = {}): Uint8Array {
  const { interfaceId = 0, time = 0n, originalLength = payload.length, options = [] } = packet;
  const { long } = numbers(order);
  const when = bytes(long(Number(time >> 32n)), long(Number(time & 0xffffffffn)));
  const padding = new Uint8Array((4 - (payload.length % 4)) % 4);
  const lengths = bytes(long(payload.length), long(originalLength));
  return block(order, 6, bytes(long(interfaceId), when, lengths, payload, padding, ...options));
}

export function simplePacket(order: ByteOrder, payload: Uint8Array, originalLength = payload.length): Uint8Array {
  return block(order, 3, bytes(numbers(order).long(originalLength), payload));
}

/** The packet block of the format's first drafts. */
export function obsoletePacket(order: ByteOrder, payload: Uint8Array, interfaceId: number, time: bigint): Uint8Array {
  const { short, long } = numbers(order);
  const when = bytes(long(Number(time >> 32n)), long(Number(time & 0xffffffffn)));
  const lengths = bytes(long(payload.length), long(payload.length));
  return block(order, 2, bytes(short(interfaceId), short(0xffff), when, lengths, payload));
}
