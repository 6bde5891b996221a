import { type AddressSet, parseAddressSet } from './address-set.ts';
import { BUFFERS } from './buffers.ts';
import type { BufferConditions, Condition } from './conditions.ts';
import { DEFAULT_CLASSES } from './default-classes.ts';
import { KEYWORDS } from './keywords.ts';
import { finishContent } from './keywords-content.ts';
import type { PortParser } from './port-set.ts';
import { protocolOf, type RuleProtocol } from './protocols.ts';
import type { Rule, RuleHeader, RuleKind } from './rule.ts';
import { RuleBuilder } from './rule-builder.ts';
import { RuleError } from './rule-error.ts';
import type { RuleResources } from './rule-resources.ts';
import { parseRuleText, type RuleText } from './rule-text.ts';

const DEFAULT_PRIORITY = 3;
const ACTIONS: Readonly<Record<string, Rule['action']>> = {
  alert: 'alert',
  drop: 'drop',
  pass: 'pass',
  reject: 'reject',
  rejectsrc: 'reject',
  rejectdst: 'reject',
  rejectboth: 'reject',
};

/** Parsers of headers that remember what they have parsed. */
export interface HeaderParsers {
  readonly ports: PortParser;
  readonly addresses: Map<string, AddressSet>;
}

/**
 * Compiles one rule: every keyword takes effect, or the rule is refused.
 *
 * @throws RuleError with the reason
 */
export function compileRule(text: string, resources: RuleResources, parsers: HeaderParsers): Rule {
  const parsed = parseRuleText(text);
  const action = ACTIONS[parsed.action];
  if (action === undefined) throw new RuleError(`the action '${parsed.action}' is unknown`);
  const protocol = protocolOf(parsed.protocol);
  const builder = new RuleBuilder(resources, (name) => KEYWORDS[name] !== undefined, protocol.rooms);
  for (const { name, value } of parsed.options) applyKeyword(builder, name, value);
  if (builder.sid === 0) throw new RuleError('it has no sid');
  const header = compileHeader(parsed, protocol, builder, resources, parsers);
  const lists = builder.lists.map(finishList);
  checkLists(lists, builder, parsed.arrow);
  return assemble(builder, action, header, lists, text, parsed.arrow, protocol);
}

function applyKeyword(builder: RuleBuilder, name: string, value: string | undefined): void {
  const keyword = KEYWORDS[name];
  if (keyword === undefined) throw new RuleError(`the keyword ${name} is unknown`);
  keyword.apply(builder, value, name);
}

function finishList(list: BufferConditions): BufferConditions {
  const conditions = list.conditions.map(
    (condition): Condition => (condition.kind === 'content' ? finishContent(condition) : condition),
  );
  return { ...list, conditions };
}

function checkLists(lists: readonly BufferConditions[], builder: RuleBuilder, arrow: string): void {
  for (const { buffer, conditions, absent } of lists) {
    if (conditions.length === 0 && absent === undefined)
      throw new RuleError(`nothing is asked of the buffer ${buffer}`);
    for (const condition of conditions) {
      if (condition.kind !== 'content' || condition.isNegated) continue;
      const { within, depth, pattern } = condition;
      for (const [name, limit] of [['within', within] as const, ['depth', depth] as const]) {
        if (limit?.kind === 'number' && limit.value < pattern.length) {
          throw new RuleError(`${name} ${limit.value} is less than the length of its content`);
        }
      }
    }
  }
  const directions = builder.impliedDirections;
  if (builder.namesSides && arrow !== '=>') throw new RuleError('only rules with => name the sides of a transaction');
  if (builder.flow.direction !== undefined && directions.size === 1 && !directions.has(builder.flow.direction)) {
    throw new RuleError('its flow direction contradicts its buffers');
  }
}

function compileHeader(
  parsed: RuleText,
  protocol: RuleProtocol,
  builder: RuleBuilder,
  resources: RuleResources,
  parsers: HeaderParsers,
): RuleHeader {
  const address = (text: string) => {
    const known = parsers.addresses.get(text);
    if (known !== undefined) return known;
    const set = parseAddressSet(text, resources.addressGroups);
    parsers.addresses.set(text, set);
    return set;
  };
  return {
    protocol: parsed.protocol,
    ipVersion: protocol.ipVersion,
    transports: protocol.transports,
    rooms: impliedRooms(protocol, builder),
    source: address(parsed.source),
    sourcePorts: parsers.ports.parse(parsed.sourcePorts),
    destination: address(parsed.destination),
    destinationPorts: parsers.ports.parse(parsed.destinationPorts),
    isBidirectional: parsed.arrow === '<>',
    isTransactional: parsed.arrow === '=>',
  };
}

