import { ByteCursor } from '../../bytes/byte-cursor.ts';
import { type ExportMessage, SequenceTracker } from './export-message.ts';
import { type ExportContext, type ExportedFlow, flowOf, numberOf } from './exported-flow.ts';
import { IE } from './information-elements.ts';
import { readNetflow5 } from './netflow5.ts';
import { readRecords, Templates } from './templates.ts';

/** Observation domains that are remembered; beyond, the one that was silent longest is forgotten. */
const MAXIMUM_DOMAINS = 4096;
const VERSION_9_HEADER = 20;
const IPFIX_HEADER = 16;
/** Numbers of template and options template sets: RFC 3954 §5.2, §6.1; RFC 7011 §3.3.2. */
const VERSION_9_SETS = { template: 0, options: 1 };
const IPFIX_SETS = { template: 2, options: 3 };
const FIRST_DATA_SET = 256;

/** What is remembered of one observation domain of one exporter. */
interface Domain {
  readonly templates: Templates;
  readonly sequence: SequenceTracker;
  samplingRate: number;
}

/** Reads messages of NetFlow version 5, version 9 (RFC 3954) and IPFIX (RFC 7011). Keeps the templates of each exporter. */
export class NetflowReader {
  readonly #domains = new Map<string, Domain>();

  /**
   * @param bytes one datagram, or one message of a stream or file
   * @param exporter who sent it: templates and numbers belong to one exporter
   * @returns undefined when the bytes are no message of these protocols
   */
  message(bytes: Uint8Array, exporter: string): ExportMessage | undefined {
    const version = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
    switch (version) {
      case 5:
        return readNetflow5(bytes, (engine) => this.#domain(`${exporter}|5|${engine}`, false).sequence);
      case 9:
        return this.#readVersion9(bytes, exporter);
      case 10:
        return this.#readIpfix(bytes, exporter);
      default:
        return undefined;
    }
  }

  #readVersion9(bytes: Uint8Array, exporter: string): ExportMessage | undefined {
    if (bytes.length < VERSION_9_HEADER) return undefined;
    const cursor = new ByteCursor(bytes, 4);
    const upTimeMs = cursor.uint32();
    const exportMicros = cursor.uint32() * 1e6;
    const sequence = cursor.uint32();
    const domain = this.#domain(`${exporter}|9|${cursor.uint32()}`, false);
    const context = { reportedBy: 'NetFlow', exportMicros, upTimeMs };
    const { flows, setsWithoutTemplate } = readSets(bytes.subarray(VERSION_9_HEADER), domain, context, VERSION_9_SETS);
    // RFC 3954 §5.1 numbers the messages.
    return { flows, exportMicros, setsWithoutTemplate, lost: domain.sequence.follow(sequence, 1) };
  }

  #readIpfix(bytes: Uint8Array, exporter: string): ExportMessage | undefined {
    const cursor = new ByteCursor(bytes, 2);
    const length = cursor.uint16();
    if (bytes.length < IPFIX_HEADER || length < IPFIX_HEADER || length > bytes.length) return undefined;
    const exportMicros = cursor.uint32() * 1e6;
    const sequence = cursor.uint32();
    const domain = this.#domain(`${exporter}|10|${cursor.uint32()}`, true);
    const context = { reportedBy: 'IPFIX', exportMicros, upTimeMs: undefined };
    const body = bytes.subarray(IPFIX_HEADER, length);
    const { flows, setsWithoutTemplate, records } = readSets(body, domain, context, IPFIX_SETS);
    // RFC 7011 §3.1 numbers the data records; those of unknown layout cannot be counted.
    const lost = domain.sequence.follow(sequence, setsWithoutTemplate > 0 ? undefined : records);
    return { flows, exportMicros, setsWithoutTemplate, lost };
  }

  #domain(key: string, isIpfix: boolean): Domain {
    const known = this.#domains.get(key);
    const domain = known ?? { templates: new Templates(isIpfix), sequence: new SequenceTracker(), samplingRate: 1 };
    this.#domains.delete(key);
    this.#domains.set(key, domain);
    const oldest = this.#domains.size > MAXIMUM_DOMAINS ? this.#domains.keys().next() : undefined;
    if (oldest?.done === false) this.#domains.delete(oldest.value);
    return domain;
  }
}

function readSets(
  bytes: Uint8Array,
  domain: Domain,
  context: Omit<ExportContext, 'samplingRate'>,
  kinds: typeof VERSION_9_SETS,
): { flows: ExportedFlow[]; setsWithoutTemplate: number; records: number } {
  const flows: ExportedFlow[] = [];
  const cursor = new ByteCursor(bytes);
  let setsWithoutTemplate = 0;
  let records = 0;
  while (cursor.remaining >= 4) {
    const set = cursor.uint16();
    const length = cursor.uint16();
    if (length < 4) break;
    const body = cursor.slice(Math.min(length - 4, cursor.remaining));
    if (set === kinds.template) domain.templates.readTemplates(body);
    if (set === kinds.options) domain.templates.readOptionsTemplates(body);
    if (set < FIRST_DATA_SET) continue;
    const template = domain.templates.get(set);
    if (template === undefined) {
      setsWithoutTemplate += 1;
      continue;
    }
    for (const values of readRecords(body, template)) {
      records += 1;
      if (template.isOptions) noteSampling(values, domain);
      const flow = template.isOptions ? undefined : flowOf(values, { ...context, samplingRate: domain.samplingRate });
      if (flow !== undefined) flows.push(flow);
    }
  }
  return { flows, setsWithoutTemplate, records };
}

/** Beyond this a rate is damage: no exporter looks at fewer packets. */
const LARGEST_SAMPLING_RATE = 1_000_000;

/** RFC 3954 §8 SAMPLING_INTERVAL; RFC 5477 §8.2: `interval` packets are taken, `space` packets are left out. */
function noteSampling(values: ReadonlyMap<number, Uint8Array>, domain: Domain): void {
  const interval = numberOf(values, IE.samplingPacketInterval);
  const rate = interval > 0 ? (interval + numberOf(values, IE.samplingPacketSpace)) / interval : 0;
  const told = numberOf(values, IE.samplingInterval) || Math.round(rate);
  if (told >= 1 && told <= LARGEST_SAMPLING_RATE) domain.samplingRate = told;
}
