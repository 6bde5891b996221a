import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { EntityType, Role, Signal } from '../signals/signal.ts';
import { actorOf } from '../signals/signal.ts';
import type { Cluster, ClusterEntity } from './cluster.ts';
import type { SignalMemory } from './memory.ts';

const HOUR_MS = 3_600_000;
/** From this on a signal belongs to a cluster. */
export const LINK_THRESHOLD = 0.5;
/** Links fade to half in this time: who acted yesterday is likelier the same attack than who acted last week. */
const HALF_LIFE_HOURS = 24;
/** Somebody with whom this many have to do is no link between two of them: an archive, a domain controller. */
const PLAIN_DEGREE = 4;
const REPETITION = 0.8;
const SAME_ANALYTIC = 0.1;
const WAVE_HOURS = 1;
const WAVE_ACTORS = 2;
const WAVE_STRENGTH = 0.55;
/** Phase of `knowledge/attack-techniques`. */
const HARM = 'harm';
const PASSENGER_FACTOR = 0.3;

/**
 * How strongly the same entity links a signal (first role) with a cluster (second role). Whoever acted still acts; whoever was
 * acted upon and acts now was taken over: lateral movement. Two who act upon the same may merely both use it: that is no link
 * unless the same was found of both.
 */
const ROLES: Readonly<Record<Role, Readonly<Record<Role, number>>>> = {
  actor: { actor: 1, target: 0.95, affected: 0.9 },
  target: { actor: 0.7, target: 0.45, affected: 0.6 },
  affected: { actor: 0.9, target: 0.6, affected: 0.7 },
};

/** Names are shared more often than devices are. */
const TYPES: Readonly<Record<EntityType, number>> = {
  asset: 1,
  address: 1,
  external: 1,
  host: 0.95,
  user: 0.9,
  file: 0.9,
  domain: 0.8,
};

/** @returns 0 to 1: how much speaks for the signal being part of what the cluster is */
export function linkStrength(
  signal: Signal,
  cluster: Cluster,
  { memory, attack }: { readonly memory: SignalMemory; readonly attack: AttackKnowledge },
): number {
  const silentHours = Math.max(0, signal.time - cluster.lastSeen) / HOUR_MS;
  const fading = 0.5 ** (silentHours / HALF_LIFE_HOURS);
  let strongest = 0;
  for (const entity of signal.entities) {
    const known = cluster.entities.get(entity.key);
    if (known === undefined) continue;
    const alike = cluster.analytics.has(signal.analytic.id) ? SAME_ANALYTIC : 0;
    const strength = Math.min(1, entityLink(entity.role, known, signal.time, memory) + alike) * fading;
    strongest = Math.max(strongest, strength);
  }
  if (isRepetition(signal, cluster)) strongest = Math.max(strongest, REPETITION * fading);
  const isOneCause = isWave(signal, cluster) || isSameHarm(signal, cluster, attack);
  return Math.max(strongest, isOneCause ? WAVE_STRENGTH : 0);
}

/** The same again of the same one, however little it weighs. */
function isRepetition(signal: Signal, { analytics, entities }: Cluster): boolean {
  const actor = actorOf(signal)?.key ?? '';
  return analytics.has(signal.analytic.id) && entities.get(actor)?.roles[0] === actorOf(signal)?.role;
}

/** The same device is harmed at the same time: one cause, however many do it. */
function isSameHarm(signal: Signal, { analytics, entities }: Cluster, attack: AttackKnowledge): boolean {
  const isHarm = (stages: readonly string[]) => stages.some((stage) => attack.phaseOf(stage) === HARM);
  if (!isHarm(signal.stages) || !signal.entities.some(({ key, type }) => type === 'asset' && entities.has(key)))
    return false;
  return [...analytics.values()].some(
    ({ stages, lastSeen }) => isHarm(stages) && signal.time - lastSeen <= WAVE_HOURS * HOUR_MS,
  );
}

/** Many have the same at the same time: one cause, whatever it is. */
export function isWave(signal: Signal, { analytics, entities }: Cluster): boolean {
  const analytic = analytics.get(signal.analytic.id);
  if (analytic === undefined || signal.time - analytic.lastSeen > WAVE_HOURS * HOUR_MS) return false;
  // A wave is of one analytic; a cluster with several is a story of its own.
  if (analytics.size > 2) return false;
  const actor = actorOf(signal)?.key;
  let others = 0;
  for (const { key, roles } of entities.values()) if (key !== actor && roles[0] !== 'target') others++;
  return others >= WAVE_ACTORS || (analytics.size === 1 && others >= 1);
}

function entityLink(role: Role, known: ClusterEntity, time: number, memory: SignalMemory): number {
  const byRole = Math.max(...known.roles.map((each) => ROLES[role][each]));
  const strength = byRole * TYPES[known.type] * (known.isPassenger ? PASSENGER_FACTOR : 1);
  // Whoever acts in both is the same one, however many know it.
  if (role === 'actor' && known.roles.includes('actor') && known.type !== 'user') return strength;
  const degree = memory.degreeOf(known.key, time);
  return strength / (1 + Math.max(0, degree - PLAIN_DEGREE) / PLAIN_DEGREE);
}
