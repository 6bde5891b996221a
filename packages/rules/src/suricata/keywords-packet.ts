import { DECODER_EVENTS, STREAM_EVENTS } from '@sphinx/schema';
import type { InspectedPacket } from './inspector.ts';
import { type IntegerTest, parseIntegerTest } from './integer-test.ts';
import {
  fragmentWord,
  icmpCode,
  icmpIdentifier,
  icmpSequence,
  icmpType,
  icmpv6Mtu,
  identification,
  ipOptions,
  isIcmp,
  isTcp,
  tcpAcknowledgment,
  tcpFlags,
  tcpMaximumSegment,
  tcpSequence,
  tcpWindow,
  tcpWindowScale,
  timeToLive,
  typeOfService,
} from './packet-fields.ts';
import type { Keyword, KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, RuleError } from './rule-error.ts';

type Field = (packet: InspectedPacket) => number | undefined;

/** A keyword that compares a number of the packet at hand. */
function field(summary: string, read: Field, names: Readonly<Record<string, number>> = {}): Keyword {
  return {
    summary,
    apply: (builder, value, name) => {
      addPacketTest(builder, read, parseIntegerTest(needValue(name, value), names));
    },
  };
}

function addPacketTest(builder: RuleBuilder, read: Field, test: IntegerTest): void {
  addPacketCheck(builder, (packet) => {
    const value = read(packet);
    return value !== undefined && test(value);
  });
}

function addPacketCheck(builder: RuleBuilder, check: (packet: InspectedPacket) => boolean): void {
  builder.needsPacket = true;
  builder.checks.push(({ packet }) => packet !== undefined && check(packet));
}

const tcp =
  (read: Field): Field =>
  (packet) =>
    isTcp(packet) ? read(packet) : undefined;

const icmp =
  (read: Field): Field =>
  (packet) =>
    isIcmp(packet) ? read(packet) : undefined;

const FLAG_BITS: Readonly<Record<string, number>> = {
  F: 0x01,
  S: 0x02,
  R: 0x04,
  P: 0x08,
  A: 0x10,
  U: 0x20,
  E: 0x40,
  C: 0x80,
  '2': 0x40,
  '1': 0x80,
};

function flagBits(text: string): number {
  let bits = 0;
  for (const letter of text) {
    if (letter === '0') continue;
    const bit = FLAG_BITS[letter.toUpperCase()];
    if (bit === undefined) throw new RuleError(`flags: '${letter}' is unknown`);
    bits |= bit;
  }
  return bits;
}

function applyTcpFlags(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [wanted = '', ignored = ''] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const match = /^([+*!]?)\s*([A-Za-z0-9]+)\s*([+*!]?)$/.exec(wanted);
  if (match === null) throw new RuleError(`flags: '${wanted}' is unknown`);
  const modifier = match[1] || match[3] || '';
  const bits = flagBits(match[2] ?? '');
  const mask = 0xff & ~flagBits(ignored);
  addPacketCheck(builder, (packet) => {
    if (!isTcp(packet)) return false;
    const flags = tcpFlags(packet) & mask;
    switch (modifier) {
      case '+':
        return (flags & bits) === bits;
      case '*':
        return (flags & bits) !== 0;
      case '!':
        return (flags & bits) !== bits;
      default:
        return flags === bits;
    }
  });
}

const FRAGMENT_BITS: Readonly<Record<string, number>> = { M: 0x2000, D: 0x4000, R: 0x8000 };

function applyFragmentBits(builder: RuleBuilder, value: string | undefined, name: string): void {
  const match = /^([+*!]?)\s*([MDR]+)\s*([+*!]?)$/i.exec(needValue(name, value));
  if (match === null) throw new RuleError(`fragbits: '${value ?? ''}' is unknown`);
  const modifier = match[1] || match[3] || '';
  const bits = [...(match[2] ?? '')].reduce((sum, letter) => sum | (FRAGMENT_BITS[letter.toUpperCase()] ?? 0), 0);
  addPacketCheck(builder, (packet) => {
    const word = fragmentWord(packet);
    if (word === undefined) return false;
    const flags = word & 0xe000;
    if (modifier === '+') return (flags & bits) === bits;
    if (modifier === '*') return (flags & bits) !== 0;
    return modifier === '!' ? (flags & bits) === 0 : flags === bits;
  });
}

const IP_OPTIONS: Readonly<Record<string, number>> = {
  rr: 7,
  lsrr: 131,
  eol: 0,
  nop: 1,
  ts: 68,
  sec: 130,
  esec: 133,
  ssrr: 137,
  satid: 136,
};

function applyIpOptions(builder: RuleBuilder, value: string | undefined, name: string): void {
  const wanted = needValue(name, value).toLowerCase();
  const kind = IP_OPTIONS[wanted];
  if (kind === undefined && wanted !== 'any') throw new RuleError(`ipopts: '${wanted}' is unknown`);
  addPacketCheck(builder, (packet) => {
    const kinds = ipOptions(packet);
    return kind === undefined ? kinds.length > 0 : kinds.includes(kind);
  });
}

