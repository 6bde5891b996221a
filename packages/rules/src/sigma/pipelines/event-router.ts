import { isWithin } from '../language/filters.ts';
import type { SigmaLogsource } from '../language/rule.ts';
import { matchesPattern, plainText } from '../language/text-pattern.ts';
import { type EventLeaves, normaliseName } from '../matcher/event-leaves.ts';
import type { PipelineSource, SigmaPipeline } from './pipeline.ts';

/** The field of Windows by which most sources are told apart; sources of one channel are found by it. */
const CHANNEL = 'channel';

interface Route {
  readonly number: number;
  readonly source: PipelineSource;
  /** Conditions beside the channel, by normalised name. */
  readonly when: readonly { readonly name: string; readonly fits: (text: string) => boolean }[];
}

/** Tells which pipeline sources an event is of. */
export class EventRouter {
  readonly #byChannel = new Map<string, Route[]>();
  readonly #others: Route[] = [];
  readonly #names = new Map<string, string>();
  readonly #known: ReadonlySet<string>;

  constructor(pipelines: readonly SigmaPipeline[]) {
    const names = new Set<string>([CHANNEL]);
    pipelines
      .flatMap(({ sources }) => sources)
      .forEach((source, number) => {
        for (const { field } of source.when) names.add(normaliseName(field));
        this.#add({ number, source, when: source.when.map(toCondition) });
      });
    this.#known = names;
  }

  #add(route: Route): void {
    const channels = route.source.when.find(({ field }) => normaliseName(field) === CHANNEL)?.patterns.map(plainText);
    if (channels === undefined || channels.includes(undefined)) {
      this.#others.push(route);
      return;
    }
    const rest = { ...route, when: route.when.filter(({ name }) => name !== CHANNEL) };
    for (const channel of channels) {
      if (channel === undefined) continue;
      const routes = this.#byChannel.get(channel);
      if (routes === undefined) this.#byChannel.set(channel, [rest]);
      else routes.push(rest);
    }
  }

  /**
   * @param leaves values of the event
   * @param origin the log it is from, where its collector knows
   * @returns the sources that it is of, in the order of the pipelines
   */
  route(leaves: EventLeaves, origin: SigmaLogsource | undefined): readonly Route[] {
    const values = this.#valuesOf(leaves);
    const channel = values.get(CHANNEL)?.[0];
    const ofChannel = channel === undefined ? undefined : this.#byChannel.get(channel);
    const found: Route[] = [];
    if (ofChannel !== undefined) for (const route of ofChannel) if (fits(route, values, origin)) found.push(route);
    for (const route of this.#others) if (fits(route, values, origin)) found.push(route);
    return found;
  }

  /** Values in lower case of the fields that conditions name. */
  #valuesOf(leaves: EventLeaves): ReadonlyMap<string, readonly string[]> {
    const values = new Map<string, string[]>();
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      const name = this.#normalised(leaves.names[leaf] ?? '');
      if (name === '' || leaves.texts[leaf] === undefined) continue;
      const list = values.get(name);
      if (list === undefined) values.set(name, [leaves.lower(leaf)]);
      else list.push(leaves.lower(leaf));
    }
    return values;
  }

  /** @returns the normalised name of a field that some condition names, else nothing */
  #normalised(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const normalised = normaliseName(name);
    const result = this.#known.has(normalised) ? normalised : '';
    if (this.#names.size < MAXIMUM_NAMES) this.#names.set(name, result);
    return result;
  }
}

/** Names of fields that are remembered; hostile events may invent any number. */
export const MAXIMUM_NAMES = 20_000;

function toCondition({ field, patterns }: PipelineSource['when'][number]): Route['when'][number] {
  const texts = patterns.map(plainText);
  const exact = new Set(texts.filter((text) => text !== undefined));
  const others = patterns.filter((_, index) => texts[index] === undefined);
  return {
    name: normaliseName(field),
    fits: (text) => exact.has(text) || others.some((pattern) => matchesPattern(pattern, text)),
  };
}

function fits(
  { source, when }: Route,
  values: ReadonlyMap<string, readonly string[]>,
  origin: SigmaLogsource | undefined,
): boolean {
  if (source.from.length > 0 && (origin === undefined || !source.from.some((from) => isWithin(origin, from))))
    return false;
  if (source.from.length === 0 && when.length === 0 && source.when.length === 0) return false;
  return when.every((condition) => values.get(condition.name)?.some(condition.fits) === true);
}
