/** What speaks for a host at network and transport layer; it shows in time to live and SYN options. */
export type SampleStack = 'linux' | 'windows' | 'embedded' | 'network';

/** An end of the sample hospital's conversations. */
export interface SampleHost {
  readonly mac: string;
  readonly ip: string;
  readonly stack?: SampleStack;
}

interface TimedPacket {
  readonly timeMs: number;
  readonly bytes: Buffer;
}

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_ARP = 0x0806;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
export const BROADCAST: SampleHost = { mac: 'ff:ff:ff:ff:ff:ff', ip: '255.255.255.255' };

const FIN = 0x01;
const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;
const MAXIMUM_SEGMENT_BYTES = 1460;
const TIME_TO_LIVE: Readonly<Record<SampleStack, number>> = { linux: 64, windows: 128, embedded: 64, network: 255 };
/** Maximum segment size, then selective acknowledgement and window scale as far as the stack knows them (RFC 9293 §3.2). */
const SYN_OPTIONS: Readonly<Record<SampleStack, Buffer>> = {
  linux: Buffer.from('020405b40101040201030307', 'hex'),
  windows: Buffer.from('020405b40103030801010402', 'hex'),
  embedded: Buffer.from('020405b4', 'hex'),
  network: Buffer.from('020405b401010402', 'hex'),
};
const WINDOW: Readonly<Record<SampleStack, number>> = { linux: 64_240, windows: 65_535, embedded: 8192, network: 4128 };
const ROUND_TRIP_MS = 0.4;

/** Collects the packets of an invented network, with checksums as a real one has. */
export class PacketBuilder {
  readonly #packets: TimedPacket[] = [];
  #identification = 1;
  #nextClientPort = 49_152;

  arp(timeMs: number, operation: 'request' | 'reply', sender: SampleHost, target: SampleHost): void {
    const body = Buffer.alloc(28);
    body.writeUInt16BE(1, 0);
    body.writeUInt16BE(ETHERTYPE_IPV4, 2);
    body.writeUInt8(6, 4);
    body.writeUInt8(4, 5);
    body.writeUInt16BE(operation === 'request' ? 1 : 2, 6);
    macBytes(sender.mac).copy(body, 8);
    ipBytes(sender.ip).copy(body, 14);
    if (operation === 'reply') macBytes(target.mac).copy(body, 18);
    ipBytes(target.ip).copy(body, 24);
    const destination = operation === 'request' ? BROADCAST.mac : target.mac;
    this.#push(timeMs, ethernet(sender.mac, destination, ETHERTYPE_ARP, body));
  }

  /** Any other Ethernet frame. */
  frame(timeMs: number, sourceMac: string, destinationMac: string, etherType: number, body: Buffer): void {
    this.#push(timeMs, ethernet(sourceMac, destinationMac, etherType, body));
  }

  udp(
    timeMs: number,
    from: SampleHost & { port: number },
    to: SampleHost & { port: number },
    payload: Uint8Array,
    timeToLive = TIME_TO_LIVE[from.stack ?? 'linux'],
  ): void {
    const datagram = Buffer.alloc(8 + payload.length);
    datagram.writeUInt16BE(from.port, 0);
    datagram.writeUInt16BE(to.port, 2);
    datagram.writeUInt16BE(datagram.length, 4);
    datagram.set(payload, 8);
    datagram.writeUInt16BE(transportChecksum(from.ip, to.ip, PROTOCOL_UDP, datagram) || 0xffff, 6);
    this.#ipv4(timeMs, from, to, PROTOCOL_UDP, datagram, timeToLive);
  }

