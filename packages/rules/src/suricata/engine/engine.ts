// Hot path, guarded by bench/rules.ts.
import type { StreamEvent } from '@sphinx/schema';
import type { Direction, FlowVariables, InspectedFlowState, InspectedPacket, TransactionView } from '../inspector.ts';
import type { Rule } from '../rule.ts';
import { AddressIndex } from './address-index.ts';
import { type DirectionNotes, FlowNotes } from './flow-notes.ts';
import { MatchState } from './match-state.ts';
import { matchesEnds, matchRule } from './matching.ts';
import { PatternPool } from './pattern-pool.ts';
import { type PayloadGroup, PayloadGroups } from './payload-groups.ts';
import type { RuleCosts } from './rule-costs.ts';
import { sortRules } from './rule-order.ts';
import type { Suppressions } from './suppressions.ts';
import { type CountedThreshold, ThresholdCounters } from './threshold-counters.ts';
import { TransactionIndex } from './transaction-index.ts';
import { WantedFiles } from './wanted-files.ts';
import { WindowPool } from './window-pool.ts';

/** A rule that matched. Valid during the call; what is kept of it is copied. */
export interface RuleAlert {
  readonly rule: Rule;
  readonly timeMicros: number;
  readonly packetNumber: number;
  readonly direction: Direction;
  readonly flow: InspectedFlowState | undefined;
  readonly transport: string;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The side of a transaction that matched, where one did. */
  readonly view: TransactionView | undefined;
  /** What lists of the rule say of what matched, by the names that the rule gives. */
  readonly context: Readonly<Record<string, unknown>> | undefined;
  /** What rules have noted on the flow. */
  readonly variables: FlowVariables | undefined;
  /** Payload of the packet, or the stretch of stream. */
  readonly payload: Uint8Array | undefined;
  /** It is a stretch of stream, not the payload of a packet. */
  readonly isStream: boolean;
  /** Thresholds that were not asked, in their order: see `defersThresholds`. */
  readonly undecided: readonly CountedThreshold[];
}

export interface RuleEngineOptions {
  /** Called for every match that thresholds and suppressions admit. */
  readonly alert: (alert: RuleAlert) => void;
  /** Matches that nobody wants to hear of. */
  readonly suppressions?: Suppressions;
  /** Bytes that windows over streams may take together; beyond it streams are looked at segment by segment. Default 64 MB. */
  readonly windowBudgetBytes?: number;
  /** Bytes of a stream that a match may reach back from the segment at hand, 4,096 by default; more costs time and memory. */
  readonly streamReachBytes?: number;
  /** Other engines look at other flows of the same traffic: thresholds that count over flows are left to who hears all of them. */
  readonly defersThresholds?: boolean;
  /** Measures what each rule costs. */
  readonly costs?: RuleCosts;
}

const DEFAULT_WINDOW_BUDGET = 64 * 1024 * 1024;
const SCRATCH_BYTES = 256 * 1024;

/**
 * Looks at traffic with rules: an `Inspector` of packages/wire by its form. One instance per sensor, single-threaded.
 *
 * A rule is looked at where its first condition lies: packets, the stretch of stream at hand, one side of a transaction,
 * the addresses of a flow, or its protocol. The most telling `content` of each rule is looked for by a matcher that looks
 * for those of all rules at once, which the flow's ends and protocol admit; only rules whose pattern was found are looked at
 * whole.
 */
