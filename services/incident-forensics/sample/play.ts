import { AssetBook } from '../assets/asset-book.ts';
import { type Cluster, pointsAlone } from '../grouping/cluster.ts';
import { Grouper } from '../grouping/grouper.ts';
import { SignalMemory } from '../grouping/memory.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { ScoringPolicy } from '../knowledge/scoring-policy.ts';
import { Lessons } from '../learning/lessons.ts';
import { professionalsOf } from '../signals/professionals.ts';
import { readSignal } from '../signals/read-signal.ts';
import { actorOf } from '../signals/signal.ts';
import { HOUR } from './attack.ts';
import { type SampleWeeks, STAGED_ATTACKS } from './generate.ts';
import { isShown, type Judgement, judge, type LabelledSignal, type Truth, weightOf } from './judge.ts';

/** An analyst looks at an incident after this time, and at one that was an attack once it is quiet for a day. */
const LOOKED_AT_AFTER_MS = 4 * HOUR;
const QUIET_AFTER_MS = 24 * HOUR;

/** An incident of the sample, with what only its maker knows. */
export interface PlayedIncident extends Judgement {
  readonly id: string;
  readonly openedAt: number;
  readonly score: number;
  readonly titles: readonly string[];
  readonly cluster: Cluster;
  readonly signals: readonly LabelledSignal[];
}

/** What became of one attack. */
export interface PlayedAttack {
  readonly id: string;
  readonly title: string;
  /** From its first trace to an incident that shows it; undefined where none does. */
  readonly hours: number | undefined;
  /** An incident is of it; otherwise one that is of another attack shows it. */
  readonly isAlone: boolean;
}

/** What became of two weeks. */
export interface PlayedWeeks {
  readonly signals: number;
  readonly clusters: number;
  readonly incidents: readonly PlayedIncident[];
  readonly attacks: readonly PlayedAttack[];
  readonly falseIncidents: readonly PlayedIncident[];
}

/** A cluster that signals may still join. */
interface Open {
  readonly signals: LabelledSignal[];
  openedAt: number | undefined;
  lastSeen: number;
  cluster: Cluster;
}

interface Closed extends Open {
  readonly openedAt: number;
  readonly played: PlayedIncident;
}

/**
 * Plays facts through the grouping as the service does, with an analyst who closes each incident as what it was. The grouping sees
 * the facts only; labels are compared afterwards.
 */
export async function playWeeks(
  weeks: SampleWeeks,
  knowledge: { readonly attack: AttackKnowledge; readonly policy: ScoringPolicy; readonly threshold: number },
): Promise<PlayedWeeks> {
  const { attack, policy, threshold } = knowledge;
  const assets = new AssetBook();
  for (const fact of weeks.assets) await assets.take(fact, { query: async () => [] });
  const lessons = new Lessons(policy.learning);
  const memory = new SignalMemory(policy.habit.windowDays);
  const safetyOf = (id: string) => assets.get(id)?.patientSafetyClass ?? null;
  const isProfessional = professionalsOf(weeks.professionals, assets);
  const grouper = new Grouper({ attack, policy, threshold, memory, lessons, safetyOf, isProfessional });
  const policyClasses = new Set(policy.policyClasses.names);
  const reading = { assets, attack, policyClasses, lastVerdictOf: () => undefined };
  const open = new Map<string, Open>();
  const closed: Closed[] = [];
  const traces = new Traces();
  let clusters = 0;

  function close(id: string, each: Open & { readonly openedAt: number }, judgement: Judgement): void {
    closed.push({ ...each, played: playedOf(id, each, judgement) });
    grouper.remove(id);
    open.delete(id);
    for (const { signal } of each.signals) {
      const actor = actorOf(signal)?.key ?? '';
      const said = { incident: id, title: signal.analytic.title, actorName: actor, by: 'analyst', time: each.lastSeen };
      lessons.learn({ id, analytic: signal.analytic.id, actor, wasTrue: judgement.attack !== undefined, ...said });
    }
  }

  /** @param time now; undefined at the end, when everything is closed */
  function closeDue(time: number | undefined): void {
    for (const [id, each] of open) {
      if (!isOpened(each)) continue;
      const judgement = judge(each.signals);
      const dueAt =
        judgement.attack === undefined ? each.openedAt + LOOKED_AT_AFTER_MS : each.lastSeen + QUIET_AFTER_MS;
      if (time === undefined || time > dueAt) close(id, each, judgement);
    }
  }

  for (const { fact, attack: label } of weeks.facts) {
    traces.begin(label, fact.time);
    closeDue(fact.time);
    const signal = readSignal(fact, reading);
    if (signal === undefined) continue;
    const { cluster, isNew, weight } = grouper.place(signal);
    if (isNew) clusters++;
    const each: Open = open.get(cluster.id) ?? { signals: [], openedAt: undefined, lastSeen: 0, cluster };
    const labelled = { signal, attack: label, points: pointsAlone(weight) };
    traces.add(labelled);
    each.signals.push(labelled);
    each.lastSeen = signal.endTime;
    each.cluster = cluster;
    if (cluster.highestScore >= threshold) each.openedAt ??= fact.time;
    open.set(cluster.id, each);
  }
  closeDue(undefined);

  const incidents = closed.map(({ played }) => played);
  return {
    signals: weeks.facts.length,
    clusters,
    incidents,
    attacks: playedAttacks(closed, traces, { victims: weeks.victims, assets, attack, threshold }),
    falseIncidents: incidents.filter(({ attack: of }) => of === undefined),
  };
}

/** What each attack left: when it began, and its signals. */
class Traces {
  readonly #starts = new Map<string, number>();
  readonly #signals = new Map<string, LabelledSignal[]>();

  begin(attack: string | null, time: number): void {
    if (attack !== null && !this.#starts.has(attack)) this.#starts.set(attack, time);
  }

  add(labelled: LabelledSignal): void {
    if (labelled.attack === null) return;
    const signals = this.#signals.get(labelled.attack) ?? [];
    signals.push(labelled);
    this.#signals.set(labelled.attack, signals);
  }

  startOf(attack: string): number {
    return this.#starts.get(attack) ?? 0;
  }

  weightOf(attack: string): number {
    return weightOf(this.#signals.get(attack) ?? []);
  }
}

function playedAttacks(closed: readonly Closed[], traces: Traces, truth: Truth): readonly PlayedAttack[] {
  return STAGED_ATTACKS.map(({ id, title }) => {
    const shown = closed.filter((each) =>
      isShown(id, each, { attack: each.played.attack, whole: traces.weightOf(id) }, truth),
    );
    const alone = shown.filter(({ played }) => played.attack === id);
    const hours = (alone.length > 0 ? alone : shown).map(({ openedAt }) => (openedAt - traces.startOf(id)) / HOUR);
    return {
      id,
      title,
      hours: hours.length === 0 ? undefined : Math.max(0, Math.min(...hours)),
      isAlone: alone.length > 0,
    };
  });
}

function isOpened(each: Open): each is Open & { readonly openedAt: number } {
  return each.openedAt !== undefined;
}

function playedOf(id: string, { openedAt = 0, cluster, signals }: Open, judgement: Judgement): PlayedIncident {
  const titles = [...cluster.analytics.values()]
    .toSorted((a, b) => pointsAlone(b) - pointsAlone(a))
    .map(({ title }) => title);
  return { id, openedAt, score: cluster.highestScore, titles, cluster, signals, ...judgement };
}
