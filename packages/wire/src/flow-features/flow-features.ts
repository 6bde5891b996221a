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
 * “Cost-based modeling for fraud and intrusion detection”, 2000). Bytes are those of IP packets, not of payload alone,
 * less the headers of each packet.
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
    numbers[1] = payloadBytes(flow.bytesToServer, flow.packetsToServer, transport);
    numbers[2] = payloadBytes(flow.bytesToClient, flow.packetsToClient, transport);
    numbers[3] = flow.clientIp === flow.serverIp && flow.clientPort === flow.serverPort ? 1 : 0;
    this.#window.add(flow, row.service, row.flag);
    this.#window.describe(numbers, 4);
    return row;
  }
}

/** Smallest headers of IPv4 with TCP, UDP or ICMP. */
function payloadBytes(bytes: number, packets: number, transport: string): number {
  return Math.max(0, bytes - packets * (transport === 'tcp' ? 40 : 28));
}
