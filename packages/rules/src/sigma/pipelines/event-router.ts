import { isWithin } from '../language/filters.ts';
import type { SigmaLogsource } from '../language/rule.ts';
import { matchesPattern, plainText } from '../language/text-pattern.ts';
import { type EventLeaves, normaliseName, UNNUMBERED } from '../matcher/event-leaves.ts';
import type { PipelineSource, SigmaPipeline } from './pipeline.ts';

/* Hot path: guarded by bench/sigma.ts. */

/** The field of Windows by which most sources are told apart; sources of one channel are found by it. */
const CHANNEL = 'channel';
const CHANNEL_FIELD = 0;
/** No condition asks for the field. */
const UNASKED = -1;

interface Route {
  readonly number: number;
  readonly source: PipelineSource;
  /** Conditions, without one of the channel where it is found by that. */
  readonly when: readonly Condition[];
}

interface Condition {
  readonly field: number;
  readonly fits: (text: string) => boolean;
}

const NO_ROUTES: readonly Route[] = [];

/** Tells which pipeline sources an event is of. */
export class EventRouter {
  readonly #byChannel = new Map<string, Route[]>();
  /** Sources of events whose collector knows what they are from. */
  readonly #byOrigin: Route[] = [];
  readonly #originsKnown = new WeakMap<SigmaLogsource, readonly Route[]>();
  /** The others, by the field that their first condition asks for. */
  readonly #byField = new Map<number, Route[]>();
  /** Normalised names of fields that conditions ask for → number. */
  readonly #fields = new Map<string, number>([[CHANNEL, CHANNEL_FIELD]]);
  /** Number of a name in events → number of the field. */
  readonly #fieldOfName: (number | undefined)[] = [];
  /** Values of the present event in lower case, by field. */
  readonly #values: string[][] = [[]];
  readonly #found: Route[] = [];
  /** Fields that the present event has. */
  readonly #present: number[] = [];

  constructor(pipelines: readonly SigmaPipeline[]) {
    pipelines
      .flatMap(({ sources }) => sources)
      .forEach((source, number) => {
        this.#add(source, number);
      });
  }

  #add(source: PipelineSource, number: number): void {
    const channels = source.when.find(({ field }) => normaliseName(field) === CHANNEL)?.patterns.map(plainText);
    const when = source.when.map((condition) => this.#toCondition(condition));
    if (channels !== undefined && !channels.includes(undefined)) {
      const route = { number, source, when: when.filter(({ field }) => field !== CHANNEL_FIELD) };
      for (const channel of channels) if (channel !== undefined) addTo(this.#byChannel, channel, route);
      return;
    }
    const route = { number, source, when };
    const [first] = when;
    if (source.from.length > 0) this.#byOrigin.push(route);
    // Without any condition it would be of every event.
    else if (first !== undefined) addTo(this.#byField, first.field, route);
  }

  #toCondition({ field, patterns }: PipelineSource['when'][number]): Condition {
    const name = normaliseName(field);
    const number = this.#fields.get(name) ?? this.#fields.size;
    this.#fields.set(name, number);
    this.#values[number] ??= [];
    const texts = patterns.map(plainText);
    const exact = new Set(texts.filter((text) => text !== undefined));
    const others = patterns.filter((_, index) => texts[index] === undefined);
    return {
      field: number,
      fits: (text) => exact.has(text) || others.some((pattern) => matchesPattern(pattern, text)),
    };
  }

  /**
   * @param leaves values of the event
   * @param origin the log it is from, where its collector knows
   * @returns the sources that it is of: those of its channel, then the others in the order of the pipelines; until the next call
   */
  route(leaves: EventLeaves, origin: SigmaLogsource | undefined): readonly Route[] {
    this.#take(leaves);
    const channel = this.#values[CHANNEL_FIELD]?.[0];
    const found = this.#found;
    found.length = 0;
    const ofChannel = channel === undefined ? undefined : this.#byChannel.get(channel);
    if (ofChannel !== undefined) {
      for (const route of ofChannel) if (isFrom(route, origin) && this.#fits(route)) found.push(route);
    }
    const others = found.length;
    if (origin !== undefined) for (const route of this.#routesFrom(origin)) if (this.#fits(route)) found.push(route);
    for (const field of this.#present) {
      const routes = this.#byField.get(field);
      if (routes !== undefined) for (const route of routes) if (this.#fits(route)) found.push(route);
    }
    if (found.length - others < 2) return found;
    return [...found.slice(0, others), ...found.slice(others).sort((a, b) => a.number - b.number)];
  }

  /** Keeps values of the fields that conditions ask for. */
  #take(leaves: EventLeaves): void {
    const present = this.#present;
    for (const field of present) (this.#values[field] as string[]).length = 0;
    present.length = 0;
    const { ids, texts, count } = leaves;
    for (let leaf = 0; leaf < count; leaf++) {
      const id = ids[leaf] as number;
      const field = this.#fieldOfName[id] ?? this.#fieldOf(id, leaves.names[leaf] ?? '');
      if (field === UNASKED || texts[leaf] === undefined) continue;
      const values = this.#values[field] as string[];
      if (values.length === 0) present.push(field);
      values.push(leaves.lower(leaf));
    }
  }

  #fieldOf(id: number, name: string): number {
    const field = this.#fields.get(normaliseName(name)) ?? UNASKED;
    if (id !== UNNUMBERED) this.#fieldOfName[id] = field;
    return field;
  }

  /** Formats of logs tell the same object for each event. */
  #routesFrom(origin: SigmaLogsource): readonly Route[] {
    const known = this.#originsKnown.get(origin);
    if (known !== undefined) return known;
    const own = this.#byOrigin.filter((route) => isFrom(route, origin));
    const routes = own.length === 0 ? NO_ROUTES : own;
    this.#originsKnown.set(origin, routes);
    return routes;
  }

  #fits({ when }: Route): boolean {
    for (const { field, fits } of when) if (!(this.#values[field] as string[]).some(fits)) return false;
    return true;
  }
}

function addTo<Key>(routes: Map<Key, Route[]>, key: Key, route: Route): void {
  const known = routes.get(key);
  if (known === undefined) routes.set(key, [route]);
  else known.push(route);
}

function isFrom({ source: { from } }: Route, origin: SigmaLogsource | undefined): boolean {
  return from.length === 0 || (origin !== undefined && from.some((each) => isWithin(origin, each)));
}
