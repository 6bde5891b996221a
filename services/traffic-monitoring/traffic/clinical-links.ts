import type { TelemetryRow } from '@sphinx/schema';
import { z } from 'zod';

type RecordRow = TelemetryRow<'protocol_activity'>;

/** Protocols whose records are transactions of care. */
export const CLINICAL_PROTOCOLS = [
  'dicom',
  'dicomweb',
  'hl7',
  'fhir',
  'astm',
  'poct1-a',
  'intellivue',
  'ieee-11073-20601',
  'dpws',
  'medibus',
  'datex-ohmeda',
  'alaris',
  'masimo',
] as const;

const OperationCount = z.object({ name: z.string(), count: z.int(), failures: z.int() });

/** Which clinical system asks which other one for what, how often, and how well that goes. */
export const ClinicalLink = z
  .object({
    protocol: z.string(),
    clientIp: z.string(),
    serverIp: z.string(),
    serverPort: z.int(),
    clientNames: z
      .array(z.string())
      .meta({ description: 'AE titles or HL7 applications by which it introduced itself' }),
    serverNames: z.array(z.string()).meta({ description: 'AE titles or HL7 applications by which it was addressed' }),
    transactions: z.int(),
    failures: z.int().meta({ description: 'Refused, aborted or answered with an error' }),
    unanswered: z.int(),
    bytes: z.int().meta({ description: 'Of data sets and messages' }),
    medianMs: z.number().nullable().meta({ description: 'From request to final answer; null where it was not seen' }),
    slowMs: z.number().nullable().meta({ description: 'One in twenty takes longer' }),
    operations: z.array(OperationCount),
    firstTime: z.int(),
    lastTime: z.int(),
    isSample: z.boolean(),
  })
  .meta({ id: 'ClinicalLink' });
export type ClinicalLink = z.infer<typeof ClinicalLink>;

/** One transaction, whatever its protocol. */
interface Transaction {
  readonly name: string;
  readonly outcome: 'success' | 'failure' | 'unanswered';
  readonly durationMs?: number | undefined;
  readonly bytes?: number | undefined;
}

interface Names {
  readonly client: Set<string>;
  readonly server: Set<string>;
}

/** @param rows records of clinical protocols, in any order. @returns busiest first */
export function clinicalLinks(rows: readonly RecordRow[]): ClinicalLink[] {
  const links = new Map<string, Link>();
  const inOrder = [...rows].sort((left, right) => left.time - right.time || left.packet_number - right.packet_number);
  for (const row of inOrder) {
    const key = [row.app_name, row.src_ip, row.dst_ip, row.dst_port].join('|');
    let link = links.get(key);
    if (link === undefined) {
      link = new Link(row);
      links.set(key, link);
    }
    link.take(row);
  }
  return [...links.values()].map((link) => link.result()).sort((left, right) => right.transactions - left.transactions);
}

/** Adds up what goes over one way. */
class Link {
  readonly #first: RecordRow;
  readonly #names: Names = { client: new Set(), server: new Set() };
  readonly #operations = new Map<string, { count: number; failures: number }>();
  readonly #durations: number[] = [];
  /** HL7 messages that wait for their acknowledgement, per flow and sender, oldest first. */
  readonly #waiting = new Map<string, { name: string; time: number; bytes: number }[]>();
  /** HL7 messages that were taken for safe keeping and may be answered once more, per flow and sender. */
  readonly #committed = new Map<string, number>();
  #failures = 0;
  #unanswered = 0;
  #bytes = 0;
  #lastTime: number;

  constructor(first: RecordRow) {
    this.#first = first;
    this.#lastTime = first.time;
  }

  take(row: RecordRow): void {
    this.#lastTime = Math.max(this.#lastTime, row.time);
    const details: unknown = JSON.parse(row.details);
    switch (row.app_name) {
      case 'dicom':
        this.#takeDicom(row.activity, details);
        break;
      case 'hl7':
        this.#takeHl7(row, details);
        break;
      case 'dicomweb':
      case 'fhir':
        this.#takeWeb(details);
        break;
      case 'astm':
        this.#takeLaboratory(details);
        break;
      default:
        this.#takeDevice(row.activity, details);
    }
  }

