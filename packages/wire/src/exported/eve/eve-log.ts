import type { StreamEvent } from '@sphinx/schema';
import type { DnsMessageRecord } from '../../dns/message-record.ts';
import type { FileRecord } from '../../files/types.ts';
import type { HttpExchange } from '../../http/types.ts';
import type {
  InspectedFlowState,
  InspectedPacket,
  Inspector,
  TransactionDetail,
  TransactionView,
} from '../../inspector.ts';
import type { Direction, ProtocolRecord } from '../../protocol.ts';
import type { FlowRecord, ObservedRecord, SensorBatch } from '../../sensor.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import { alertMembers, type EveAlert, type EveAlertOptions } from './alert-event.ts';
import { applicationAnomaly, decoderAnomaly, streamAnomaly } from './anomaly-event.ts';
import { arpEvent } from './bodies/arp.ts';
import { dnsBodyV2 } from './bodies/dns-v2.ts';
import { describeDetail } from './detail-events.ts';
import { placeMembers } from './ends.ts';
import { type EveBody, type EveEvent, type EveFlow, type EveMembers, flowKey } from './eve-event.ts';
import { EventQueue, writerOf } from './event-queue.ts';
import { fileMembers } from './file-event.ts';
import { flowEvent, type IcmpKind } from './flow-event.ts';
import { FlowLog, type Place } from './flow-log.ts';
import { eveProtocol } from './names.ts';
import { HopCounts, netflowEvent } from './netflow-event.ts';
import { icmpOf, linkOfPacket, packetMembers, payloadMembers, tunnelMembers, vlansOf } from './packet-members.ts';
import { createSession, describeRecord, describeSide } from './record-events.ts';
import { DEFAULT_EVE_SETTINGS, type EveSettings } from './settings.ts';
import { bodyMembers } from './told-event.ts';
import { variableMembers } from './variable-members.ts';
import { contentOf } from './view-content.ts';

export interface EveLogOptions {
  /** Takes the events in the order in which they are complete: an alert waits for what the protocol tells of its transaction. */
  readonly write: (event: EveEvent) => void;
  /** Of Community IDs: that of the sensors that are compared. Default 0, as theirs. */
  readonly communityIdSeed?: number;
  /**
   * Events hold what the traffic holds, patients' data and passwords included. For those alone who hold the capture and ask
   * for it; default false.
   */
  readonly withContent?: boolean;
  readonly alerts?: EveAlertOptions;
  /**
   * Which packet an event about a TCP stream is told with: the one that completed what it tells (default), or the one that
   * acknowledged it, as Suricata does, which reads bytes once they are acknowledged.
   */
  readonly numbering?: 'completing' | 'acknowledging';
  /** Form of events about DNS: that of Suricata from version 8 on (3, default), or that of earlier ones. */
  readonly dnsVersion?: 2 | 3;
  /** What else is told, and how; as Suricata does where nothing is set (default). */
  readonly settings?: EveSettings;
  /** Path of the capture that is read: `pcap_filename` of every event. */
  readonly captureFile?: string;
}

/**
 * Writes what a sensor sees as events of EVE JSON, the form in which Suricata tells it and SIEMs read it.
 *
 * Give it to the sensor as its inspector, with the rule engine behind it (`watchWith`); give it every alert of that engine
 * and every batch of the sensor. What the records of the protocol rooms do not carry, for it may name a patient, is in no
 * event, unless `withContent` asks for it.
 */
export class EveLog implements Inspector {
  readonly #write: (event: EveEvent) => void;
  readonly #queue: EventQueue;
  readonly #seed: number;
  readonly #withContent: boolean;
  readonly #alerts: EveAlertOptions;
  readonly #isByAcknowledgement: boolean;
  readonly #dnsVersion: 2 | 3;
  readonly #settings: EveSettings;
  /** Records and files that were told before their batch came. */
  readonly #told = new WeakSet<object>();
  readonly #flows = new Map<string, FlowLog>();
  #next: Inspector | undefined;
  /** Flow of the call at hand: an alert comes while the engine looks. */
  #flow: InspectedFlowState | undefined;
  /** What was told of the packet at hand. */
  readonly #oddities = new Set<string>();
  #oddPacket = 0;
  #packet: InspectedPacket | undefined;
  #icmp: IcmpKind | undefined;
  /** What the side of a transaction at hand tells. */
  #side: EveBody | undefined;

