import type { StreamEvent } from '@sphinx/schema';
import { type BufferInfo, findBuffer } from './buffers.ts';
import type { BufferConditions, Condition, ContentCondition, Operand, Transform } from './conditions.ts';
import type { FileStore } from './file-store.ts';
import type { Check, FlowConditions, NumberCondition } from './rule.ts';
import { parseNumber, RuleError } from './rule-error.ts';
import type { RuleResources } from './rule-resources.ts';
import type { Threshold } from './thresholds.ts';

const MAXIMUM_VARIABLES = 32;

/** A rule while its options are read one after the other. */
export class RuleBuilder {
  readonly resources: RuleResources;
  gid = 1;
  sid = 0;
  rev = 0;
  message = '';
  classtype: string | undefined;
  priority: number | undefined;
  readonly references: string[] = [];
  readonly metadata: (readonly [string, string])[] = [];
  target: 'src_ip' | 'dest_ip' | undefined;
  readonly flow: FlowConditions = { direction: undefined, state: undefined, only: undefined, fragment: undefined };
  readonly checks: Check[] = [];
  readonly stateChecks: Check[] = [];
  readonly stateChanges: Check[] = [];
  readonly numbers: NumberCondition[] = [];
  readonly events: string[] = [];
  readonly streamEvents: StreamEvent[] = [];
  /** Protocol rooms that the keywords imply, each a list of alternatives. */
  readonly impliedRooms: (readonly string[])[] = [];
  readonly impliedDirections = new Set<'to-server' | 'to-client'>();
  readonly lists: BufferConditions[] = [];
  readonly thresholds: Threshold[] = [];
  fileStore: FileStore | undefined;
  /** Undefined where the rule does not say: only `pass` is silent then. */
  isSilent: boolean | undefined;
  /** What it leaves on hosts or in datasets, or looks for there, other flows are asked about or have told. */
  joinsFlows = false;
  /** A keyword looks at the packet itself (`dsize`, `ttl`, `flags` …). */
  needsPacket = false;
  /** A keyword that is no test of an address: the rule cannot be decided by addresses alone. */
  needsMoreThanAddresses = false;
  /** `app-layer-protocol` stands in the rule. */
  namesProtocol = false;
  /** A keyword says which side of the transaction it means. */
  namesSides = false;
  /** `ip.src` or `ip.dst` stands before, for `dataset`. */
  addressEnd: 'source' | 'destination' | undefined;
  /** The buffer that a buffer keyword selected. */
  #current: BufferConditions | undefined;
  #lastContent: ContentCondition | undefined;
  /** Where the last `content` or `pcre` went. */
  #lastMatch: BufferConditions | undefined;
  #variables = new Map<string, number>();

  /** Whether the language has a keyword of this name. */
  readonly isKeyword: (name: string) => boolean;

  /** Rooms that the header of the rule names. */
  readonly protocolRooms: readonly string[] | undefined;

  constructor(
    resources: RuleResources,
    isKeyword: (name: string) => boolean,
    protocolRooms: readonly string[] | undefined = undefined,
  ) {
    this.resources = resources;
    this.protocolRooms = protocolRooms;
    this.isKeyword = isKeyword;
  }

