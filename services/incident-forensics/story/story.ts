import { type Cluster, type ClusterAnalytic, type ClusterEntity, pointsAlone } from '../grouping/cluster.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import { countText } from './count-text.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Steps that a story tells one by one. */
const MAXIMUM_STEPS = 12;
/** Titles are of one line. */
const MAXIMUM_TITLE = 160;

/** A step of a story: what happened, when, in which stage of an attack. */
export interface StoryStep {
  readonly time: number;
  readonly endTime: number;
  /** Title of the tactic; empty where unknown. */
  readonly stage: string;
  readonly text: string;
  readonly severity: string;
}

/** A cluster told as a person would tell it. */
export interface Story {
  readonly title: string;
  readonly summary: string;
  readonly steps: readonly StoryStep[];
  /** Why a person should look, or why not, weightiest first. */
  readonly reasons: readonly string[];
}

/** @returns the story of a cluster, from what its signals say alone */
export function tellStory(cluster: Cluster, attack: AttackKnowledge): Story {
  const analytics = [...cluster.analytics.values()].toSorted((a, b) => a.firstSeen - b.firstSeen);
  const actors = withRole(cluster, 'actor');
  const targets = withRole(cluster, 'target');
  const affected = withRole(cluster, 'affected');
  const weightiest = analytics.toSorted((a, b) => pointsAlone(b) - pointsAlone(a))[0];
  const what = stagePhrase(analytics, attack) || (weightiest?.title ?? 'Something unusual');
  const who = namesOf(actors.length > 0 ? actors : affected, 2);
  const whom = namesOf(targets, 2);
  const title = [what, who === '' ? '' : `by ${who}`, whom === '' ? '' : `against ${whom}`].filter(Boolean).join(' ');
  return {
    title: title.slice(0, MAXIMUM_TITLE),
    summary: summaryOf(cluster, analytics, { actors, targets, affected }, attack),
    steps: analytics.slice(0, MAXIMUM_STEPS).map((analytic) => stepOf(analytic, attack)),
    reasons: reasonsOf(cluster, analytics, attack),
  };
}

function summaryOf(
  cluster: Cluster,
  analytics: readonly ClusterAnalytic[],
  ends: Readonly<Record<'actors' | 'targets' | 'affected', readonly ClusterEntity[]>>,
  attack: AttackKnowledge,
): string {
  const sentences = [
    `Within ${durationText(cluster.lastSeen - cluster.firstSeen)}, ${countText(cluster.signals, 'signal')} of ${countText(analytics.length, 'kind')} came together.`,
  ];
  const { actors, targets, affected } = ends;
  if (actors.length > 0 && targets.length > 0) {
    sentences.push(`${capital(namesOf(actors, 3))} acted upon ${namesOf(targets, 3)}.`);
  } else if (actors.length > 0) sentences.push(`${capital(namesOf(actors, 3))} acted.`);
  if (affected.length > 0) sentences.push(`It concerns ${namesOf(affected, 3)}.`);
  const first = analytics[0];
  const last = analytics.toSorted((a, b) => b.lastSeen - a.lastSeen)[0];
  if (first !== undefined) sentences.push(`It began with: ${first.title}.`);
  if (last !== undefined && last.id !== first?.id) sentences.push(`Most recently: ${last.title}.`);
  const stages = stageTitles(analytics, attack);
  if (stages.length > 1) sentences.push(`Stages of an attack that were reached: ${stages.join(', ')}.`);
  else if (stages.length === 1) sentences.push(`Stage of an attack: ${stages[0]}.`);
  return sentences.join(' ');
}

function stepOf(analytic: ClusterAnalytic, attack: AttackKnowledge): StoryStep {
  const { title, count, firstSeen, lastSeen, severity, stages } = analytic;
  const repeated = count > 1 ? `, ${count} times within ${durationText(lastSeen - firstSeen)}` : '';
  return {
    time: firstSeen,
    endTime: lastSeen,
    stage: attack.tactics.get(stages[0] ?? '')?.title ?? '',
    text: `${title}${repeated}`,
    severity,
  };
}

function reasonsOf(
  { highestScore, highestPlainScore }: Cluster,
  analytics: readonly ClusterAnalytic[],
  attack: AttackKnowledge,
): readonly string[] {
  const weighty = analytics.toSorted((a, b) => pointsAlone(b) - pointsAlone(a)).slice(0, 5);
  const phases = new Set(analytics.flatMap(({ stages }) => stages.map((stage) => attack.phaseOf(stage) ?? stage)));
  return [
    `${Math.round(highestScore)} points from ${countText(analytics.length, 'kind')} of signals${phases.size > 1 ? ` in ${phases.size} phases of an attack` : ''}`,
    ...(highestPlainScore > highestScore * 1.2
      ? [`it would be ${Math.round(highestPlainScore)} points without what was learnt from closed incidents`]
      : []),
    ...weighty.map((analytic) =>
      [`${analytic.title}: ${Math.round(pointsAlone(analytic) * 10) / 10} points`, ...analytic.reasons].join('; '),
    ),
  ];
}

/** "Lateral movement and exfiltration": the furthest two. */
function stagePhrase(analytics: readonly ClusterAnalytic[], attack: AttackKnowledge): string {
  const stages = stageTitles(analytics, attack).slice(-2);
  return stages.length === 0 ? '' : capital(stages.join(' and ').toLowerCase());
}

function stageTitles(analytics: readonly ClusterAnalytic[], attack: AttackKnowledge): readonly string[] {
  const stages = new Set(analytics.flatMap(({ stages: of }) => of));
  return [...stages]
    .flatMap((id) => attack.tactics.get(id) ?? [])
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ title }) => title);
}

function withRole({ entities }: Cluster, role: ClusterEntity['role']): readonly ClusterEntity[] {
  // Whoever acts is told as who acts, though others act upon it, too. Files stand in the list of entities.
  return [...entities.values()].filter(({ roles, type }) => roles[0] === role && type !== 'file');
}

function namesOf(entities: readonly ClusterEntity[], most: number): string {
  const names = entities.slice(0, most).map(({ name }) => name);
  const rest = entities.length - names.length;
  if (rest > 0) return `${names.join(', ')} and ${rest} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** @param ms milliseconds @returns "3 hours", never more exact than a reader needs */
export function durationText(ms: number): string {
  if (ms < MINUTE_MS) return 'a minute';
  if (ms < 2 * HOUR_MS) return countText(Math.round(ms / MINUTE_MS), 'minute');
  if (ms < 2 * DAY_MS) return countText(Math.round(ms / HOUR_MS), 'hour');
  return countText(Math.round(ms / DAY_MS), 'day');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