  result(): ClinicalLink {
    for (const messages of this.#waiting.values())
      for (const { name, bytes } of messages) this.#count({ name, outcome: 'unanswered', bytes });
    this.#waiting.clear();
    const durations = this.#durations.sort((left, right) => left - right);
    const operations = [...this.#operations].map(([name, counts]) => ({ name, ...counts }));
    return {
      protocol: this.#first.app_name,
      clientIp: this.#first.src_ip,
      serverIp: this.#first.dst_ip,
      serverPort: this.#first.dst_port,
      clientNames: [...this.#names.client].sort(),
      serverNames: [...this.#names.server].sort(),
      transactions: operations.reduce((sum, { count }) => sum + count, 0),
      failures: this.#failures,
      unanswered: this.#unanswered,
      bytes: this.#bytes,
      medianMs: quantile(durations, 0.5),
      slowMs: quantile(durations, 0.95),
      operations: operations.sort((left, right) => right.count - left.count),
      firstTime: this.#first.time,
      lastTime: this.#lastTime,
      isSample: this.#first.is_sample,
    };
  }

  #takeDicom(activity: string, details: unknown): void {
    const names = AeTitles.safeParse(details);
    if (names.success) this.#introduce(names.data.callingAeTitle, names.data.calledAeTitle);
    if (activity === 'associate-reject') this.#count({ name: 'association refused', outcome: 'failure' });
    if (activity === 'abort') this.#count({ name: 'association aborted', outcome: 'failure' });
    const { data } = DimseOperation.safeParse(details);
    if (activity !== 'operation' || data === undefined) return;
    const isFailed = data.outcome === 'failure' || data.outcome === 'cancel';
    this.#count({
      name: data.operation,
      outcome: data.outcome === 'unanswered' ? 'unanswered' : isFailed ? 'failure' : 'success',
      durationMs: data.durationMs,
      bytes: data.dataSetBytes + data.responseBytes,
    });
  }

  #takeHl7(row: RecordRow, details: unknown): void {
    const { data } = Hl7Message.safeParse(details);
    if (data === undefined) return;
    const [sender, receiver] = [data.sendingApplication, data.receivingApplication];
    if (data.sentBy === 'client') this.#introduce(sender, receiver);
    else this.#introduce(receiver, sender);
    if (row.activity === 'message') {
      const key = `${row.flow_id} ${data.sentBy}`;
      const waiting = this.#waiting.get(key) ?? [];
      waiting.push({ name: data.messageType, time: row.time, bytes: data.bytes });
      this.#waiting.set(key, waiting);
      return;
    }
    const other = data.sentBy === 'client' ? 'server' : 'client';
    const key = `${row.flow_id} ${other}`;
    // HL7 table 0008: AA and CA accept; AE, AR, CE and CR do not.
    const outcome = data.acknowledgementCode?.endsWith('A') === true ? 'success' : 'failure';
    const committed = this.#committed.get(key) ?? 0;
    if (committed > 0 && data.acknowledgementCode?.startsWith('A') === true) {
      // It was counted when it was taken; that it could not be used after all is one more failure.
      this.#committed.set(key, committed - 1);
      if (outcome === 'failure') this.#count({ name: data.acknowledgedType ?? 'message', outcome });
      return;
    }
    const message = this.#waiting.get(key)?.shift();
    if (message === undefined) return;
    if (data.acknowledgementCode === 'CA') this.#committed.set(key, committed + 1);
    this.#count({ name: message.name, outcome, durationMs: row.time - message.time, bytes: message.bytes });
  }

