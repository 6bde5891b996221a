import { AssetBook } from '../assets/asset-book.ts';
import type { Cluster } from '../grouping/cluster.ts';
import { Grouper } from '../grouping/grouper.ts';
import { SignalMemory } from '../grouping/memory.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { ScoringPolicy } from '../knowledge/scoring-policy.ts';
import { Lessons } from '../learning/lessons.ts';
import { professionalsOf } from '../signals/professionals.ts';
import { readSignal } from '../signals/read-signal.ts';
import { actorOf, type Signal } from '../signals/signal.ts';
import { HOUR } from './attack.ts';
import { type SampleWeeks, STAGED_ATTACKS } from './generate.ts';

/** An analyst looks at an incident after this time, and at one that was an attack once it is quiet for a day. */
const LOOKED_AT_AFTER_MS = 4 * HOUR;
const QUIET_AFTER_MS = 24 * HOUR;
/** An incident is of an attack when so much of what it shows is of it. */
const LEAST_SHARE = 0.2;

/** An incident of the sample, with what only its maker knows. */
export interface PlayedIncident {
  readonly id: string;
  readonly openedAt: number;
  readonly score: number;
  readonly titles: readonly string[];
  /** Attack that most of it is of; undefined where it is everyday life. */
  readonly attack: string | undefined;
  /** Share of its lines that are of that attack. */
  readonly share: number;
}

/** What became of one attack. */
export interface PlayedAttack {
  readonly id: string;
  readonly title: string;
  /** From its first trace to an incident that shows it; undefined where none does. */
  readonly hours: number | undefined;
  /** An incident is mostly of it; otherwise one that is mostly of another attack shows half of it or more. */
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

interface Open {
  readonly signals: Signal[];
  readonly labels: Map<string, Set<string>>;
  openedAt: number | undefined;
  lastSeen: number;
  cluster: Cluster;
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
  const incidents: PlayedIncident[] = [];
  const starts = new Map<string, number>();
  const alone = new Map<string, number>();
  const shared = new Map<string, number>();
  const lines = new Map<string, Set<string>>();
  const shownIn: { readonly of: string; readonly openedAt: number; readonly lines: number }[] = [];
  let clusters = 0;
  for (const { fact, attack: label } of weeks.facts) {
    if (label !== null && !starts.has(label)) starts.set(label, fact.time);
    for (const [id, each] of open) {
      if (each.openedAt === undefined) continue;
      const played = judge(id, each);
      const isDue =
        played.attack === undefined
          ? fact.time > each.openedAt + LOOKED_AT_AFTER_MS
          : fact.time > each.lastSeen + QUIET_AFTER_MS;
      if (!isDue) continue;
      close(id, each, played);
    }
    const signal = readSignal(fact, reading);
    if (signal === undefined) continue;
    const { cluster, isNew } = grouper.place(signal);
    if (isNew) clusters++;
    const each: Open = open.get(cluster.id) ?? {
      signals: [],
      labels: new Map(),
      openedAt: undefined,
      lastSeen: 0,
      cluster,
    };
    each.signals.push(signal);
    const line = `${signal.analytic.id}|${actorOf(signal)?.key ?? ''}`;
    if (label !== null) lines.set(label, (lines.get(label) ?? new Set()).add(line));
    each.labels.set(line, (each.labels.get(line) ?? new Set()).add(label ?? ''));
    each.lastSeen = signal.endTime;
    each.cluster = cluster;
    if (cluster.highestScore >= threshold) each.openedAt ??= fact.time;
    open.set(cluster.id, each);
  }
  for (const [id, each] of open) if (each.openedAt !== undefined) close(id, each, judge(id, each));

  for (const { of, openedAt, lines: shown } of shownIn) {
    if (shown > 0 && shown * 2 >= (lines.get(of)?.size ?? 0)) noteFound(shared, of, openedAt);
  }

  function noteFound(where: Map<string, number>, of: string, openedAt: number): void {
    const hours = Math.max(0, openedAt - (starts.get(of) ?? 0)) / HOUR;
    where.set(of, Math.min(hours, where.get(of) ?? Number.POSITIVE_INFINITY));
  }

  function close(id: string, each: Open, played: PlayedIncident): void {
    incidents.push(played);
    grouper.remove(id);
    open.delete(id);
    if (played.attack !== undefined) noteFound(alone, played.attack, each.openedAt ?? 0);
    for (const { id: of } of STAGED_ATTACKS)
      shownIn.push({ of, openedAt: each.openedAt ?? 0, lines: linesOf(each, of) });
    for (const signal of each.signals) {
      const actor = actorOf(signal)?.key ?? '';
      const said = { incident: id, title: signal.analytic.title, actorName: actor, by: 'analyst', time: each.lastSeen };
      lessons.learn({ id, analytic: signal.analytic.id, actor, wasTrue: played.attack !== undefined, ...said });
    }
  }

  return {
    signals: weeks.facts.length,
    clusters,
    incidents,
    attacks: STAGED_ATTACKS.map(({ id, title }) => ({
      id,
      title,
      hours: alone.get(id) ?? shared.get(id),
      isAlone: alone.has(id),
    })),
    falseIncidents: incidents.filter(({ attack: of }) => of === undefined),
  };
}

function linesOf({ labels }: Open, attack: string): number {
  return [...labels.values()].filter((of) => of.has(attack)).length;
}

/** What an incident is of: the attack that most of its lines are of, where that is a fifth of them at least. */
function judge(id: string, { labels, openedAt = 0, cluster }: Open): PlayedIncident {
  const counts = new Map<string, number>();
  for (const of of labels.values()) for (const label of of) counts.set(label, (counts.get(label) ?? 0) + 1);
  counts.delete('');
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1]);
  const share = most === undefined ? 0 : most[1] / labels.size;
  const titles = [...cluster.analytics.values()].toSorted((a, b) => b.points - a.points).map(({ title }) => title);
  const attack = share >= LEAST_SHARE ? most?.[0] : undefined;
  return { id, openedAt, score: cluster.highestScore, titles, attack, share };
}
