import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ActuatorError, type ClinicalFlow } from '../../contract/actuator.ts';
import type { OpenC2Target } from '../../openc2/command.ts';
import type { Expression } from './plan-rules.ts';

type Connection = NonNullable<OpenC2Target['ipv4_connection']>;
type Direction = 'both' | 'ingress' | 'egress';

/** Sources that a rate limit remembers at once: nft's own default of a meter. */
const METER_ENTRIES = 65_535;
const METER_SECONDS = 60;

/** Ends of a chain that cuts: counted, so that people see what was cut. */
export function ending(process: 'none' | 'reject' | 'false_ack'): readonly Expression[] {
  switch (process) {
    case 'none':
      return [{ counter: null }, { drop: null }];
    case 'reject':
      return [{ counter: null }, { reject: { type: 'icmpx', expr: 'admin-prohibited' } }];
    case 'false_ack':
      throw new ActuatorError('nftables drops or rejects; it can\'t pretend that a packet arrived ("false_ack").');
  }
}

/** Packets from (ingress) and to (egress) one of the addresses or networks. */
export function addressSelectors(nets: readonly string[], direction: Direction): readonly (readonly Expression[])[] {
  const fields = [...(direction === 'egress' ? [] : ['saddr']), ...(direction === 'ingress' ? [] : ['daddr'])];
  const families = (['ip', 'ip6'] as const).map((family) => ({ family, own: nets.filter((net) => isOf(family, net)) }));
  return families
    .filter(({ own }) => own.length > 0)
    .flatMap(({ family, own }) => fields.map((field) => [match(family, field, rightSideOf(own))]));
}

/** Packets that come from one of the hardware addresses. */
export function macSelectors(macs: readonly string[]): readonly (readonly Expression[])[] {
  return macs.map((mac) => [match('ether', 'saddr', mac)]);
}

/** Packets of a connection, and those of the way back. */
export function connectionSelectors(connection: Connection, direction: Direction): readonly (readonly Expression[])[] {
  const back: Connection = {
    src_addr: connection.dst_addr,
    dst_addr: connection.src_addr,
    src_port: connection.dst_port,
    dst_port: connection.src_port,
    protocol: connection.protocol,
  };
  const ways = [...(direction === 'ingress' ? [] : [connection]), ...(direction === 'egress' ? [] : [back])];
  return ways.map(oneWay);
}

function oneWay({ src_addr, dst_addr, src_port, dst_port, protocol }: Connection): readonly Expression[] {
  const hasPort = src_port !== undefined || dst_port !== undefined;
  const isOfPorts = protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp';
  if (hasPort && !isOfPorts) throw new ActuatorError('A port needs the protocol that it is of: tcp, udp or sctp.');
  return [
    ...(src_addr === undefined ? [] : [match('ip', 'saddr', rightSideOf([src_addr]))]),
    ...(dst_addr === undefined ? [] : [match('ip', 'daddr', rightSideOf([dst_addr]))]),
    ...(protocol === undefined ? [{ match: { op: '==', left: { meta: { key: 'nfproto' } }, right: 'ipv4' } }] : []),
    ...(protocol === undefined ? [] : [match('ip', 'protocol', protocol)]),
    ...(src_port === undefined ? [] : [match(protocol as string, 'sport', src_port)]),
    ...(dst_port === undefined ? [] : [match(protocol as string, 'dport', dst_port)]),
  ];
}

/** The first packet of a connection. */
export function isNew(): Expression {
  return { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'new' } };
}

/**
 * Errors of ICMP that belong to a connection. Without them kept flows break (RFC 1191, RFC 8201: packet too big), and nobody is
 * told of a rejection.
 */
export function errorRules(): readonly (readonly Expression[])[] {
  const related = { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'related' } };
  return [
    [match('icmp', 'type', 'destination-unreachable'), related, pass()],
    [match('icmpv6', 'type', { set: ['destination-unreachable', 'packet-too-big'] }), related, pass()],
  ];
}

/**
 * Neighbour discovery of IPv6 between the device and this machine (RFC 4861 §4), or it is not found again for a while once it
 * may come back. The hop limit of 255 that §7.1 asks for tells it from what would be forwarded.
 */
export function discoveryRule(): readonly Expression[] {
  const types = ['nd-router-solicit', 'nd-router-advert', 'nd-neighbor-solicit', 'nd-neighbor-advert'];
  return [match('ip6', 'hoplimit', 255), match('icmpv6', 'type', { set: types }), pass()];
}