  constructor(options: EveLogOptions) {
    this.#settings = options.settings ?? DEFAULT_EVE_SETTINGS;
    this.#write = writerOf(options, this.#settings);
    this.#queue = new EventQueue(this.#write);
    this.#seed = options.communityIdSeed ?? 0;
    this.#withContent = options.withContent ?? false;
    this.#alerts = options.alerts ?? {};
    this.#dnsVersion = options.dnsVersion ?? 3;
    this.#isByAcknowledgement = options.numbering === 'acknowledging';
  }

  get wantsFrames(): boolean {
    return this.#next?.wantsFrames === true;
  }

  get wantsStreamEvents(): boolean {
    return this.#settings.streamAnomalies || this.#next?.wantsStreamEvents === true;
  }

  streamEvents(packet: InspectedPacket, events: readonly StreamEvent[]): void {
    this.#flow = packet.flow;
    if (this.#next?.wantsStreamEvents === true) this.#next.streamEvents?.(packet, events);
    if (!this.#settings.streamAnomalies) return;
    const variables = packet.flow === undefined ? undefined : this.#next?.variablesOf?.(packet.flow);
    const noted = variableMembers(variables, this.#withContent);
    for (const name of events) this.#write({ ...streamAnomaly(packet, name), ...noted });
  }

  /** @param next gets everything that this inspector gets */
  watchWith(next: Inspector): void {
    this.#next = next;
  }

  packet(packet: InspectedPacket): void {
    this.#flow = packet.flow;
    this.#packet = packet;
    if (this.#isByAcknowledgement && packet.flow?.transport === 'tcp') {
      this.#flows.get(flowKey(packet.flow))?.acknowledgements.packet(packet);
    }
    this.#noteVlans(packet);
    if (this.#settings.netflow) this.#noteHops(packet);
    this.#icmp = icmpOf(packet);
    if (this.#icmp !== undefined && packet.flow !== undefined) {
      const log = this.#flowLog(packet.flow);
      if (packet.direction === 'to-server') log.icmpAsked ??= this.#icmp;
      else log.icmpAnswered ??= this.#icmp;
    }
    this.#next?.packet(packet);
    this.#icmp = undefined;
    if (!this.#settings.decoderAnomalies) return;
    for (const name of packet.decoderEvents()) {
      this.#write({ ...decoderAnomaly(packet, name), ...(this.#withContent ? packetMembers(packet) : {}) });
    }
  }

  #noteHops(packet: InspectedPacket): void {
    if (packet.flow === undefined) return;
    const { hops } = this.#flowLog(packet.flow);
    hops[packet.direction] ??= new HopCounts();
    hops[packet.direction]?.packet(packet);
  }

  /** Frames of the link layer that carry no IP. */
  frame(room: string, payload: Uint8Array, timeMicros: number, packetNumber: number): void {
    const event = this.#settings.arp && room === 'arp' ? arpEvent(payload, timeMicros, packetNumber) : undefined;
    if (event !== undefined) this.#write(event);
  }

  /** Of several tags the record of a flow has one. */
  #noteVlans(packet: InspectedPacket): void {
    const { flow, packetNumber, linkOffset } = packet;
    if (flow === undefined || linkOffset < 0 || flow.vlan === undefined || packetNumber !== flow.firstPacketNumber)
      return;
    const vlans = vlansOf(packet);
    if (vlans.length > 1) this.#flowLog(flow).vlans = vlans;
  }

  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void {
    this.#flow = flow;
    this.#next?.stream(flow, direction, bytes);
  }

  gap(flow: InspectedFlowState, direction: Direction, length: number): void {
    this.#next?.gap?.(flow, direction, length);
  }

  transaction(flow: InspectedFlowState, direction: Direction, view: TransactionView): void {
    if (this.#withContent && view.protocol === 'http') this.#flowLog(flow).httpRequests.request(view);
    const record = view.record?.();
    const log = record === undefined ? undefined : this.#flowLog(flow);
    const body = record === undefined || log === undefined ? undefined : describeSide(record, log.sides);
    this.#flow = flow;
    if (this.#withContent) this.#noteContent(flow, view, body);
    this.#side = body;
    this.#next?.transaction(flow, direction, view);
    this.#side = undefined;
    const place = { flow, timeMicros: flow.lastMicros, packetNumber: flow.lastPacketNumber };
    const transaction = body === undefined ? log?.transactions : log?.sides;
    for (const name of view.events ?? []) this.#odd(name, place, direction, transaction);
    if (record === undefined || log === undefined) return;
    if (body === undefined) {
      this.#gather(log, record, place, this.#acknowledgement(flow));
      return;
    }
    // The older form tells an answer as the client's too; alerts have the newer one.
    const older =
      this.#dnsVersion === 2 && record.protocol === 'dns'
        ? dnsBodyV2(record as DnsMessageRecord, log.sides)
        : undefined;
    const way = older === undefined ? direction : 'to-server';
    const event = { ...this.#place(body.type, place, way), tx_id: log.sides, ...bodyMembers(older ?? body) };
    this.#queue.put(event, flow, this.#acknowledgement(flow));
    this.#queue.releaseFrames(log, { tx_id: log.sides, ...bodyMembers(body) });
    log.sides += 1;
  }

  #noteContent(flow: InspectedFlowState, view: TransactionView, body: EveBody | undefined): void {
    const members = contentOf(view);
    if (members === undefined) return;
    if (body === undefined) this.#flowLog(flow).content = { protocol: view.protocol, members };
    else Object.assign(body.members, members);
  }

  detail(flow: InspectedFlowState, _direction: Direction, detail: TransactionDetail): void {
    const body = describeDetail(detail, this.#withContent, this.#settings);
    const place = { flow, timeMicros: flow.lastMicros, packetNumber: flow.lastPacketNumber };
    if (body !== undefined) this.#tell(this.#flowLog(flow), body, place, this.#acknowledgement(flow));
  }

  entered(flow: InspectedFlowState, room: string): void {
    this.#flowLog(flow).enter(flow.protocol ?? room, room);
    this.#next?.entered?.(flow, room);
  }

  flowEnded(flow: InspectedFlowState): void {
    this.#flow = flow;
    const variables = this.#next?.variablesOf?.(flow);
    if (variables !== undefined) this.#flowLog(flow).variables = variables;
    this.#next?.flowEnded(flow);
  }

  /** Called while the engine behind this inspector looks at something. */
  alert(alert: EveAlert): void {
    const flow = this.#flow;
    const packet = this.#packet !== undefined && this.#packet.flow === flow ? this.#packet : undefined;
    const event = {
      ...alertMembers(alert, flow, this.#icmp, this.#alerts),
      ...(packet === undefined ? {} : { ...linkOfPacket(packet), ...tunnelMembers(packet) }),
      ...variableMembers(alert.variables, this.#withContent),
      ...(this.#withContent ? this.#alertContent(alert, packet) : {}),
    };
    if (flow === undefined) {
      this.#write(event);
      return;
    }
    const log = this.#flowLog(flow);
    log.hasAlerted = true;
    const { packetNumber, view } = alert;
    // A rule about the payload of a packet speaks of the packet itself.
    const isPayload = view === undefined;
    const acknowledgement =
      isPayload && !(alert.isStream === true && flow.isEstablished) ? undefined : this.#acknowledgement(flow);
    const waiting = { event, packetNumber, flow, acknowledgement, isFile: false, isPayload };
    if (this.#side === undefined) log.waiting.push(waiting);
    else this.#queue.put({ ...event, tx_id: log.sides, ...bodyMembers(this.#side) }, flow, acknowledgement);
  }

  #alertContent({ payload, isStream }: EveAlert, packet: InspectedPacket | undefined): EveMembers {
    return {
      ...(payload === undefined ? {} : { ...payloadMembers(payload), stream: isStream === true ? 1 : 0 }),
      ...(packet === undefined ? {} : packetMembers(packet)),
    };
  }

  record(flow: InspectedFlowState, _direction: Direction, record: ProtocolRecord): void {
    this.#told.add(record);
    const place = { flow, timeMicros: flow.lastMicros, packetNumber: flow.lastPacketNumber };
    this.#record({ record, ...place }, this.#acknowledgement(flow));
  }

  file(file: FileRecord): void {
    this.#told.add(file);
    this.#file(file, this.#acknowledgement(file.flow));
  }

  /** @returns that of the packet at hand, where events wait for it */
  #acknowledgement(flow: EveFlow): Acknowledgement | undefined {
    const packet = this.#packet;
    const isWaiting = this.#isByAcknowledgement && flow.transport === 'tcp' && packet?.flow !== undefined;
    if (!isWaiting || flowKey(packet.flow) !== flowKey(flow)) return undefined;
    return this.#flowLog(flow).acknowledgements.of(packet);
  }

  /** Everything new that the sensor has seen. */
  batch({ files, records, flows }: Pick<SensorBatch, 'files' | 'records' | 'flows'>): void {
    for (const file of files) if (!this.#told.has(file)) this.#file(file, undefined);
    for (const observed of records) if (!this.#told.has(observed.record)) this.#record(observed, undefined);
    for (const flow of flows) this.#flowOver(flow);
  }

  /** A file waits for the transaction that carried it. */
  #file(file: FileRecord, acknowledgement: Acknowledgement | undefined): void {
    const { flow, endMicros: timeMicros, packetNumber, direction } = file;
    const event = { ...this.#place('fileinfo', { flow, timeMicros, packetNumber }, direction), ...fileMembers(file) };
    const { isNamedByAddress = false } = file;
    this.#flowLog(flow).waiting.push({ event, packetNumber, flow, acknowledgement, isFile: true, isNamedByAddress });
  }

  #record(observed: Place & Pick<ObservedRecord, 'record'>, acknowledgement: Acknowledgement | undefined): void {
    const log = this.#flowLog(observed.flow);
    const body = describeRecord(observed.record, log.transactions);
    if (body !== undefined && this.#withContent && observed.record.protocol === 'http') {
      Object.assign(body.members, log.httpRequests.take(observed.record as HttpExchange));
    }
    if (body !== undefined && log.content?.protocol === observed.record.protocol) {
      Object.assign(body.members, log.content.members);
    }
    log.content = undefined;
    if (body === undefined) this.#gather(log, observed.record, observed, acknowledgement);
    else this.#tell(log, body, observed, acknowledgement);
  }

  #gather(log: FlowLog, record: ProtocolRecord, place: Place, acknowledgement: Acknowledgement | undefined): void {
    log.session ??= createSession(record.protocol);
    if (log.session?.protocol !== record.protocol) return;
    log.lastPlace = place;
    const body = log.session.add(record);
    if (body !== undefined) this.#tell(log, body, place, acknowledgement);
  }

  /** What one end shows grows from view to view, and so do its events: each is told once for a packet. */
  #odd(
    name: string,
    place: Place,
    direction: Direction,
    transaction = this.#flows.get(flowKey(place.flow))?.transactions ?? 0,
  ): void {
    if (!this.#settings.applicationAnomalies) return;
    if (this.#oddPacket !== place.packetNumber) this.#oddities.clear();
    this.#oddPacket = place.packetNumber;
    const key = `${flowKey(place.flow)} ${name}`;
    if (this.#oddities.has(key)) return;
    this.#oddities.add(key);
    const event = {
      ...this.#place('anomaly', place, direction),
      tx_id: transaction,
      anomaly: applicationAnomaly(name),
    };
    this.#queue.put(event, place.flow, this.#acknowledgement(place.flow));
  }

  #place(type: string, { flow, timeMicros, packetNumber }: Place, direction: Direction): EveMembers {
    return placeMembers({ type, flow, timeMicros, packetNumber, direction, communityIdSeed: this.#seed });
  }

  #tell(log: FlowLog, body: EveBody, place: Place, acknowledgement: Acknowledgement | undefined): void {
    const transaction = log.transactions;
    log.transactions += 1;
    log.lastBody = body;
    if (body.type === 'tls' && log.originalProtocol !== undefined) {
      body.members.from_proto = eveProtocol(log.originalProtocol);
    }
    const event = { ...this.#place(body.type, place, 'to-server'), tx_id: transaction, ...bodyMembers(body) };
    this.#queue.put(event, place.flow, acknowledgement);
    this.#queue.release(log, place.packetNumber, transaction, bodyMembers(body));
  }

  #flowOver(flow: FlowRecord): void {
    const key = flowKey(flow);
    const log = this.#flows.get(key);
    this.#flows.delete(key);
    if (log !== undefined) {
      const rest = log.session?.end();
      if (rest !== undefined && log.lastPlace !== undefined) this.#tell(log, rest, log.lastPlace, undefined);
      const { lastBody } = log;
      this.#queue.release(
        log,
        Number.POSITIVE_INFINITY,
        undefined,
        lastBody === undefined ? {} : bodyMembers(lastBody),
      );
      log.acknowledgements.end();
    }
    this.#write({
      ...flowEvent(flow, log, this.#seed),
      ...(log?.vlans === undefined ? {} : { vlan: log.vlans }),
      ...variableMembers(log?.variables, this.#withContent),
    });
    if (this.#settings.netflow) this.#netflow(flow, log);
  }

  #netflow(flow: FlowRecord, log: FlowLog | undefined): void {
    for (const direction of ['to-server', 'to-client'] as const) {
      const event = netflowEvent(flow, direction, log?.hops[direction], this.#seed);
      if (event !== undefined) this.#write({ ...event, ...variableMembers(log?.variables, this.#withContent) });
    }
  }

  #flowLog(flow: EveFlow): FlowLog {
    const key = flowKey(flow);
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    const log = new FlowLog();
    this.#flows.set(key, log);
    return log;
  }
}