export class RuleEngine {
  readonly #options: RuleEngineOptions;
  readonly #rules: readonly Rule[];
  readonly #state = new MatchState();
  readonly #thresholds = new ThresholdCounters();
  readonly #counted = new Map<Rule, readonly CountedThreshold[]>();
  readonly #payloads: PayloadGroups;
  readonly #transactions: TransactionIndex;
  readonly #addresses = new AddressIndex();
  /** Rules on the protocol of a flow alone. */
  readonly #protocols: number[] = [];
  /** Rules on what is irregular in connections. */
  readonly #connections = new Map<StreamEvent, number[]>();
  /** Rules that the event at hand may concern, each once: `#marks` holds the event in which a rule was found. */
  readonly #candidates: number[] = [];
  readonly #marks: Float64Array;
  #event = 0;
  /** A stretch of stream is at hand. */
  #isInStream = false;
  /** Packet for which a rule has spoken last: it speaks once for a packet and its stretch of stream. */
  readonly #spoken: Float64Array;
  readonly #files = new WantedFiles();
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);
  readonly #windows: WindowPool;
  /** Some rule looks at frames. */
  readonly wantsFrames: boolean;
  /** Stretches of streams that were looked at alone, because windows have used up their budget. */
  windowsShed = 0;
  readonly #found = (number: number): void => {
    if (this.#marks[number] === this.#event) return;
    this.#marks[number] = this.#event;
    this.#candidates.push(number);
  };

  constructor(rules: readonly Rule[], options: RuleEngineOptions) {
    this.#options = options;
    this.#rules = sortRules(rules);
    this.wantsFrames = rules.some(({ looksAtFrames }) => looksAtFrames);
    this.#marks = new Float64Array(rules.length);
    this.#spoken = new Float64Array(rules.length);
    this.#windows = new WindowPool(options.windowBudgetBytes ?? DEFAULT_WINDOW_BUDGET, options.streamReachBytes);
    const pool = new PatternPool();
    const payloads: [number, Rule][] = [];
    this.#transactions = new TransactionIndex(pool);
    this.#rules.forEach((rule, number) => {
      if (rule.kind === 'transaction') this.#transactions.add(rule, number);
      else if (rule.kind === 'addresses') this.#addresses.add(rule, number);
      else if (rule.kind === 'protocol') this.#protocols.push(number);
      else if (rule.kind === 'connection') this.#addByEvent(rule, number);
      else payloads.push([number, rule]);
    });
    this.#payloads = new PayloadGroups(payloads, pool);
    pool.build();
    this.#transactions.build();
  }

  packet(packet: InspectedPacket): void {
    const state = this.#state;
    state.takePacket(packet);
    const { notes } = state;
    if (notes?.isPassed === true) return;
    const side = notes?.of(state.direction);
    this.#begin();
    if (side?.hasSeenAddresses !== true) {
      this.#addresses.find(state.source, state.destination, this.#found);
      if (side !== undefined) side.hasSeenAddresses = true;
    }
    const { payloadOffset, payloadEnd, bytes } = packet;
    const hasPayload = packet.transportOffset >= 0 && payloadEnd > payloadOffset;
    if (hasPayload) state.setPayload(bytes, payloadOffset, payloadEnd, 0);
    else state.setPayload(EMPTY, 0, 0, 0);
    this.#isInStream = false;
    const { always, matcher } = this.#groupOf(side).packets;
    for (const number of always) this.#found(number);
    if (hasPayload) matcher?.scan(bytes, payloadOffset, payloadEnd, payloadOffset, this.#found);
    if (side !== undefined) this.#findByProtocol(side);
    // Of what is no stream, the protocol is known once its room has seen the datagram.
    const waiting = state.transport === 'tcp' ? undefined : side;
    waiting?.forgetWaiting();
    this.#lookAtCandidates(waiting, true);
  }

  stream(flow: InspectedFlowState, direction: Direction, bytes: Uint8Array): void {
    const state = this.#state;
    const notes = state.takeFlow(flow, direction);
    if (notes.isPassed) return;
    const side = notes.of(direction);
    const before = side.tail?.length ?? 0;
    const window = this.#window(side, bytes);
    const streamOffset = side.streamBytes - before;
    const end = before + bytes.length;
    side.streamBytes += bytes.length;
    state.setPayload(window, 0, end, streamOffset);
    this.#begin();
    this.#isInStream = true;
    const { always, matcher } = this.#groupOf(side).stream;
    if (always.length > 0) this.#findWithoutPattern(always, side, streamOffset > 0);
    matcher?.scan(window, 0, end, before, this.#found);
    side.takeWaiting(this.#found);
    this.#lookAtCandidates(side, true);
    this.#keepTail(side, bytes);
  }

  #addByEvent({ streamEvents }: Rule, number: number): void {
    const [first] = streamEvents;
    if (first !== undefined) this.#connections.set(first, [...(this.#connections.get(first) ?? []), number]);
  }

  get wantsStreamEvents(): boolean {
    return this.#connections.size > 0;
  }

  /** @param packet that `packet` was given */
  streamEvents(packet: InspectedPacket, events: readonly StreamEvent[]): void {
    const { flow, direction, bytes, payloadOffset, payloadEnd } = packet;
    if (flow === undefined) return;
    const state = this.#state;
    if (state.takeFlow(flow, direction).isPassed) return;
    state.setPayload(bytes, payloadOffset, payloadEnd, 0);
    this.#isInStream = false;
    this.#begin();
    for (const event of events) for (const number of this.#connections.get(event) ?? []) this.#found(number);
    state.streamEvents = events;
    this.#lookAtCandidates(undefined, true);
    state.streamEvents = NO_EVENTS;
  }

  /** What is behind a gap is another stretch: no match reaches over it. */
  gap(flow: InspectedFlowState, direction: Direction, length: number): void {
    const side = this.#state.takeFlow(flow, direction).of(direction);
    this.#state.setPayload(undefined, 0, 0, 0);
    this.#forgetTail(side);
    side.streamBytes += length;
    side.forgetWaiting();
  }

  transaction(flow: InspectedFlowState, direction: Direction, view: TransactionView): void {
    const state = this.#state;
    const isAtHand = state.flow === flow && state.direction === direction && state.hasPayload;
    const notes = state.takeFlow(flow, direction);
    if (notes.isPassed) return;
    const side = notes.of(direction);
    state.view = view;
    state.inspection.isDceLittleEndian = view.numbers?.['dcerpc.is-little-endian']?.[0] !== 0;
    const isFrame = view.frame !== undefined;
    state.request = direction === 'to-client' && this.#transactions.hasJoins ? notes.request : undefined;
    if (direction === 'to-server' && this.#transactions.hasJoins && !isFrame) notes.request = view;
    const { tail } = side;
    if (!isAtHand) state.setPayload(tail?.bytes, 0, tail?.length ?? 0, side.streamBytes - (tail?.length ?? 0));
    this.#begin();
    if (view.isContinuation !== true) side.beginView();
    this.#transactions.find(view, state, side, this.#found);
    if (!isFrame) this.#findByProtocol(side);
    this.#lookAtCandidates(undefined, false, side);
    if (notes.wantedFiles !== 0) this.#files.pass(notes, direction, view);
    if (isFrame || !side.hasWaiting) return;
    this.#begin();
    side.takeWaiting(this.#found);
    this.#lookAtCandidates(side, true);
  }

  /** @returns what rules have noted on a flow; undefined where that is nothing */
  variablesOf(flow: InspectedFlowState): FlowVariables | undefined {
    return flow.notes instanceof FlowNotes ? flow.notes.variables(undefined) : undefined;
  }

  /** @returns SHA-256 in hexadecimal of the files that rules asked to keep since the last call */
  takeWantedFiles(): ReadonlySet<string> {
    return this.#files.takeHashes();
  }

  flowEnded(flow: InspectedFlowState): void {
    if (!(flow.notes instanceof FlowNotes)) return;
    this.#forgetTail(flow.notes.toServer);
    this.#forgetTail(flow.notes.toClient);
    flow.notes = undefined;
  }

  /** The rules that the packet at hand, or the stream that it belongs to, can concern. */
  #groupOf(side: DirectionNotes | undefined): PayloadGroup {
    const state = this.#state;
    if (side === undefined) return this.#payloads.of(state);
    const protocol = state.flow?.protocol;
    if (side.group === undefined || side.groupProtocol !== protocol) {
      side.group = this.#payloads.of(state);
      side.groupProtocol = protocol;
    }
    return side.group;
  }

  /**
   * Rules without a pattern speak once for a direction of a flow: nothing tells which bytes of the window are new to them.
   * Places that count from the start of the stream are in its first window only.
   */
  #findWithoutPattern(always: readonly number[], side: DirectionNotes, isLater: boolean): void {
    for (const number of always) {
      const isElsewhere = isLater && this.#rules[number]?.isAnchored === true;
      if (!isElsewhere && !side.hasSpoken(number)) this.#found(number);
    }
  }

  #begin(): void {
    this.#event += 1;
    this.#candidates.length = 0;
  }

  /** Once the protocol of a flow is known, rules about it alone and rules that waited for it are looked at. */
  #findByProtocol(side: DirectionNotes): void {
    if (side.hasSeenProtocol || this.#state.flow?.protocol === undefined) return;
    side.hasSeenProtocol = true;
    for (const number of this.#protocols) this.#found(number);
  }

  /**
   * @param waiting where rules wait that cannot be decided yet
   * @param isOncePerPacket a rule speaks once for all of it
   * @param viewed rules that have spoken of the side of a transaction that it is told are silent now
   */
  #lookAtCandidates(waiting: DirectionNotes | undefined, isOncePerPacket: boolean, viewed?: DirectionNotes): void {
    const candidates = this.#candidates;
    if (candidates.length === 0) return;
    sortNumbers(candidates);
    const state = this.#state;
    for (const number of candidates) {
      const rule = this.#rules[number];
      if (rule === undefined || viewed?.hasSpokenOfView(number) === true) continue;
      if (isOncePerPacket && this.#spoken[number] === state.packetNumber) continue;
      if (!matchesEnds(rule.header, state)) continue;
      if (!this.#look(rule, number, waiting)) continue;
      this.#spoken[number] = state.packetNumber;
      viewed?.speakOfView(number);
      if (waiting !== undefined && !rule.hasPattern) waiting.speak(number);
      if (state.notes?.isPassed === true) return;
    }
  }

  /** @returns whether the rule holds */
  #look(rule: Rule, number: number, waiting: DirectionNotes | undefined): boolean {
    const state = this.#state;
    const { costs } = this.#options;
    const begun = costs === undefined ? 0 : costs.now();
    state.inspection.told = undefined;
    state.inspection.taken = undefined;
    const outcome = matchRule(rule, state);
    const holds = outcome === 'match' && rule.stateChecks.every((check) => check(state));
    costs?.add(rule, costs.now() - begun, holds);
    if (!holds) {
      const mayComeYet = outcome === 'unknown-protocol' || (outcome === 'no' && rule.hasSeveralContents);
      if (mayComeYet) waiting?.wait(number);
      return false;
    }
    for (const change of rule.stateChanges) change(state);
    const { taken } = state.inspection;
    if (taken !== undefined) state.notes?.keepTexts(taken);
    if (rule.fileStore !== undefined) this.#files.ask(rule.fileStore, state.notes, state.direction, state.view);
    this.#speak(rule);
    return true;
  }

  #speak(rule: Rule): void {
    const state = this.#state;
    if (rule.action === 'pass' && state.notes !== undefined) state.notes.isPassed = true;
    if (rule.isSilent) return;
    if (this.#options.suppressions?.leavesOut(rule, state) === true) return;
    const undecided = this.#undecidedThresholds(this.#thresholdsOf(rule));
    if (undecided === undefined) return;
    const { timeMicros, packetNumber, direction, flow, transport, sourceIp, destinationIp, view } = state;
    const { sourcePort, destinationPort } = state;
    const ends = { sourceIp, destinationIp, sourcePort, destinationPort };
    const context = state.inspection.told;
    const variables = state.notes?.variables(state.inspection.taken);
    const payload = rule.payload.length > 0 || state.packet !== undefined ? state.payload?.bytes : undefined;
    const isStream = view !== undefined || this.#isInStream;
    this.#options.alert({
      rule,
      timeMicros,
      packetNumber,
      direction,
      flow,
      transport,
      ...ends,
      view,
      context,
      variables,
      payload,
      isStream,
      undecided,
    });
  }

  /** Those of the rule, then those from outside; made when the rule first speaks. */
  #thresholdsOf(rule: Rule): readonly CountedThreshold[] {
    const known = this.#counted.get(rule);
    if (known !== undefined) return known;
    const name = `${rule.gid}:${rule.sid}`;
    const extra = this.#options.suppressions?.thresholdsOf(rule) ?? [];
    const counted = [
      ...rule.thresholds.map((threshold) => ({ name, threshold })),
      ...extra.map((threshold) => ({ name: `extra ${name}`, threshold })),
    ];
    this.#counted.set(rule, counted);
    return counted;
  }

  /** @returns thresholds that are left to others; undefined when one does not admit the match at hand */
  #undecidedThresholds(thresholds: readonly CountedThreshold[]): readonly CountedThreshold[] | undefined {
    if (thresholds.length === 0) return NO_THRESHOLDS;
    const state = this.#state;
    let undecided = NO_THRESHOLDS;
    for (const counted of thresholds) {
      const { name, threshold } = counted;
      if (this.#options.defersThresholds === true && threshold.track !== 'by_flow') undecided = thresholds;
      else if (!this.#thresholds.admits(name, threshold, state, state.timeMicros)) return undefined;
    }
    return undecided;
  }

  /** The stretch of stream at hand behind what came right before it. */
  #window({ tail }: DirectionNotes, bytes: Uint8Array): Uint8Array {
    if (tail === undefined) return bytes;
    const length = Math.max(tail.bytes.length, tail.length + bytes.length);
    const joined = length <= SCRATCH_BYTES ? this.#scratch : new Uint8Array(length);
    joined.set(tail.bytes, 0);
    joined.set(bytes, tail.length);
    return joined;
  }

  #keepTail(side: DirectionNotes, bytes: Uint8Array): void {
    side.tail = this.#windows.keep(side.tail, bytes);
    if (side.tail === undefined) this.windowsShed += 1;
  }

  #forgetTail(side: DirectionNotes): void {
    if (side.tail !== undefined) this.#windows.free(side.tail);
    side.tail = undefined;
  }
}

const EMPTY = new Uint8Array(0);
const NO_EVENTS: readonly StreamEvent[] = [];
/** Candidates that are put in order one by one. */
const FEW = 32;
const NO_THRESHOLDS: readonly CountedThreshold[] = [];

/** Mostly a handful: `sort` makes garbage for each. */
function sortNumbers(numbers: number[]): void {
  if (numbers.length > FEW) {
    numbers.sort((left, right) => left - right);
    return;
  }
  for (let index = 1; index < numbers.length; index++) {
    const number = numbers[index] ?? 0;
    let at = index - 1;
    for (; at >= 0 && (numbers[at] ?? 0) > number; at--) numbers[at + 1] = numbers[at] ?? 0;
    numbers[at + 1] = number;
  }
}