const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
};

function applyIpProtocol(builder: RuleBuilder, value: string | undefined, name: string): void {
  const test = parseIntegerTest(needValue(name, value), IP_PROTOCOLS);
  builder.checks.push(({ packet }) => packet !== undefined && test(packet.ipProtocol));
}

function applyIpVersion(builder: RuleBuilder, value: string | undefined, name: string): void {
  const word = needValue(name, value).trim().toLowerCase();
  if (!/^ip(v?[46])?$/.test(word)) throw new RuleError(`${name}: '${word}' is unknown`);
  if (word !== 'ip') builder.checks.push(({ sourceIp }) => sourceIp.includes(':') === word.endsWith('6'));
}

function applyDataSize(builder: RuleBuilder, value: string | undefined, name: string): void {
  const read: Field = ({ payloadOffset, payloadEnd, transportOffset, isFragment }) =>
    transportOffset < 0 || isFragment ? undefined : Math.max(0, payloadEnd - payloadOffset);
  addPacketTest(builder, read, parseIntegerTest(needValue(name, value)));
}

function applyDecoderEvent(builder: RuleBuilder, value: string | undefined, name: string): void {
  const wanted = needValue(name, value).trim();
  const event = DECODER_EVENTS.find((each) => each === wanted);
  if (event === undefined) throw new RuleError(`decode-event: the sensor does not give ${wanted}`);
  addPacketCheck(builder, (packet) => packet.decoderEvents().includes(event));
}

function applyStreamEvent(builder: RuleBuilder, value: string | undefined, name: string): void {
  const wanted = needValue(name, value).trim();
  const event = STREAM_EVENTS.find((each) => each === wanted);
  if (event === undefined) throw new RuleError(`stream-event: the sensor does not give ${wanted}`);
  if (builder.lists.some(({ buffer }) => buffer !== 'payload'))
    throw new RuleError(`${name} belongs to no transaction`);
  builder.streamEvents.push(event);
}

/** Keywords on headers of IP, TCP, UDP and ICMP. */
export const PACKET_KEYWORDS: KeywordTable = {
  'decode-event': {
    summary: 'irregular headers of IP, TCP and UDP, and irregular fragments',
    apply: applyDecoderEvent,
  },
  'stream-event': {
    summary: 'what is irregular in how a connection of TCP opens, goes on and closes',
    apply: applyStreamEvent,
  },
  dsize: { summary: 'size of the payload of the packet', apply: applyDataSize },
  ttl: field('time to live, hop limit', timeToLive),
  tos: field('type of service', typeOfService),
  id: field('IPv4 identification', identification),
  fragoffset: field('IPv4 fragment offset in units of 8 bytes', (packet) => {
    const word = fragmentWord(packet);
    return word === undefined ? undefined : word & 0x1fff;
  }),
  fragbits: { summary: 'IPv4 flags M, D and R', apply: applyFragmentBits },
  ipopts: { summary: 'an IPv4 option is there', apply: applyIpOptions },
  ip_proto: { summary: 'number or name of the protocol in IP', apply: applyIpProtocol },
  sameip: {
    summary: 'source and destination are the same address',
    apply: (builder) => builder.checks.push(({ sourceIp, destinationIp }) => sourceIp === destinationIp),
  },
  flags: { summary: 'TCP flags', apply: applyTcpFlags },
  'tcp.flags': { summary: 'TCP flags', apply: applyTcpFlags },
  seq: field('TCP sequence number', tcp(tcpSequence)),
  'tcp.seq': field('TCP sequence number', tcp(tcpSequence)),
  ack: field('TCP acknowledgement number', tcp(tcpAcknowledgment)),
  'tcp.ack': field('TCP acknowledgement number', tcp(tcpAcknowledgment)),
  window: field('TCP window', tcp(tcpWindow)),
  'tcp.window': field('TCP window', tcp(tcpWindow)),
  'tcp.mss': field('TCP maximum segment size', tcp(tcpMaximumSegment)),
  'tcp.wscale': field('TCP window scale', tcp(tcpWindowScale)),
  itype: field('ICMP type', icmp(icmpType)),
  icode: field('ICMP code', icmp(icmpCode)),
  icmp_id: field('ICMP identifier', icmp(icmpIdentifier)),
  icmp_seq: field('ICMP sequence number', icmp(icmpSequence)),
  'igmp.type': field('IGMP type', ({ bytes, ipProtocol, transportOffset, payloadEnd }) =>
    ipProtocol === 2 && transportOffset >= 0 && transportOffset < payloadEnd ? bytes[transportOffset] : undefined,
  ),
  l3_proto: { summary: 'version of IP', apply: applyIpVersion },
  'icmpv6.mtu': field('MTU of ICMPv6 packet too big', icmp(icmpv6Mtu)),
};