/**
 * Rules that let a clinical flow through, in both directions. Whoever serves may answer but not begin: of TCP its packets pass
 * unless they ask for a connection (RFC 9293 §3.5: SYN without ACK), so that connections from before the quarantine go on even
 * where this machine did not follow them; of UDP they pass where conntrack has seen the question.
 */
export function keptRules(
  device: readonly string[],
  { peer, protocol, port, begunBy }: ClinicalFlow,
): readonly (readonly Expression[])[] {
  if (!isIPv4(peer) && !isIPv6(peer))
    throw new ActuatorError(`"${peer}" is no address, so the flow with it can't be kept. Correct the baseline.`);
  const family = isIPv4(peer) ? 'ip' : 'ip6';
  const own = device.filter((address) => isOf(family, address));
  if (own.length === 0) return [];
  const [client, server] = begunBy === 'device' ? [own, [peer]] : [[peer], own];
  const between = (from: readonly string[], to: readonly string[]): readonly Expression[] => [
    match(family, 'saddr', rightSideOf(from)),
    match(family, 'daddr', rightSideOf(to)),
  ];
  const answers = protocol === 'tcp' ? asksForNoConnection() : isAnswer();
  return [
    [...between(client, server), match(protocol, 'dport', port), pass()],
    [...between(server, client), match(protocol, 'sport', port), answers, pass()],
  ];
}

function asksForNoConnection(): Expression {
  const flags = { '&': [{ payload: { protocol: 'tcp', field: 'flags' } }, { '|': ['syn', 'ack'] }] };
  return { match: { op: '!=', left: flags, right: 'syn' } };
}

function isAnswer(): Expression {
  return { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'established' } };
}

/** Of what begins a connection, whatever is over the limit of its source is dropped. */
export function rateRules(
  chain: string,
  addresses: readonly string[],
  perSecond: number,
): readonly (readonly Expression[])[] {
  const limit = { limit: { rate: perSecond, burst: perSecond, per: 'second', inv: true } };
  const families = (['ip', 'ip6'] as const).filter((family) => addresses.some((address) => isOf(family, address)));
  return families.map((family) => {
    const source = { elem: { val: { payload: { protocol: family, field: 'saddr' } }, timeout: METER_SECONDS } };
    const meter = { name: `${chain}_${family}`, size: METER_ENTRIES, key: source, stmt: limit };
    return [{ meter }, { counter: null }, { drop: null }];
  });
}

/** Back to the base chain: what others want to cut, they still do. */
function pass(): Expression {
  return { return: null };
}

function match(protocol: string, field: string, right: Expression | string | number): Expression {
  return { match: { op: '==', left: { payload: { protocol, field } }, right } };
}

function rightSideOf(nets: readonly string[]): Expression | string {
  const values = nets.map((net) => {
    const [addr = '', length] = net.split('/');
    return length === undefined ? addr : { prefix: { addr, len: Number(length) } };
  });
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : { set: values };
}

function isOf(family: 'ip' | 'ip6', net: string): boolean {
  const [address = ''] = net.split('/');
  return family === 'ip' ? isIPv4(address) : isIPv6(address);
}

/** Kind of address that the first part of a selector looks at. */
export function familyOf(expression: Expression | undefined): string | undefined {
  const { match: found } = (expression ?? {}) as { match?: { left?: { payload?: { protocol?: string } } } };
  return found?.left?.payload?.protocol;
}

/** Whether an address lies in a network, or is it. */
export function contains(net: string, address: string): boolean {
  const [base = '', length] = net.split('/');
  const family = isIPv4(base) ? 'ipv4' : 'ipv6';
  if ((isIPv4(address) ? 'ipv4' : 'ipv6') !== family) return false;
  const list = new BlockList();
  list.addSubnet(base, length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length), family);
  return list.check(address, family);
}

export function describeFlow({ peer, protocol, port, begunBy, reason }: ClinicalFlow): string {
  const way = begunBy === 'device' ? `to ${peer}` : `from ${peer}`;
  return `${protocol}/${port} ${way} (${reason})`;
}

export function describeConnection({ src_addr, dst_addr, src_port, dst_port, protocol }: Connection): string {
  const end = (address: string | undefined, port: number | undefined): string =>
    `${address ?? 'anywhere'}${port === undefined ? '' : `:${port}`}`;
  return `${protocol ?? 'everything'} from ${end(src_addr, src_port)} to ${end(dst_addr, dst_port)}`;
}