  #takeWeb(details: unknown): void {
    const { data } = WebTransaction.safeParse(details);
    if (data === undefined) return;
    const name = data.transaction ?? [data.interaction, data.resourceType].filter(Boolean).join(' ');
    const outcome = data.status === undefined ? 'unanswered' : data.status >= 400 ? 'failure' : 'success';
    const bytes = (data.requestBytes ?? 0) + (data.responseBytes ?? 0);
    this.#count({ name, outcome, durationMs: data.durationMs, bytes });
  }

  #takeLaboratory(details: unknown): void {
    const { data } = LaboratoryMessage.safeParse(details);
    if (data === undefined) return;
    const { sender, receiver, sentBy, records } = data;
    this.#introduce(sentBy === 'client' ? sender : receiver, sentBy === 'client' ? receiver : sender);
    const name = records.includes('result')
      ? 'results'
      : (records.findLast((kind) => kind !== 'terminator') ?? 'message');
    const isDamaged = data.refusedFrames + (data.badChecksums ?? 0) > 0;
    const [outcome, { durationMs, bytes }] = [isDamaged ? 'failure' : 'success', data] as const;
    this.#count({ name, outcome, durationMs, bytes });
  }

  /** Devices at the bedside: what is asked of them has an outcome, what they tell of their own accord has none. */
  #takeDevice(activity: string, details: unknown): void {
    const { data } = DeviceMessage.safeParse(details);
    if (data === undefined) return;
    const { command, messageType, service, operation, object, content } = data;
    const name =
      [command ?? messageType ?? service, operation, object ?? content].filter(Boolean).join(' ') || activity;
    this.#count({ name, outcome: data.outcome ?? 'success', durationMs: data.durationMs, bytes: data.bytes });
  }

  #introduce(client: string, server: string): void {
    if (client !== '') this.#names.client.add(client);
    if (server !== '') this.#names.server.add(server);
  }

  #count({ name, outcome, durationMs, bytes = 0 }: Transaction): void {
    const counts = this.#operations.get(name) ?? { count: 0, failures: 0 };
    const isFailed = outcome === 'failure';
    this.#operations.set(name, { count: counts.count + 1, failures: counts.failures + (isFailed ? 1 : 0) });
    this.#failures += isFailed ? 1 : 0;
    this.#unanswered += outcome === 'unanswered' ? 1 : 0;
    this.#bytes += bytes;
    if (durationMs !== undefined) this.#durations.push(durationMs);
  }
}

const AeTitles = z.object({ callingAeTitle: z.string(), calledAeTitle: z.string() });
const DimseOperation = z.object({
  operation: z.string(),
  outcome: z.string(),
  durationMs: z.number().optional(),
  dataSetBytes: z.int(),
  responseBytes: z.int(),
});
const Hl7Message = z.object({
  messageType: z.string(),
  sendingApplication: z.string(),
  receivingApplication: z.string(),
  acknowledgementCode: z.string().optional(),
  acknowledgedType: z.string().optional(),
  bytes: z.int(),
  sentBy: z.enum(['client', 'server']),
});
const WebTransaction = z.object({
  interaction: z.string().optional(),
  resourceType: z.string().optional(),
  transaction: z.string().optional(),
  status: z.int().optional(),
  durationMs: z.number().optional(),
  requestBytes: z.int().optional(),
  responseBytes: z.int().optional(),
});

const LaboratoryMessage = z.object({
  sender: z.string(),
  receiver: z.string(),
  sentBy: z.enum(['client', 'server']),
  records: z.array(z.string()),
  refusedFrames: z.int(),
  badChecksums: z.int().optional(),
  bytes: z.int(),
  durationMs: z.number().optional(),
});
const DeviceMessage = z.object({
  command: z.string().optional(),
  messageType: z.string().optional(),
  service: z.string().optional(),
  operation: z.string().optional(),
  object: z.string().optional(),
  content: z.string().optional(),
  outcome: z.enum(['success', 'failure', 'unanswered']).optional(),
  bytes: z.int().optional(),
  durationMs: z.number().optional(),
});

/** Nearest rank. @param sorted ascending. @returns null of nothing */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
