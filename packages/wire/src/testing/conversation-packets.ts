import type { Sensor } from '../sensor.ts';
import type { Turn } from './play.ts';

const ETHERNET_LINK = 1;
const ETHERTYPE_IPV4 = 0x0800;
const TCP = 6;
const UDP = 17;
const MAXIMUM_SEGMENT = 1400;
const SYN = 0x02;
const ACK = 0x10;
const PUSH_ACK = 0x18;
const FIN_ACK = 0x11;

/** Who talks to whom. */
export interface ConversationEnds {
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
}

/** Gives a sensor whole TCP connections: handshake, what both ends say, and the end. Time goes on by a millisecond a packet. */
export class ConversationFeed {
  readonly #sensor: Pick<Sensor, 'packet'>;
  #timeMicros = 1_700_000_000_000_000;

  constructor(sensor: Pick<Sensor, 'packet'>) {
    this.#sensor = sensor;
  }

  connection(ends: ConversationEnds, turns: readonly Turn[]): void {
    const next = { 'to-server': 1000, 'to-client': 5000 };
    const send = (isFromClient: boolean, flags: number, payload: Uint8Array) => {
      const own = isFromClient ? 'to-server' : 'to-client';
      const other = isFromClient ? 'to-client' : 'to-server';
      this.#packet(tcpPacket(ends, isFromClient, next[own], next[other], flags, payload));
      next[own] += payload.length + ((flags & SYN) !== 0 ? 1 : 0);
    };
    send(true, SYN, NOTHING);
    send(false, SYN | ACK, NOTHING);
    send(true, ACK, NOTHING);
    for (const { direction, bytes } of turns) {
      for (let at = 0; at < bytes.length; at += MAXIMUM_SEGMENT) {
        send(direction === 'to-server', PUSH_ACK, bytes.subarray(at, at + MAXIMUM_SEGMENT));
      }
    }
    send(true, FIN_ACK, NOTHING);
    send(false, FIN_ACK, NOTHING);
  }

  /** One datagram of each turn. */
  datagrams(ends: ConversationEnds, turns: readonly Turn[]): void {
    for (const { direction, bytes } of turns) this.#packet(udpPacket(ends, direction === 'to-server', bytes));
  }

  #packet(bytes: Uint8Array): void {
    this.#timeMicros += 1000;
    this.#sensor.packet(bytes, 0, bytes.length, bytes.length, ETHERNET_LINK, this.#timeMicros);
  }
}

const NOTHING = new Uint8Array(0);

function udpPacket(ends: ConversationEnds, isFromClient: boolean, payload: Uint8Array): Uint8Array {
  const packet = ipPacket(ends, isFromClient, UDP, 8 + payload.length);
  packet.writeUInt16BE(8 + payload.length, 38);
  packet.set(payload, 42);
  return packet;
}

/** Ethernet, IPv4, and the ports with which TCP and UDP begin. @param length bytes behind the IP header */
function ipPacket(ends: ConversationEnds, isFromClient: boolean, transport: number, length: number): Buffer {
  const packet = Buffer.alloc(14 + 20 + length);
  packet.writeUInt16BE(ETHERTYPE_IPV4, 12);
  packet[5] = isFromClient ? 2 : 1;
  packet[11] = isFromClient ? 1 : 2;
  packet[14] = 0x45;
  packet.writeUInt16BE(20 + length, 16);
  packet[22] = 64;
  packet[23] = transport;
  const [source, destination] = isFromClient ? [ends.clientIp, ends.serverIp] : [ends.serverIp, ends.clientIp];
  packet.set(source.split('.').map(Number), 26);
  packet.set(destination.split('.').map(Number), 30);
  packet.writeUInt16BE(isFromClient ? ends.clientPort : ends.serverPort, 34);
  packet.writeUInt16BE(isFromClient ? ends.serverPort : ends.clientPort, 36);
  return packet;
}

function tcpPacket(
  ends: ConversationEnds,
  isFromClient: boolean,
  sequence: number,
  acknowledgement: number,
  flags: number,
  payload: Uint8Array,
): Uint8Array {
  const packet = ipPacket(ends, isFromClient, TCP, 20 + payload.length);
  packet.writeUInt32BE(sequence, 38);
  packet.writeUInt32BE((flags & ACK) === 0 ? 0 : acknowledgement, 42);
  packet[46] = 0x50;
  packet[47] = flags;
  packet.writeUInt16BE(65_535, 48);
  packet.set(payload, 54);
  return packet;
}
