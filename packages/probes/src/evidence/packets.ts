import { isIPv6 } from 'node:net';
import type { Conversation, Turn } from '../connection/conversation.ts';

// What a probe said and heard, written as the packets that an observer would have seen: the wire's rooms then read it as
// they read all traffic, and it can be exported as a capture. Lengths and sequence numbers are right, checksums are left
// out, as network cards leave them out.

/** LINKTYPE_RAW: a packet begins with its IP header (tcpdump.org/linktypes). */
export const RAW_IP_LINK = 101;

const TCP = 6;
const UDP = 17;
const MAXIMUM_SEGMENT = 1400;
/** RFC 9293 §3.1. */
const FIN = 0x01;
const SYN = 0x02;
const PUSH = 0x08;
const ACK = 0x10;
const FIRST_SEQUENCE = 1;
const HEADER = { ipv4: 20, ipv6: 40, tcp: 20, udp: 8 } as const;

export interface WrittenPacket {
  readonly bytes: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** @returns the packets of a conversation, in their order */
export function packetsOfConversation(conversation: Conversation): WrittenPacket[] {
  return conversation.transport === 'udp' ? datagramsOf(conversation) : segmentsOf(conversation);
}

function datagramsOf(conversation: Conversation): WrittenPacket[] {
  return conversation.turns.map(({ direction, bytes, time }) => {
    const header = Buffer.alloc(HEADER.udp);
    writePorts(header, conversation, direction);
    header.writeUInt16BE(HEADER.udp + bytes.length, 4);
    return { bytes: ipPacket(conversation, direction, UDP, Buffer.concat([header, bytes])), time };
  });
}

function segmentsOf(conversation: Conversation): WrittenPacket[] {
  const packets: WrittenPacket[] = [];
  const next = { 'to-server': FIRST_SEQUENCE, 'to-client': FIRST_SEQUENCE };
  let time = conversation.turns[0]?.time ?? 0;
  const send = (direction: Turn['direction'], flags: number, payload: Uint8Array) => {
    const other = direction === 'to-server' ? 'to-client' : 'to-server';
    const header = Buffer.alloc(HEADER.tcp);
    writePorts(header, conversation, direction);
    header.writeUInt32BE(next[direction], 4);
    header.writeUInt32BE((flags & ACK) === 0 ? 0 : next[other], 8);
    header[12] = (HEADER.tcp / 4) << 4;
    header[13] = flags;
    header.writeUInt16BE(65_535, 14);
    packets.push({ bytes: ipPacket(conversation, direction, TCP, Buffer.concat([header, payload])), time });
    next[direction] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  };
  send('to-server', SYN, NOTHING);
  send('to-client', SYN | ACK, NOTHING);
  send('to-server', ACK, NOTHING);
  for (const turn of conversation.turns) {
    time = turn.time;
    for (let at = 0; at < turn.bytes.length; at += MAXIMUM_SEGMENT) {
      send(turn.direction, PUSH | ACK, turn.bytes.subarray(at, at + MAXIMUM_SEGMENT));
    }
  }
  send('to-server', FIN | ACK, NOTHING);
  send('to-client', FIN | ACK, NOTHING);
  return packets;
}

const NOTHING = new Uint8Array(0);

function writePorts(header: Buffer, { localPort, port }: Conversation, direction: Turn['direction']): void {
  header.writeUInt16BE(direction === 'to-server' ? localPort : port, 0);
  header.writeUInt16BE(direction === 'to-server' ? port : localPort, 2);
}

function ipPacket(
  conversation: Conversation,
  direction: Turn['direction'],
  protocol: number,
  payload: Buffer,
): Uint8Array {
  const [source, target] =
    direction === 'to-server'
      ? [conversation.localAddress, conversation.ip]
      : [conversation.ip, conversation.localAddress];
  if (isIPv6(conversation.ip)) {
    const header = Buffer.alloc(HEADER.ipv6);
    header[0] = 0x60;
    header.writeUInt16BE(payload.length, 4);
    header[6] = protocol;
    header[7] = 64;
    header.set(ipv6Bytes(source), 8);
    header.set(ipv6Bytes(target), 24);
    return Buffer.concat([header, payload]);
  }
  const header = Buffer.alloc(HEADER.ipv4);
  header[0] = 0x45;
  header.writeUInt16BE(HEADER.ipv4 + payload.length, 2);
  header[8] = 64;
  header[9] = protocol;
  header.set(ipv4Bytes(source), 12);
  header.set(ipv4Bytes(target), 16);
  return Buffer.concat([header, payload]);
}

function ipv4Bytes(ip: string): number[] {
  const numbers = ip
    .replace(/^::ffff:/, '')
    .split('.')
    .map(Number);
  return numbers.length === 4 ? numbers : [0, 0, 0, 0];
}

/** RFC 4291 §2.2: `::` stands for as many groups of zeros as are missing. */
function ipv6Bytes(ip: string): number[] {
  const [plain = ''] = ip.split('%');
  const [left = '', right] = plain.split('::');
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return [...head, ...(right === undefined ? [] : zeros), ...tail]
    .slice(0, 8)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}
