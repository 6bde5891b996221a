import { type PatientDataKnowledge, PatientDataScanner } from '@sphinx/patient-data';
import type { CreateFindingsJoint, CreateInspection } from '@sphinx/platform';
import type { Direction, InspectedFlowState, Inspector, TransactionView } from '@sphinx/wire';
import { type CloudService, cloudServiceFinder } from '../transfers/cloud-services.ts';
import type { TransferFinding } from '../transfers/transfer.ts';
import { plainText } from './plain-text.ts';
import { WaitingBytes } from './waiting-bytes.ts';
import { isLookedAtAsStream, WatchedFlow } from './watched-flow.ts';

// Loaded by every sensor thread: data of patients is looked for where packets are read, and nothing of it leaves the thread.

/** What a thread needs. */
export interface DataWatchTask {
  readonly patientData: PatientDataKnowledge;
  readonly cloudServices: readonly CloudService[];
  readonly bytesPerDirection: number;
}

/** The name that a server was called by. */
const NAME_BUFFERS = ['http.host', 'tls.sni', 'quic.sni'] as const;
/** Most names have no number that could be somebody's. */
const DIGITS_OF_A_NUMBER = /(?:\d[^\d]{0,3}){5}\d/;
/** Bytes that wait to be looked at, of all connections together. */
const MAXIMUM_WAITING_BYTES = 8 * 1024 * 1024;
/** Connections that are kept to be used again: as many as a batch may have. */
const MAXIMUM_UNUSED = 50_000;
/** Findings that may wait until they are taken; further ones come with the next news of their connection. */
const MAXIMUM_FINDINGS = 5000;

/** @param data `DataWatchTask` */
export const createInspection: CreateInspection = (data, source) => {
  const watch = new DataWatch(data as DataWatchTask, source);
  return { inspector: watch, takeFindings: () => watch.takeFindings() };
};

/** Connections are whole in one thread: what several threads found is put together. */
export const createFindingsJoint: CreateFindingsJoint = () => (parts) => parts.flat();

class DataWatch implements Inspector {
  readonly #source: string;
  readonly #scanner: PatientDataScanner;
  readonly #bytesPerDirection: number;
  readonly #serviceOf: (host: string) => CloudService | undefined;
  readonly #flows = new Map<InspectedFlowState, WatchedFlow>();
  /** Those in which nothing was found so far, with the bytes that were looked at: a sensor may have a million of them. */
  readonly #quiet = new Map<InspectedFlowState, number>();
  /** Forgotten ones, to be used again. */
  readonly #unused: WatchedFlow[] = [];
  /** Those that something was said on since findings were taken: a sensor has many more open. */
  readonly #touched = new Set<WatchedFlow>();
  /** Those to a service on the internet: what they send is counted, not looked at. */
  readonly #uploading = new Set<WatchedFlow>();
  readonly #waiting = new WaitingBytes(MAXIMUM_WAITING_BYTES);
  #ended: TransferFinding[] = [];

  constructor({ patientData, cloudServices, bytesPerDirection }: DataWatchTask, source: string) {
    this.#source = source;
    this.#scanner = new PatientDataScanner(patientData);
    this.#serviceOf = cloudServiceFinder(cloudServices);
    this.#bytesPerDirection = bytesPerDirection;
  }

  packet(): void {
    // What datagrams carry is shown by their protocols.
  }

  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void {
    if (!isLookedAtAsStream(flow.protocol)) return;
    const part = bytes.length <= MAXIMUM_WAITING_BYTES ? bytes : bytes.subarray(0, MAXIMUM_WAITING_BYTES);
    if (!this.#waiting.hasRoom(part.length)) this.#settleAll();
    this.#watched(flow).addStream(direction, part, this.#bytesPerDirection, this.#scanner, this.#waiting);
  }

  transaction(flow: InspectedFlowState, direction: Direction, view: TransactionView): void {
    const { buffers } = view;
    for (const buffer of NAME_BUFFERS) if (buffers[buffer] !== undefined) this.#called(flow, buffers[buffer]);
    // Seen whole, what was looked at before comes once more.
    if (view.isContinuation === true) return;
    for (const query of buffers['dns.query'] ?? []) {
      const name = Buffer.from(query).toString('latin1').replaceAll('.', ' ');
      if (DIGITS_OF_A_NUMBER.test(name)) this.#watched(flow).addText(direction, name, this.#scanner);
    }
    // A body that is a file is shown as both.
    const bodies = buffers['file.data'] ?? buffers['http.request_body'] ?? [];
    for (const bytes of [...(buffers['http.uri'] ?? []), ...bodies]) {
      this.#watched(flow).addText(direction, plainText(bytes), this.#scanner);
    }
  }

  flowEnded(flow: InspectedFlowState): void {
    this.#quiet.delete(flow);
    const watched = this.#flows.get(flow);
    if (watched === undefined) return;
    this.#flows.delete(flow);
    this.#touched.delete(watched);
    this.#uploading.delete(watched);
    watched.settle(this.#scanner, this.#waiting);
    if (this.#ended.length < MAXIMUM_FINDINGS) this.#ended.push(...watched.takeNews(this.#source));
  }

  takeFindings(): readonly TransferFinding[] {
    this.#settleAll();
    const findings = this.#ended;
    this.#ended = [];
    for (const watched of this.#uploading) {
      if (findings.length < MAXIMUM_FINDINGS) findings.push(...watched.takeNews(this.#source));
    }
    for (const watched of this.#touched) {
      if (findings.length >= MAXIMUM_FINDINGS) break;
      findings.push(...watched.takeNews(this.#source));
      this.#touched.delete(watched);
      this.#forget(watched);
    }
    return findings;
  }

  #forget(watched: WatchedFlow): void {
    const isOfNoInterest = watched.isOfNoInterest;
    if (!isOfNoInterest && !watched.isQuiet) return;
    this.#flows.delete(watched.flow);
    if (!isOfNoInterest) this.#quiet.set(watched.flow, watched.lookedAt);
    if (this.#unused.length < MAXIMUM_UNUSED) this.#unused.push(watched);
  }

  #called(flow: InspectedFlowState, names: readonly Uint8Array[]): void {
    const [first] = names;
    if (first === undefined || first.length === 0) return;
    const name = Buffer.from(first).toString('latin1').slice(0, 255).toLowerCase();
    const service = this.#serviceOf(name);
    const known = this.#flows.get(flow);
    // Without a service on the internet the name is of interest only where data of patients is found.
    const watched = known ?? (service === undefined && flow.protocol === 'tls' ? undefined : this.#watched(flow));
    if (watched === undefined) return;
    watched.name = name;
    watched.service = service;
    if (service !== undefined) this.#uploading.add(watched);
  }

  #watched(flow: InspectedFlowState): WatchedFlow {
    let watched = this.#flows.get(flow);
    if (watched === undefined) {
      const lookedAt = this.#quiet.get(flow);
      if (lookedAt !== undefined) this.#quiet.delete(flow);
      watched = this.#unused.pop() ?? new WatchedFlow(flow);
      watched.begin(flow, lookedAt);
      this.#flows.set(flow, watched);
    }
    this.#touched.add(watched);
    return watched;
  }

  #settleAll(): void {
    for (const watched of this.#touched) watched.settle(this.#scanner, this.#waiting);
    this.#waiting.clear();
  }
}
