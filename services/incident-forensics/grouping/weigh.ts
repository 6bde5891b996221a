import type { PatientSafetyClass } from '@sphinx/schema';
import type { ScoringPolicy } from '../knowledge/scoring-policy.ts';
import type { Lessons } from '../learning/lessons.ts';
import { actorOf, type Entity, type Signal } from '../signals/signal.ts';
import type { SignalMemory } from './memory.ts';

/** Points of a signal with their reasons. */
export interface Weight {
  readonly points: number;
  /** Without what people taught. */
  readonly plainPoints: number;
  /** How rare it is here, 1 for what hardly ever happens; points times this is what it weighs alone. */
  readonly rareness: number;
  /** What made it weigh more or less than its severity, in words. */
  readonly reasons: readonly string[];
}

export interface WeighingParts {
  readonly policy: ScoringPolicy;
  readonly memory: SignalMemory;
  readonly lessons: Lessons;
  safetyOf(assetId: string): PatientSafetyClass | null;
  /** Whoever scans, monitors, backs up or administers by profession. */
  isProfessional(entity: Entity): boolean;
}

/** How much a signal says that a person should look. The memory does not know the signal yet. */
export function weigh(signal: Signal, { policy, memory, lessons, safetyOf, isProfessional }: WeighingParts): Weight {
  const { analytic, severity, kind, time } = signal;
  const actor = actorOf(signal)?.key ?? '';
  const reasons: string[] = [];
  let points = policy.severity[severity];
  const apply = (factor: number | undefined, reason: string) => {
    if (factor === undefined || factor === 1) return;
    points *= factor;
    reasons.push(reason);
  };
  apply(policy.kinds[kind], KIND_WORDS[kind]);
  // Half of it stands even for an analytic that is not sure at all: it saw something.
  if (signal.confidence !== undefined) {
    apply(0.5 + signal.confidence / 2, `the analytic is ${Math.round(signal.confidence * 100)} % sure`);
  }
  if (signal.isPolicy) apply(policy.policyClasses.factor, 'it tells of what is not allowed, not of an attack');
  if (isFromOutside(signal) && !signal.stages.some((stage) => policy.fromOutside.except.includes(stage))) {
    apply(policy.fromOutside.factor, 'it is an attempt from the internet, of which there are many');
  }
  const isWork =
    signal.kind !== 'honeytoken' && signal.entities.some((each) => each.role === 'actor' && isProfessional(each));
  if (isWork && !signal.stages.some((stage) => policy.professionals.except.includes(stage))) {
    apply(
      kind === 'decoy' ? policy.professionals.decoys : policy.professionals.factor,
      'whoever did it does such things by profession',
    );
  }
  const safety = gravestSafety(signal, safetyOf);
  if (safety !== null) apply(policy.safety[safety], `a device of class ${safety} is concerned`);
  const days = memory.earlierDays(analytic.id, actor, time);
  const habit = policy.habit.factors[Math.min(days, policy.habit.factors.length - 1)];
  apply(habit, `the same happened on ${days === 1 ? 'one day' : `${days} days`} before`);
  const isNews = severity !== 'informational' && memory.isNovel(analytic.id, time, policy.novelty.afterDays);
  if (isNews) apply(policy.novelty.factor, 'it was never seen here before');
  const plainPoints = points;
  const learnt = lessons.of(analytic.id, actor);
  apply(learnt.factor, learnt.reason);
  const { rareness, reason } = rarenessOf(signal, actor, { policy, memory, lessons });
  if (rareness < 1) reasons.push(reason);
  return { points, plainPoints, rareness, reasons };
}

/** 1 for what hardly ever happens here, near 0 for what happens all the time, whoever it is that has it. */
function rarenessOf(
  { analytic, severity, time }: Signal,
  actor: string,
  { policy, memory, lessons }: Pick<WeighingParts, 'policy' | 'memory' | 'lessons'>,
): { readonly rareness: number; readonly reason: string } {
  if (severity === 'critical') return { rareness: 1, reason: '' };
  const { perDay, exponent, prior } = policy.rareness;
  const attackers = lessons.attackersOf(analytic.id);
  const rate = memory.rateOf(analytic.id, actor, time, { prior, attackers });
  const often = rate >= 1 ? `${Math.round(rate)} times a day` : `every ${Math.round(1 / rate)} days`;
  return { rareness: (1 + rate / perDay) ** -exponent, reason: `somebody here has it about ${often}` };
}

const KIND_WORDS: Readonly<Record<Signal['kind'], string>> = {
  'network-rule': 'a rule over traffic',
  'data-protection': 'data of patients',
  'log-rule': 'a rule over logs',
  'log-search': 'a search in logs',
  model: 'a model found it, no rule',
  anomaly: 'it is unusual, which is not yet an attack',
  decoy: 'nobody has a reason to touch a decoy',
  honeytoken: 'nobody has a reason to use a honeytoken',
  outage: 'a service of care went down while something was detected that concerns it',
  verdict: 'it is a judgement on the state of a device',
};

/** An attempt of somebody outside; whether it came to anything is told by other signals. */
function isFromOutside({ entities }: Signal): boolean {
  return entities.some(({ role, type }) => role === 'actor' && type === 'external');
}

const GRAVITY: readonly PatientSafetyClass[] = ['life-sustaining', 'therapy', 'diagnosis', 'care-support', 'none'];

/** @returns the class of the concerned device whose failure is worst; null where none is known */
function gravestSafety(
  { entities }: Signal,
  safetyOf: (assetId: string) => PatientSafetyClass | null,
): PatientSafetyClass | null {
  const classes = entities.flatMap(({ type, id }) => (type === 'asset' ? (safetyOf(id) ?? []) : []));
  return GRAVITY.find((each) => classes.includes(each)) ?? null;
}
