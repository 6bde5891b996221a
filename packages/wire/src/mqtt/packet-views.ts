import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { TransactionView } from '../inspector.ts';
import type { Direction } from '../protocol.ts';
import { variableInteger } from './variable-integer.ts';
import { mqttView } from './views.ts';

/** Fixed header with the longest remaining length (MQTT 5 §2.1). */
const MAXIMUM_HEADER = 5;
/** Bytes of a packet that rules look at. */
const MAXIMUM_PACKET = 64 * 1024;

const CONNECT = 1;

class PacketHalf {
  readonly bytes = new ByteCollector(MAXIMUM_PACKET);
  /** Of the packet at hand; 0 while its header is not whole. */
  length = 0;
  skip = 0;
}

/** Cuts both directions into control packets and shows each to rules. */
export class MqttPacketViews {
  readonly #show: (direction: Direction, view: TransactionView) => void;
  readonly #halves = { 'to-server': new PacketHalf(), 'to-client': new PacketHalf() };
  #version = 0;
  #isIntroduced = false;

  constructor(show: (direction: Direction, view: TransactionView) => void) {
    this.#show = show;
  }

  push(direction: Direction, bytes: Uint8Array): void {
    const half = this.#halves[direction];
    for (let offset = 0; offset < bytes.length; ) {
      const skipped = Math.min(half.skip, bytes.length - offset);
      half.skip -= skipped;
      offset += skipped;
      if (offset < bytes.length) offset += this.#take(half, bytes, offset, direction);
    }
  }

  #take(half: PacketHalf, bytes: Uint8Array, offset: number, direction: Direction): number {
    const wanted = half.length === 0 ? half.bytes.length + 1 : Math.min(half.length, MAXIMUM_PACKET);
    const taken = Math.min(wanted - half.bytes.length, bytes.length - offset);
    half.bytes.add(bytes.subarray(offset, offset + taken));
    if (half.length === 0) half.length = packetLength(half.bytes.view());
    if (half.length > 0 && half.bytes.length >= Math.min(half.length, MAXIMUM_PACKET)) this.#packet(half, direction);
    return taken;
  }

  #packet(half: PacketHalf, direction: Direction): void {
    const view = mqttView(half.bytes.view(), this.#version, this.#isIntroduced);
    this.#version = view.numbers?.['mqtt.protocol_version']?.[0] ?? this.#version;
    this.#isIntroduced ||= (view.numbers?.['mqtt.type']?.[0] ?? 0) === CONNECT;
    half.skip = half.length - half.bytes.length;
    half.length = 0;
    half.bytes.clear();
    this.#show(direction, view);
  }
}

/** @returns bytes of the packet with its header; 0 while the header is not whole */
function packetLength(begun: Uint8Array): number {
  const isWhole = begun.length > 1 && ((begun.at(-1) ?? 0) < 0x80 || begun.length === MAXIMUM_HEADER);
  return isWhole ? begun.length + variableInteger(new ByteCursor(begun, 1)) : 0;
}
