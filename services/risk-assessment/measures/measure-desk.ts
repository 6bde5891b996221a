import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Outbox, StateStore } from '@sphinx/platform';
import { NO_CHANGE, type PathChange, type Paths, searchMeasures } from '@sphinx/risk';
import {
  createFact,
  type Fact,
  type Measure,
  type MeasureKind,
  type MeasuresEvaluation,
  type MeasuresRequest,
} from '@sphinx/schema';
import type { PathDesk, PathQuestion } from '../paths/path-desk.ts';
import type { RiskDesk } from '../risk/risk-desk.ts';

const SERVICE = 'risk-assessment';
/** Assets of the subject that measures are tried on, and others on the way from them. */
const MOST_OWN = 6;
const MOST_ON_THE_WAY = 4;
/** Targets whose likeliest ways are looked at for assets on the way. */
const MOST_WAYS = 20;
/** A target is within reach where the likeliest way to it works at least so often. */
const WITHIN_REACH = 0.0001;
/** Less than this at stake is nothing to avert. */
const LEAST_STAKE = 1e-4;
/** Questions that wait; a page that is opened asks anew. */
const MOST_WAITING = 200;

interface Placed {
  readonly kind: MeasureKind;
  readonly place: number;
}

export interface MeasureDeskParts {
  readonly risk: RiskDesk;
  readonly paths: PathDesk;
  readonly outbox: Outbox;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly fail: (error: unknown) => void;
}

/** Tries measures on the ways of attackers when somebody has to decide, one subject after the other, and tells what they avert. */
export class MeasureDesk {
  readonly #parts: MeasureDeskParts;
  readonly #waiting = new Map<string, MeasuresRequest>();
  #working: Promise<void> | undefined;

  constructor(parts: MeasureDeskParts) {
    this.#parts = parts;
  }

  /** Takes questions; of one subject only the last one waits. */
  take(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.type !== 'measures.requested') continue;
      const { kind, id } = fact.data.subject;
      if (this.#waiting.size < MOST_WAITING) this.#waiting.set(`${kind} ${id}`, fact.data);
    }
    if (this.#waiting.size > 0)
      this.#working ??= this.#work()
        .catch(this.#parts.fail)
        .finally(() => {
          this.#working = undefined;
        });
  }

  /** Waits until what is asked is answered. */
  async stop(): Promise<void> {
    this.#waiting.clear();
    await this.#working;
  }

  async #work(): Promise<void> {
    for (const [key, request] of this.#waiting) {
      this.#waiting.delete(key);
      const data = await this.evaluate(request);
      const time = this.#parts.clock.now();
      const fact = createFact('measures.evaluated', { key: request.subject.id, time, source: SERVICE, data });
      await this.#parts.state.transaction((sql) => this.#parts.outbox.note([fact], sql));
      await this.#parts.outbox.publish();
    }
  }

  /** @returns what measures avert of the ways that lead on from the assets of the subject */
  async evaluate({ subject, assetIds, isSample }: MeasuresRequest): Promise<MeasuresEvaluation> {
    const { risk, paths, clock } = this.#parts;
    const { compromise } = risk.state();
    const own = assetIds.flatMap((id) => compromise.placeOf(id) ?? []);
    const answer = (options: MeasuresEvaluation['options'], note: string): MeasuresEvaluation => ({
      ...{ subject, evaluatedAt: clock.now(), isSample, options, note },
    });
    if (own.length === 0) return answer([], 'The model of risk knows none of the devices concerned.');
    // What an incident concerns may be in the hands of somebody already, as likely as the model has it.
    const held = subject.kind === 'incident' ? new Map(own.map((place) => [place, anyThreat(risk, place)])) : undefined;
    const question = paths.question(held);
    const before = question.ask(NO_CHANGE);
    const [now, without] = [
      stakeOf(question, before),
      stakeOf(question, question.ask({ ...NO_CHANGE, off: new Set(own) })),
    ];
    const stake = now - without;
    if (stake < LEAST_STAKE) {
      return answer(
        [],
        'No likely way leads on from these devices to what attackers want: measures on the network avert little.',
      );
    }
    const candidates = candidatesOf(question, before, own);
    const found = await searchMeasures(
      candidates,
      (one, other) => one.place !== other.place,
      async (measures) => {
        // Nothing else waits for all of the questions.
        await nextTurn();
        return (now - stakeOf(question, question.ask(changeOf(measures)))) / stake;
      },
    );
    const options = found.map(({ measures, reduction }) => ({
      measures: measures.map((measure) => named(question, measure)),
      reduction,
      spared: Math.max(0, reachable(question, before) - reachable(question, question.ask(changeOf(measures)))),
    }));
    return answer(options, options.length === 0 ? 'No single measure averts a noticeable part of it.' : '');
  }
}

/** What attackers reach, weighted by how much they want it. */
function stakeOf({ targets }: PathQuestion, { probability }: Paths): number {
  return targets.reduce((sum, { place, group }) => sum + (probability[place] ?? 0) * group.weight, 0);
}

function reachable({ targets }: PathQuestion, { probability }: Paths): number {
  return targets.filter(({ place }) => (probability[place] ?? 0) >= WITHIN_REACH).length;
}

function candidatesOf(question: PathQuestion, before: Paths, own: readonly number[]): readonly Placed[] {
  const mine = own.slice(0, MOST_OWN);
  const others = onTheWay(question, before, new Set(own));
  return [
    ...mine.flatMap((place): Placed[] => [
      ...(question.isWeak(place) ? [{ kind: 'patch' as const, place }] : []),
      { kind: 'segment', place },
      { kind: 'switch-off', place },
      ...(question.isEntered(place) ? [{ kind: 'block' as const, place }] : []),
    ]),
    ...others.flatMap((place): Placed[] => [
      ...(question.isWeak(place) ? [{ kind: 'patch' as const, place }] : []),
      { kind: 'segment', place },
    ]),
  ];
}

/** Assets that many of the likeliest ways lead through. */
function onTheWay({ targets, graph }: PathQuestion, before: Paths, own: ReadonlySet<number>): readonly number[] {
  const counts = new Map<number, number>();
  const wanted = targets.toSorted((a, b) => worth(before, b) - worth(before, a)).slice(0, MOST_WAYS);
  for (const { place } of wanted) {
    for (const { to } of before.likeliest(place)) {
      if (to < graph.assets.length && to !== place && !own.has(to)) counts.set(to, (counts.get(to) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || a - b)
    .slice(0, MOST_ON_THE_WAY)
    .map(([place]) => place);
}

function worth({ probability }: Paths, { place, group }: PathQuestion['targets'][number]): number {
  return (probability[place] ?? 0) * group.weight;
}

function changeOf(measures: readonly Placed[]): PathChange {
  const of = (kind: MeasureKind) => new Set(measures.filter((each) => each.kind === kind).map(({ place }) => place));
  return { patched: of('patch'), parted: of('segment'), off: of('switch-off'), blocked: of('block') };
}

function named({ graph }: PathQuestion, { kind, place }: Placed): Measure {
  return { kind, assetId: graph.assets[place]?.id ?? '', assetName: graph.nameOf(place) };
}

/** Probability that some threat has compromised it. */
function anyThreat(risk: RiskDesk, place: number): number {
  return risk.state().ofAsset(place).probability;
}
