import { ByteCursor } from '../../bytes/byte-cursor.ts';
import { formatIpv4, formatIpv6 } from '../../ip/address.ts';
import { transportOf } from '../field.ts';
import { type ExportMessage, SequenceTracker } from './export-message.ts';
import type { ExportedFlow } from './exported-flow.ts';
import { SampledHeader } from './sampled-header.ts';

const VERSION = 5;
const FLOW_SAMPLE = 1;
const EXPANDED_FLOW_SAMPLE = 3;
/** Data formats of flow records (sFlow version 5, §5.3 "Flow Data Types"). */
const RAW_PACKET_HEADER = 1;
const SAMPLED_IPV4 = 3;
const SAMPLED_IPV6 = 4;
const MAXIMUM_SAMPLES = 512;
const MAXIMUM_RECORDS = 32;
/** A rate beyond this is damage. */
const LARGEST_SAMPLING_RATE = 10_000_000;
const MAXIMUM_AGENTS = 4096;

/** Reads datagrams of sFlow version 5 (sflow.org, "sFlow Version 5", 2004, §5). Each sample stands for `rate` packets. */
export class SflowReader {
  readonly #header = new SampledHeader();
  readonly #sequences = new Map<string, SequenceTracker>();

  /**
   * @param exporter who sent it
   * @param receivedMicros when it came: sFlow carries no time
   * @returns undefined when the bytes are no such datagram
   */
  message(bytes: Uint8Array, exporter: string, receivedMicros: number): ExportMessage | undefined {
    const cursor = new ByteCursor(bytes);
    if (cursor.uint32() !== VERSION) return undefined;
    const addressType = cursor.uint32();
    if (addressType !== 1 && addressType !== 2) return undefined;
    cursor.skip(addressType === 1 ? 4 : 16);
    const subAgent = cursor.uint32();
    const sequence = cursor.uint32();
    cursor.skip(4);
    const count = cursor.uint32();
    if (cursor.isBroken || count > MAXIMUM_SAMPLES) return undefined;
    const flows: ExportedFlow[] = [];
    for (let index = 0; index < count && cursor.remaining >= 8; index++) {
      const format = cursor.uint32();
      const sample = cursor.nested(cursor.uint32());
      if (format === FLOW_SAMPLE || format === EXPANDED_FLOW_SAMPLE) {
        const flow = this.#sample(sample, format === EXPANDED_FLOW_SAMPLE, receivedMicros);
        if (flow !== undefined) flows.push(flow);
      }
    }
    const lost = this.#sequence(`${exporter}|${subAgent}`).follow(sequence, 1);
    return { flows, exportMicros: receivedMicros, setsWithoutTemplate: 0, lost };
  }

  /** The several records of one sample describe the same packet: the first that tells its ends is taken. */
  #sample(sample: ByteCursor, isExpanded: boolean, timeMicros: number): ExportedFlow | undefined {
    sample.skip(isExpanded ? 12 : 8);
    const rate = Math.min(Math.max(1, sample.uint32()), LARGEST_SAMPLING_RATE);
    sample.skip(isExpanded ? 24 : 16);
    const count = Math.min(sample.uint32(), MAXIMUM_RECORDS);
    for (let index = 0; index < count && sample.remaining >= 8; index++) {
      const format = sample.uint32();
      const packet = this.#packet(format, sample.nested(sample.uint32()));
      if (packet === undefined) continue;
      const { length, ...ends } = packet;
      return {
        ...ends,
        reportedBy: 'sFlow',
        bytes: length * rate,
        packets: rate,
        isSampled: rate > 1,
        firstSeenMicros: timeMicros,
        lastSeenMicros: timeMicros,
      };
    }
    return undefined;
  }

  #packet(format: number, record: ByteCursor): SampledPacket | undefined {
    switch (format) {
      case RAW_PACKET_HEADER:
        return this.#header.read(record);
      case SAMPLED_IPV4:
        return readSampledIp(record, () => formatIpv4(record.uint32() | 0));
      case SAMPLED_IPV6:
        return readSampledIp(record, () =>
          formatIpv6(record.uint32() | 0, record.uint32() | 0, record.uint32() | 0, record.uint32() | 0),
        );
      default:
        return undefined;
    }
  }

  #sequence(key: string): SequenceTracker {
    const sequence = this.#sequences.get(key) ?? new SequenceTracker();
    if (this.#sequences.size < MAXIMUM_AGENTS) this.#sequences.set(key, sequence);
    return sequence;
  }
}

/** What a sample tells of one packet. */
export interface SampledPacket
  extends Pick<
    ExportedFlow,
    | 'sourceIp'
    | 'destinationIp'
    | 'sourcePort'
    | 'destinationPort'
    | 'sourceMac'
    | 'destinationMac'
    | 'vlan'
    | 'transport'
    | 'tcpFlags'
  > {
  /** Bytes on the wire. */
  readonly length: number;
}

function readSampledIp(record: ByteCursor, readAddress: () => string): SampledPacket | undefined {
  const length = record.uint32();
  const transport = transportOf(String(record.uint32()));
  const sourceIp = readAddress();
  const destinationIp = readAddress();
  const sourcePort = record.uint32() & 0xffff;
  const destinationPort = record.uint32() & 0xffff;
  const tcpFlags = record.uint32() & 255;
  if (record.isBroken) return undefined;
  return { length, transport, sourceIp, destinationIp, sourcePort, destinationPort, tcpFlags };
}