/** Rooms that the header and all keywords allow. @throws RuleError when they contradict each other */
function impliedRooms(protocol: RuleProtocol, builder: RuleBuilder): readonly string[] | undefined {
  let rooms = protocol.rooms;
  for (const implied of builder.impliedRooms) {
    const before: readonly string[] | undefined = rooms;
    rooms = before === undefined ? implied : before.filter((room) => implied.includes(room));
    if (rooms.length === 0 && before?.length !== 0) {
      throw new RuleError('its keywords belong to protocols that exclude each other');
    }
  }
  return rooms;
}

function assemble(
  builder: RuleBuilder,
  action: Rule['action'],
  header: RuleHeader,
  lists: readonly BufferConditions[],
  text: string,
  arrow: string,
  protocol: RuleProtocol,
): Rule {
  const placeOf = (buffer: string) => (buffer.startsWith('frame.') ? 'transaction' : BUFFERS.get(buffer)?.from);
  const from = (kind: string) => packed(lists.filter(({ buffer }) => placeOf(buffer) === kind));
  const payload = from('payload');
  const transactionBuffers = from('transaction');
  const isPacketOnly = builder.needsPacket || protocol.mode === 'packet' || builder.flow.only === 'packet';
  const isStreamOnly = protocol.mode === 'stream' || builder.flow.only === 'stream';
  const isAnchored = payload.some(({ conditions }) => conditions.some(isAnchoredContent));
  const kind = kindOf(builder, header, payload, transactionBuffers, isPacketOnly);
  const known =
    builder.classtype === undefined
      ? undefined
      : (builder.resources.classes.get(builder.classtype) ?? DEFAULT_CLASSES.get(builder.classtype));
  return {
    gid: builder.gid,
    sid: builder.sid,
    rev: builder.rev,
    action,
    message: builder.message,
    classtype: builder.classtype,
    category: known?.description ?? '',
    priority: builder.priority ?? known?.priority ?? DEFAULT_PRIORITY,
    references: packed(builder.references),
    metadata: packed(builder.metadata),
    target: builder.target,
    kind,
    header,
    flow: builder.flow,
    looksAtPackets: isPacketOnly || payload.length === 0 || (isAnchored && !isStreamOnly),
    looksAtStream: !isPacketOnly,
    joinsDirections: arrow === '=>' || builder.impliedDirections.size === 2,
    looksAtFrames: transactionBuffers.some(({ buffer }) => buffer.startsWith('frame.')),
    payload,
    headerBuffers: from('header'),
    transactionBuffers,
    numbers: packed(builder.numbers),
    events: packed(builder.events),
    streamEvents: packed(builder.streamEvents),
    checks: packed(builder.checks),
    stateChecks: packed(builder.stateChecks),
    stateChanges: packed(builder.stateChanges),
    joinsFlows: builder.joinsFlows,
    thresholds: packed(builder.thresholds),
    isAnchored: payload.some(({ conditions }) => conditions.some(isAnchoredCondition)),
    hasPattern: payload.some(({ conditions }) => conditions.some((each) => each.kind === 'content' && !each.isNegated)),
    hasSeveralContents: payload.some(({ conditions }) => conditions.length > 1),
    isSilent: builder.isSilent ?? action === 'pass',
    fileStore: builder.fileStore,
    text,
  };
}

const NONE: readonly never[] = [];

/** A list without the room to grow that it was built with: a rule has a dozen, most of them empty. */
function packed<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice();
}

function isAnchoredContent(condition: Condition): boolean {
  return condition.kind === 'content' && (condition.isStart || (condition.offset ?? condition.depth) !== undefined);
}

/** Whether a condition counts from the start of what it looks at. */
function isAnchoredCondition(condition: Condition): boolean {
  switch (condition.kind) {
    case 'content':
      return isAnchoredContent(condition);
    case 'pcre':
      return condition.pattern.isAnchored;
    case 'byte_test':
    case 'byte_jump':
    case 'byte_extract':
    case 'byte_math':
      return !condition.at.isRelative;
    case 'isdataat':
    case 'at':
      return !condition.isRelative;
    default:
      return false;
  }
}

function kindOf(
  builder: RuleBuilder,
  header: RuleHeader,
  payload: readonly BufferConditions[],
  transactionBuffers: readonly BufferConditions[],
  isPacketOnly: boolean,
): RuleKind {
  if (builder.streamEvents.length > 0) return 'connection';
  if (transactionBuffers.length + builder.numbers.length + builder.events.length > 0) return 'transaction';
  if (isPacketOnly) return 'packet';
  if (payload.length > 0) return 'stream';
  if (header.rooms !== undefined || builder.namesProtocol) return 'protocol';
  const hasPorts = !header.sourcePorts.isAny || !header.destinationPorts.isAny;
  if (hasPorts || builder.needsMoreThanAddresses || builder.stateChecks.length > 0) return 'packet';
  return 'addresses';
}