  /** A sticky buffer: what follows looks at it. A buffer of which nothing was asked yet is not selected twice. */
  select(info: BufferInfo, side?: 'to-server' | 'to-client'): void {
    const last = this.lists.at(-1);
    const isRepeated = last !== undefined && last === this.#current && last.buffer === info.name && isUntouched(last);
    if (!isRepeated) {
      const from = side === undefined ? {} : { side };
      this.#current = { buffer: info.name, transforms: [], conditions: [], absent: undefined, ...from };
      this.lists.push(this.#current);
    }
    this.addressEnd = undefined;
    this.#imply(info);
    if (side !== undefined) this.implySide(side);
  }

  /** A keyword names the side of the transaction that it means, as rules with `=>` may. */
  implySide(side: 'to-server' | 'to-client'): void {
    this.impliedDirections.add(side);
    this.namesSides = true;
  }

  /** Back to the packet's payload. */
  selectPayload(): void {
    this.#current = undefined;
  }

  selectAddress(end: 'source' | 'destination'): void {
    this.selectPayload();
    this.addressEnd = end;
  }

  /** The buffer that a buffer keyword selected. @throws RuleError when none did */
  selected(keyword: string): BufferConditions {
    if (this.#current === undefined) throw new RuleError(`${keyword} needs a buffer before it`);
    return this.#current;
  }

  get isBufferSelected(): boolean {
    return this.#current !== undefined;
  }

  /** Adds to the selected buffer, else to the payload. */
  add(condition: Condition): void {
    this.#push(this.#current ?? this.#listOf('payload'), condition);
  }

  /** Adds where the match is that a relative condition counts from; without a buffer keyword that may be any buffer. */
  addRelative(condition: Condition, isRelative: boolean): void {
    if (this.#current === undefined && isRelative && this.#lastMatch !== undefined)
      this.#push(this.#lastMatch, condition);
    else this.add(condition);
  }

  #push(list: BufferConditions, condition: Condition): void {
    list.conditions.push(condition);
    if (condition.kind === 'content') this.#lastContent = condition;
    if (condition.kind === 'content' || condition.kind === 'pcre') this.#lastMatch = list;
  }

  transform(transform: Transform): void {
    let list = this.selected(transform.key);
    if (list.conditions.length > 0) {
      // Behind a condition it changes what the following ones look at: the same buffer once more.
      list = { ...list, transforms: [...list.transforms], conditions: [], absent: undefined };
      this.lists.push(list);
      this.#current = list;
    }
    list.transforms.push(transform);
  }

  /** The `content` that a modifier behind it changes. @throws RuleError when there is none */
  lastContent(modifier: string): ContentCondition {
    if (this.#lastContent === undefined) throw new RuleError(`${modifier} follows no content`);
    return this.#lastContent;
  }

  /** The last condition, where it is a `content`: `isdataat:!1,relative` behind it means that it ends the buffer. */
  get contentJustAdded(): ContentCondition | undefined {
    const last = (this.#current ?? this.#lastMatch)?.conditions.at(-1);
    return last?.kind === 'content' && last === this.#lastContent ? last : undefined;
  }

  /** Moves the last `content` from the payload into a buffer, as older keywords do. */
  moveLastContent(info: BufferInfo, modifier: string): void {
    if (this.isBufferSelected) this.selectPayload();
    const payload = this.lists.find(({ buffer, transforms }) => buffer === 'payload' && transforms.length === 0);
    const at = payload?.conditions.findLastIndex(({ kind }) => kind === 'content') ?? -1;
    const moved = payload?.conditions[at];
    if (payload === undefined || moved === undefined) throw new RuleError(`${modifier} follows no content`);
    payload.conditions.splice(at, 1);
    if (payload.conditions.length === 0) this.lists.splice(this.lists.indexOf(payload), 1);
    this.addTo(info, moved);
  }

  /** Adds to the list of a buffer that a modifier names. */
  addTo(info: BufferInfo, condition: Condition): void {
    this.#push(this.#listOf(info.name), condition);
    this.#imply(info);
  }

  /** Adds a condition for a buffer that a keyword or `pcre` flags name. @throws RuleError when the buffer is unknown */
  addToBuffer(name: string, condition: Condition): void {
    const info = findBuffer(name);
    if (info === undefined) throw new RuleError(`the buffer ${name} is unknown`);
    this.addTo(info, condition);
  }

  #listOf(buffer: string): BufferConditions {
    const known = this.lists.find((list) => list.buffer === buffer && list.transforms.length === 0);
    if (known !== undefined) return known;
    const list: BufferConditions = { buffer, transforms: [], conditions: [], absent: undefined };
    this.lists.push(list);
    return list;
  }

  #imply({ from, protocols, direction }: BufferInfo): void {
    if (from === 'transaction') this.impliedRooms.push(protocols);
    if (from === 'header') this.needsPacket = true;
    if (direction !== undefined) this.impliedDirections.add(direction);
  }

  /** A number, or a variable that an earlier option fills. */
  operand(text: string, what: string, minimum = -0xffff_ffff, maximum = 0xffff_ffff_ffff): Operand {
    const slot = this.#variables.get(text.trim());
    if (slot !== undefined) return { kind: 'slot', slot };
    return { kind: 'number', value: parseNumber(text, what, minimum, maximum) };
  }

  /** @returns the slot of a new variable */
  defineVariable(name: string): number {
    const known = this.#variables.get(name);
    if (known !== undefined) return known;
    if (!/^[A-Za-z][\w.-]*$/.test(name)) throw new RuleError(`'${name}' is no name of a variable`);
    const slot = this.#variables.size;
    if (slot >= MAXIMUM_VARIABLES) throw new RuleError('it has more than 32 variables');
    this.#variables.set(name, slot);
    return slot;
  }
}

function isUntouched({ conditions, transforms, absent }: BufferConditions): boolean {
  return conditions.length + transforms.length === 0 && absent === undefined;
}

/** What one keyword does to the rule that is being built. */
export interface Keyword {
  /** One line for the table of keywords. */
  readonly summary: string;
  /** @throws RuleError when the value has not the keyword's form */
  apply(builder: RuleBuilder, value: string | undefined, name: string): void;
}

export type KeywordTable = Readonly<Record<string, Keyword>>;
