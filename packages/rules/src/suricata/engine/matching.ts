// Hot path, guarded by bench/rules.ts: runs for every rule whose fast pattern was found.
import type { Bound } from '../address-set.ts';
import type { BufferConditions } from '../conditions.ts';
import type { NumberCondition, Rule, RuleHeader } from '../rule.ts';
import { Subject } from '../subject.ts';
import { headerBytes } from './header-bytes.ts';
import { inspect } from './inspection.ts';
import type { MatchState } from './match-state.ts';

/** What came of looking at a rule. */
export type Outcome =
  | 'match'
  | 'no'
  /** Only the protocol of the flow is not known yet. */
  | 'unknown-protocol';

/** @returns whether everything but the ends and what rules leave for each other holds */
export function matchRule(rule: Rule, state: MatchState): Outcome {
  if (!matchesFlow(rule, state)) return 'no';
  if (state.view?.frame !== undefined && !rule.looksAtFrames) return 'no';
  const { rooms } = rule.header;
  const protocol = state.view?.protocol ?? state.flow?.protocol;
  if (rooms !== undefined && protocol !== undefined && !rooms.includes(protocol)) return 'no';
  for (const check of rule.checks) if (!check(state)) return 'no';
  for (const condition of rule.numbers) if (!hasNumber(state, condition)) return 'no';
  for (const event of rule.events) if (!hasEvent(state, event)) return 'no';
  for (const event of rule.streamEvents) if (!state.streamEvents.includes(event)) return 'no';
  for (const list of rule.headerBuffers) if (!matchesHeaderBuffer(list, state)) return 'no';
  for (const list of rule.transactionBuffers) if (!matchesTransactionBuffer(list, state)) return 'no';
  for (const list of rule.payload) if (!matchesPayload(list, state)) return 'no';
  return rooms !== undefined && protocol === undefined ? 'unknown-protocol' : 'match';
}

function matchesFlow({ flow: wanted }: Rule, state: MatchState): boolean {
  const { flow } = state;
  if (wanted.direction !== undefined && (flow === undefined || state.direction !== wanted.direction)) return false;
  if (wanted.state === 'established' && !state.isEstablished) return false;
  if (wanted.state === 'not_established' && (flow === undefined || state.isEstablished)) return false;
  if (wanted.fragment === undefined || state.packet === undefined) return true;
  return state.packet.isFragment === (wanted.fragment === 'only');
}

/** Transport, IP version, addresses and ports. */
export function matchesEnds(header: RuleHeader, state: MatchState): boolean {
  if (header.transports !== undefined && !header.transports.includes(state.transport)) return false;
  return matchesAddresses(header, state);
}

/** IP version, addresses and ports. */
export function matchesAddresses(header: RuleHeader, state: MatchState): boolean {
  if (header.ipVersion !== undefined && header.ipVersion !== state.ipVersion) return false;
  const { source, destination, sourcePort, destinationPort } = state;
  const isReversed = header.isTransactional && state.direction === 'to-client';
  if (!isReversed && isBetween(header, source, sourcePort, destination, destinationPort)) return true;
  return (isReversed || header.isBidirectional) && isBetween(header, destination, destinationPort, source, sourcePort);
}

function isBetween(
  header: RuleHeader,
  source: Bound | undefined,
  sourcePort: number,
  destination: Bound | undefined,
  destinationPort: number,
): boolean {
  return (
    header.destinationPorts.contains(destinationPort) &&
    header.sourcePorts.contains(sourcePort) &&
    header.source.contains(source) &&
    header.destination.contains(destination)
  );
}

function hasNumber({ view, request, direction }: MatchState, { name, test, place, side }: NumberCondition): boolean {
  const holds = (values: readonly number[] | undefined) => {
    if (values === undefined || values.length === 0) return false;
    if (place === undefined) return values.some(test);
    if (place === 'all') return values.every(test);
    const value = values.at(place);
    return value !== undefined && test(value);
  };
  if (side !== undefined) return holds((side === direction ? view : request)?.numbers?.[name]);
  return holds(view?.numbers?.[name]) || holds(request?.numbers?.[name]);
}

function hasEvent({ view, request }: MatchState, event: string): boolean {
  return (view?.events?.includes(event) ?? false) || (request?.events?.includes(event) ?? false);
}

/** @returns values of a buffer on the side that is meant, else on the side at hand, or on the side that it answers */
function valuesOf({ buffer, side }: BufferConditions, { view, request, direction }: MatchState) {
  if (side !== undefined) return (side === direction ? view : request)?.buffers[buffer];
  return view?.buffers[buffer] ?? request?.buffers[buffer];
}

function matchesTransactionBuffer(list: BufferConditions, state: MatchState): boolean {
  const values = valuesOf(list, state);
  // A view of numbers and events alone does not say which buffers there are.
  if (values === undefined || values.length === 0) return list.absent !== undefined && hasBuffers(state);
  if (list.absent === 'must') return false;
  for (const value of values) if (matchesSubject(list, state.subjectOf(value), state)) return true;
  return false;
}

function hasBuffers({ view, request }: MatchState): boolean {
  for (const _ in view?.buffers) return true;
  for (const _ in request?.buffers) return true;
  return false;
}

function matchesHeaderBuffer(list: BufferConditions, state: MatchState): boolean {
  const bytes = state.packet === undefined ? undefined : headerBytes(state.packet, list.buffer);
  return bytes !== undefined && matchesSubject(list, new Subject(bytes), state);
}

function matchesPayload(list: BufferConditions, state: MatchState): boolean {
  if (list.buffer === 'base64_data') {
    const { decoded } = state.inspection;
    return decoded !== undefined && matchesSubject(list, new Subject(decoded), state);
  }
  const { payload } = state;
  return payload !== undefined && matchesSubject(list, payload, state);
}

function matchesSubject({ transforms, conditions }: BufferConditions, given: Subject, state: MatchState): boolean {
  let subject: Subject | undefined = given;
  for (const transform of transforms) {
    subject = subject.transformed(transform);
    if (subject === undefined) return false;
  }
  return inspect(conditions, subject, state.inspection);
}