  /** Opens a TCP connection at the given time. */
  connect(timeMs: number, client: SampleHost, server: SampleHost & { port: number }): SampleConnection {
    this.#nextClientPort += 1;
    return new SampleConnection(this, timeMs, { ...client, port: this.#nextClientPort }, server);
  }

  tcp(
    timeMs: number,
    from: SampleHost & { port: number },
    to: SampleHost & { port: number },
    segment: { sequence: number; acknowledgement: number; flags: number; payload?: Uint8Array },
  ): void {
    const stack = from.stack ?? 'linux';
    const options = (segment.flags & SYN) === 0 ? Buffer.alloc(0) : SYN_OPTIONS[stack];
    const payload = segment.payload ?? new Uint8Array();
    const bytes = Buffer.alloc(20 + options.length + payload.length);
    bytes.writeUInt16BE(from.port, 0);
    bytes.writeUInt16BE(to.port, 2);
    bytes.writeUInt32BE(segment.sequence >>> 0, 4);
    bytes.writeUInt32BE(segment.acknowledgement >>> 0, 8);
    bytes.writeUInt8(((20 + options.length) / 4) << 4, 12);
    bytes.writeUInt8(segment.flags, 13);
    bytes.writeUInt16BE(WINDOW[stack], 14);
    options.copy(bytes, 20);
    bytes.set(payload, 20 + options.length);
    bytes.writeUInt16BE(transportChecksum(from.ip, to.ip, PROTOCOL_TCP, bytes), 16);
    this.#ipv4(timeMs, from, to, PROTOCOL_TCP, bytes, TIME_TO_LIVE[stack]);
  }

  /** @returns a capture file in the classic pcap format with microseconds, Ethernet */
  toPcap(): Buffer {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(1, 20);
    const records = [...this.#packets]
      .sort((a, b) => a.timeMs - b.timeMs)
      .flatMap(({ timeMs, bytes }) => {
        const record = Buffer.alloc(16);
        record.writeUInt32LE(Math.floor(timeMs / 1000), 0);
        record.writeUInt32LE(Math.floor((timeMs % 1000) * 1000), 4);
        record.writeUInt32LE(bytes.length, 8);
        record.writeUInt32LE(bytes.length, 12);
        return [record, bytes];
      });
    return Buffer.concat([header, ...records]);
  }

  #ipv4(timeMs: number, from: SampleHost, to: SampleHost, protocol: number, body: Buffer, timeToLive: number): void {
    const header = Buffer.alloc(20);
    header.writeUInt8(0x45, 0);
    header.writeUInt16BE(20 + body.length, 2);
    header.writeUInt16BE(this.#identification++ & 0xffff, 4);
    header.writeUInt16BE(0x4000, 6);
    header.writeUInt8(timeToLive, 8);
    header.writeUInt8(protocol, 9);
    ipBytes(from.ip).copy(header, 12);
    ipBytes(to.ip).copy(header, 16);
    header.writeUInt16BE(internetChecksum(header), 10);
    this.#push(timeMs, ethernet(from.mac, to.mac, ETHERTYPE_IPV4, Buffer.concat([header, body])));
  }

  #push(timeMs: number, bytes: Buffer): void {
    this.#packets.push({ timeMs, bytes });
  }
}

/** One TCP connection of the sample hospital, from handshake to FIN. */
export class SampleConnection {
  readonly #builder: PacketBuilder;
  readonly #client: SampleHost & { port: number };
  readonly #server: SampleHost & { port: number };
  #timeMs: number;
  #clientSequence: number;
  #serverSequence: number;

  constructor(
    builder: PacketBuilder,
    timeMs: number,
    client: SampleHost & { port: number },
    server: SampleHost & { port: number },
  ) {
    this.#builder = builder;
    this.#client = client;
    this.#server = server;
    this.#timeMs = timeMs;
    this.#clientSequence = client.port * 1000;
    this.#serverSequence = server.port * 7919 + client.port;
    this.#segment('client', SYN);
    this.#clientSequence += 1;
    this.#segment('server', SYN | ACK);
    this.#serverSequence += 1;
    this.#segment('client', ACK);
  }

  /** Lets time pass: what follows happens at `timeMs` or later. */
  at(timeMs: number): this {
    this.#timeMs = Math.max(this.#timeMs, timeMs);
    return this;
  }

  fromClient(payload: Uint8Array | string): this {
    return this.#send('client', Buffer.from(payload as Uint8Array));
  }

  fromServer(payload: Uint8Array | string): this {
    return this.#send('server', Buffer.from(payload as Uint8Array));
  }

  close(): void {
    this.#segment('client', FIN | ACK);
    this.#clientSequence += 1;
    this.#segment('server', FIN | ACK);
    this.#serverSequence += 1;
    this.#segment('client', ACK);
  }

  #send(side: 'client' | 'server', payload: Buffer): this {
    for (let offset = 0; offset < payload.length; offset += MAXIMUM_SEGMENT_BYTES) {
      const part = payload.subarray(offset, offset + MAXIMUM_SEGMENT_BYTES);
      this.#segment(side, PSH | ACK, part);
      if (side === 'client') this.#clientSequence += part.length;
      else this.#serverSequence += part.length;
    }
    this.#segment(side === 'client' ? 'server' : 'client', ACK);
    return this;
  }

  #segment(side: 'client' | 'server', flags: number, payload?: Buffer): void {
    const isClient = side === 'client';
    this.#timeMs += ROUND_TRIP_MS / 2;
    const from = isClient ? this.#client : this.#server;
    const to = isClient ? this.#server : this.#client;
    const isFirst = flags === SYN;
    this.#builder.tcp(this.#timeMs, from, to, {
      sequence: isClient ? this.#clientSequence : this.#serverSequence,
      acknowledgement: isFirst ? 0 : isClient ? this.#serverSequence : this.#clientSequence,
      flags,
      ...(payload === undefined ? {} : { payload }),
    });
  }
}

function ethernet(source: string, destination: string, etherType: number, body: Buffer): Buffer {
  const header = Buffer.alloc(14);
  macBytes(destination).copy(header, 0);
  macBytes(source).copy(header, 6);
  header.writeUInt16BE(etherType, 12);
  return Buffer.concat([header, body]);
}

export function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

export function ipBytes(ip: string): Buffer {
  return Buffer.from(ip.split('.').map(Number));
}

/** RFC 1071. */
function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let offset = 0; offset < bytes.length; offset += 2) {
    sum += offset + 1 < bytes.length ? bytes.readUInt16BE(offset) : bytes.readUInt8(offset) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** RFC 9293 §3.1: the checksum covers a pseudo header. */
function transportChecksum(from: string, to: string, protocol: number, segment: Buffer): number {
  const pseudoHeader = Buffer.alloc(12);
  ipBytes(from).copy(pseudoHeader, 0);
  ipBytes(to).copy(pseudoHeader, 4);
  pseudoHeader.writeUInt8(protocol, 9);
  pseudoHeader.writeUInt16BE(segment.length, 10);
  return internetChecksum(Buffer.concat([pseudoHeader, segment]));
}
