import { ACK, FIN, RST, SYN } from '../../flow/transport-header.ts';
import type { FlowRecord } from '../../sensor.ts';
import { placeMembers } from './ends.ts';
import { type EveEvent, type EveMembers, eveTime } from './eve-event.ts';
import { eveProtocol } from './names.ts';

const MICROS_PER_SECOND = 1_000_000;
const PSH = 0x08;
const URG = 0x20;
const ECE = 0x40;
const CWR = 0x80;

/** What is remembered of a flow beside its record. */
export interface FlowMemory {
  /** A rule has spoken about it. */
  readonly hasAlerted: boolean;
  /** Of its first ICMP messages: type and code that the client sent, and what came back. */
  readonly icmpAsked: IcmpKind | undefined;
  readonly icmpAnswered: IcmpKind | undefined;
  /** Where the flow went on in another protocol: the first, and the last. */
  readonly originalProtocol: string | undefined;
  readonly enteredProtocol: string | undefined;
}

export interface IcmpKind {
  readonly type: number;
  readonly code: number;
}

/** @returns what is told once a flow is over */
export function flowEvent(flow: FlowRecord, memory: FlowMemory | undefined, communityIdSeed: number): EveEvent {
  const { firstSeenMicros, lastSeenMicros, transport, protocol } = flow;
  const seconds = (micros: number) => Math.floor(micros / MICROS_PER_SECOND);
  return {
    ...placeMembers({ type: 'flow', flow, timeMicros: lastSeenMicros, direction: 'to-server', communityIdSeed }),
    ...icmpMembers(memory),
    ...(hasProtocol(flow) ? { app_proto: eveProtocol(memory?.enteredProtocol ?? protocol) } : {}),
    ...(memory?.originalProtocol === undefined ? {} : { app_proto_orig: eveProtocol(memory.originalProtocol) }),
    flow: {
      pkts_toserver: flow.packetsToServer,
      pkts_toclient: flow.packetsToClient,
      bytes_toserver: flow.bytesToServer,
      bytes_toclient: flow.bytesToClient,
      start: eveTime(firstSeenMicros),
      end: eveTime(lastSeenMicros),
      age: seconds(lastSeenMicros) - seconds(firstSeenMicros),
      state: flowState(flow),
      reason: 'shutdown',
      alerted: memory?.hasAlerted ?? false,
    },
    ...(transport === 'tcp' ? { tcp: tcpMembers(flow) } : {}),
  };
}

function icmpMembers(memory: FlowMemory | undefined): EveMembers {
  const { icmpAsked: asked, icmpAnswered: answered } = memory ?? {};
  return {
    ...(asked === undefined ? {} : { icmp_type: asked.type, icmp_code: asked.code }),
    ...(answered === undefined ? {} : { response_icmp_type: answered.type, response_icmp_code: answered.code }),
  };
}

/** Where nothing was said there is no protocol to fail at. */
function hasProtocol({
  protocol,
  transport,
  packetsToClient,
  tcpFlagsToServer,
  tcpFlagsToClient,
}: FlowRecord): boolean {
  if (transport !== 'tcp') return transport === 'udp' || protocol !== 'unknown';
  return protocol !== 'unknown' || (packetsToClient > 0 && ((tcpFlagsToServer | tcpFlagsToClient) & PSH) !== 0);
}

function flowState({ state, transport, tcpFlagsToServer, tcpFlagsToClient }: FlowRecord): string {
  switch (state) {
    case 'one-way':
    case 'new':
      return 'new';
    case 'established':
      return transport === 'tcp' && ((tcpFlagsToServer | tcpFlagsToClient) & SYN) === 0 ? 'new' : 'established';
    case 'closed':
    case 'reset':
    case 'rejected':
      return 'closed';
    default:
      return state satisfies never;
  }
}

function tcpMembers({ state, tcpFlagsToServer, tcpFlagsToClient }: FlowRecord): EveMembers {
  const all = tcpFlagsToServer | tcpFlagsToClient;
  const named = { syn: SYN, fin: FIN, rst: RST, psh: PSH, ack: ACK, urg: URG, ecn: ECE, cwr: CWR };
  return {
    tcp_flags: hex(all),
    tcp_flags_ts: hex(tcpFlagsToServer),
    tcp_flags_tc: hex(tcpFlagsToClient),
    ...Object.fromEntries(Object.entries(named).flatMap(([name, bit]) => ((all & bit) === 0 ? [] : [[name, true]]))),
    state: tcpState(state, tcpFlagsToServer, tcpFlagsToClient),
  };
}

/** States of RFC 9293 §3.3.2, as far as flags tell them. */
function tcpState(state: FlowRecord['state'], toServer: number, toClient: number): string {
  const ends = (toServer & FIN) !== 0 ? 1 : 0;
  switch (state) {
    case 'closed':
    case 'reset':
    case 'rejected':
      return 'closed';
    case 'one-way':
      return (toServer & SYN) !== 0 ? 'syn_sent' : 'none';
    case 'new':
      return 'syn_recv';
    case 'established':
      return ends > 0 || (toClient & FIN) !== 0 ? 'fin_wait1' : 'established';
    default:
      return state satisfies never;
  }
}

function hex(flags: number): string {
  return flags.toString(16).padStart(2, '0');
}
