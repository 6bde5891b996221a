import { ACK, FIN, RST, SYN } from '../../flow/transport-header.ts';
import type { InspectedPacket } from '../../inspector.ts';
import type { Direction } from '../../protocol.ts';
import type { FlowRecord } from '../../sensor.ts';
import { placeMembers } from './ends.ts';
import { type EveEvent, type EveMembers, eveTime } from './eve-event.ts';
import { eveProtocol } from './names.ts';

const MICROS_PER_SECOND = 1_000_000;
const PSH = 0x08;
const URG = 0x20;
const ECE = 0x40;
const CWR = 0x80;
/** Of IPv4 (RFC 791 §3.1) and of IPv6 (RFC 8200 §3), from the start of the header. */
const TIME_TO_LIVE = 8;
const HOP_LIMIT = 7;

/** What packets of one direction had in their IP headers. */
export class HopCounts {
  minimum = 255;
  maximum = 0;

  packet({ bytes, ipOffset, ipVersion }: InspectedPacket): void {
    const hops = bytes[ipOffset + (ipVersion === 4 ? TIME_TO_LIVE : HOP_LIMIT)] ?? 0;
    this.minimum = Math.min(this.minimum, hops);
    this.maximum = Math.max(this.maximum, hops);
  }
}

/** @returns one direction of a flow that is over; undefined where nothing went that way */
export function netflowEvent(
  flow: FlowRecord,
  direction: Direction,
  hops: HopCounts | undefined,
  communityIdSeed: number,
): EveEvent | undefined {
  const { firstSeenMicros, lastSeenMicros: timeMicros, protocol, transport } = flow;
  const isToServer = direction === 'to-server';
  const packets = isToServer ? flow.packetsToServer : flow.packetsToClient;
  if (packets === 0) return undefined;
  const seconds = (micros: number) => Math.floor(micros / MICROS_PER_SECOND);
  return {
    ...placeMembers({ type: 'netflow', flow, timeMicros, direction, communityIdSeed }),
    ...(protocol === 'unknown' ? {} : { app_proto: eveProtocol(protocol) }),
    netflow: {
      pkts: packets,
      bytes: isToServer ? flow.bytesToServer : flow.bytesToClient,
      start: eveTime(firstSeenMicros),
      end: eveTime(timeMicros),
      age: seconds(timeMicros) - seconds(firstSeenMicros),
      ...(hops === undefined ? {} : { min_ttl: hops.minimum, max_ttl: hops.maximum }),
    },
    ...(transport === 'tcp' ? { tcp: flagMembers(isToServer ? flow.tcpFlagsToServer : flow.tcpFlagsToClient) } : {}),
  };
}

/** @returns flags of TCP, in hexadecimal and by name */
function flagMembers(flags: number): EveMembers {
  const named = { syn: SYN, fin: FIN, rst: RST, psh: PSH, ack: ACK, urg: URG, ecn: ECE, cwr: CWR };
  const set = Object.entries(named).filter(([, bit]) => (flags & bit) !== 0);
  return {
    tcp_flags: flags.toString(16).padStart(2, '0'),
    ...Object.fromEntries(set.map(([name]) => [name, true])),
  };
}
