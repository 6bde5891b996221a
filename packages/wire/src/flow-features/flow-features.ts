import type { InspectedFlowState } from '../inspector.ts';
import { endingOf } from './ending.ts';
import { FlowWindow } from './flow-window.ts';
import { serviceOf } from './service-names.ts';

// Called for each flow that ends, not for each packet: still plain, since fifty thousand may end in a second
// (`npm run bench -- ml`).

/** Places of the numbers in `FlowFeatures.numbers`, by the names of NSL-KDD. */
export const FLOW_NUMBERS = [
  ...['duration', 'src_bytes', 'dst_bytes', 'land', 'count', 'srv_count', 'serror_rate', 'srv_serror_rate'],
  ...['rerror_rate', 'srv_rerror_rate', 'same_srv_rate', 'diff_srv_rate', 'srv_diff_host_rate', 'dst_host_count'],
  ...['dst_host_srv_count', 'dst_host_same_srv_rate', 'dst_host_diff_srv_rate', 'dst_host_same_src_port_rate'],
  ...['dst_host_srv_diff_host_rate', 'dst_host_serror_rate', 'dst_host_srv_serror_rate', 'dst_host_rerror_rate'],
  'dst_host_srv_rerror_rate',
] as const;

/** One flow as a row: the same object for every flow, read before the next. */
export interface FlowFeatures {
  readonly protocol_type: string;
  readonly service: string;
  readonly flag: string;
  /** In the order of `FLOW_NUMBERS`. */
  readonly numbers: Float64Array;
}

const MICROS_PER_SECOND = 1_000_000;

/**
 * Computes of each flow that ends the features of KDD Cup 99 that follow from headers and counters: the flow itself,
 * how it stands among the flows of two seconds, and among the last ones to the same host (Stolfo and others,
 * “Cost-based modeling for fraud and intrusion detection”, 2000). Bytes are those of frames less the headers that each has at least;
 * a connection that was never made has carried none.
 */
export class FlowFeatureReader {
  readonly #window = new FlowWindow();
  readonly #row = { protocol_type: '', service: '', flag: '', numbers: new Float64Array(FLOW_NUMBERS.length) };

  /** @returns the features of a flow; valid until the next call */
  read(flow: InspectedFlowState): FlowFeatures {
    const row = this.#row;
    const { numbers } = row;
    const { transport } = flow;
    row.protocol_type = transport === 'tcp' || transport === 'udp' ? transport : 'icmp';
    row.service = serviceOf(flow);
    row.flag = transport === 'tcp' ? endingOf(flow) : 'SF';
    numbers[0] = Math.floor(Math.max(0, flow.lastMicros - flow.firstMicros) / MICROS_PER_SECOND);
    const headers = headerBytes(transport, flow.clientMac !== undefined);
    const isMade = !NEVER_MADE.has(row.flag);
    numbers[1] = isMade ? Math.max(0, flow.bytesToServer - flow.packetsToServer * headers) : 0;
    numbers[2] = isMade ? Math.max(0, flow.bytesToClient - flow.packetsToClient * headers) : 0;
    numbers[3] = flow.clientIp === flow.serverIp && flow.clientPort === flow.serverPort ? 1 : 0;
    this.#window.add(flow, row.service, row.flag);
    this.#window.describe(numbers, 4);
    return row;
  }
}

/** Endings of connections of which nobody answered the opening, or the server refused it. */
const NEVER_MADE: ReadonlySet<string> = new Set(['S0', 'REJ', 'RSTOS0', 'SH']);

/** Ethernet without a tag. */
const ETHERNET_BYTES = 14;
/** IPv4 with TCP; programs of today send time stamps with almost every segment (RFC 7323 §3.2), which take 12 more. */
const TCP_BYTES = 40;
const TIME_STAMP_BYTES = 12;
/** IPv4 with UDP or ICMP. */
const DATAGRAM_BYTES = 28;

function headerBytes(transport: string, isOnEthernet: boolean): number {
  const link = isOnEthernet ? ETHERNET_BYTES : 0;
  return link + (transport === 'tcp' ? TCP_BYTES + (isOnEthernet ? TIME_STAMP_BYTES : 0) : DATAGRAM_BYTES);
}
