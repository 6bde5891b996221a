import { type ClinicalResponse, type Interference, matchTriggers, type Reversibility } from '@sphinx/playbooks';
import type { Measure, Severity } from '@sphinx/schema';
import type { LibraryPlaybook } from '../playbooks/playbook-library.ts';
import type { Criterion } from '../ranking/weights.ts';
import type { SubjectRisk } from '../subjects/risk-book.ts';
import type { Subject } from '../subjects/subject.ts';
import { type CareEffect, careEffect } from './care-effect.ts';
import type { ExpectedCourse } from './expected-courses.ts';
import { type LearntEffects, learn, type Outcome } from './learnt.ts';

/** Id of the course that is always in the list. */
export const NOTHING = 'nothing';

/** How much harm is at stake, as part of the worst. Judgement of the authors. */
const STAKES: Readonly<Record<Severity, number>> = {
  informational: 0.05,
  low: 0.2,
  medium: 0.45,
  high: 0.75,
  critical: 1,
};
export const UNDOING: Readonly<Record<Reversibility, number>> = {
  'at-once': 1,
  'within-hours': 0.8,
  'within-days': 0.4,
  not: 0,
};
/** Hours of work that use all of the criterion's worth up. */
const MOST_HOURS = 2000;
/** Least part of its effect that a playbook is trusted with whose trigger hardly says anything of the situation. */
const LEAST_FIT = 0.6;
const HALF_FIT_SPECIFICITY = 3;
export const CLINICAL_LEAD = 'Clinical lead on duty';

type Range = readonly [number, number];

/** Something that can be done, with all that a person weighs. */
export interface Course {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly playbook: string | null;
  /** Of a course that was found by search; empty for others. */
  readonly measures: readonly Measure[];
  /** 0 to 1 for each criterion, the more the better. */
  readonly values: Readonly<Record<Criterion, number>>;
  /** How likely the harm is without it, and who says so. */
  readonly likelihoodText: string;
  /** Value of `risk` when least, and when most, of the effect comes true. */
  readonly riskRange: Range;
  readonly interference: Interference;
  readonly care: CareEffect;
  readonly careText: string;
  readonly careMinutes: Range | null;
  readonly minutesToEffect: Range | null;
  readonly workHours: Range;
  readonly costEuro: Range | null;
  readonly reversibility: Reversibility;
  readonly approvers: readonly string[];
  readonly cautions: readonly string[];
  /** Why it is proposed. */
  readonly reasons: readonly string[];
  readonly learnt: LearntEffects | null;
  readonly basis: string;
  readonly sources: readonly { readonly name: string; readonly url: string | null }[];
}

/** What courses of action are made from. */
export interface CourseMaking {
  readonly subject: Subject;
  readonly expected: ExpectedCourse;
  /** What the risk service says; null where it said nothing. */
  readonly risk: SubjectRisk | null;
  readonly functions: ReadonlyMap<string, string>;
  readonly beds: Readonly<Record<string, number>>;
  /** What happened before, by playbook. */
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/** @returns every course that fits, "do nothing" among them, in no order */
export function coursesFor(playbooks: readonly LibraryPlaybook[], making: CourseMaking): readonly Course[] {
  return [doNothing(making), ...playbooks.flatMap((item) => courseOf(item, making) ?? [])];
}

/** The attack, or the weakness, takes its course. */
export function doNothing(making: CourseMaking): Course {
  const { subject, expected } = making;
  const [low, high] = expected.worsening.map((chance) => Math.round(chance * 100));
  return {
    id: NOTHING,
    title: 'Do nothing',
    description: `${expected.expect} The chance that it is clearly worse within ${hoursText(expected.hours)} is put at ${low} to ${high} %.`,
    playbook: null,
    measures: [],
    values: { risk: 0, care: 1, time: 0, reversibility: 1, effort: 1, confidence: 0.7 },
    likelihoodText: likelihoodOf(making).text,
    riskRange: [0, 0],
    interference: 'none',
    care: { disturbance: 0, endangersLife: false, areas: [], unknownAssets: 0 },
    careText: `Nobody disturbs care; ${subject.kind === 'incident' ? 'the attack may' : 'an attack may, later'}.`,
    careMinutes: [0, 0],
    minutesToEffect: null,
    workHours: [0, 0],
    costEuro: [0, 0],
    reversibility: 'at-once',
    approvers: [],
    cautions: [],
    reasons: ['always in the list, so that acting has something to be better than'],
    learnt: null,
    basis: 'Judgement of the authors from the sources named; not measured.',
    sources: expected.sources.map(({ title, url }) => ({ name: title, url })),
  };
}

function courseOf(item: LibraryPlaybook, making: CourseMaking): Course | undefined {
  const { playbook, response } = item;
  const { subject, expected, functions, beds, outcomes } = making;
  if (response === undefined || playbook.revoked === true) return undefined;
  const match = matchTriggers(response.triggers, subject.situation);
  if (match === undefined) return undefined;
  const { effects } = response;
  const learnt = learn(effects, outcomes.get(playbook.id) ?? []);
  const care = careEffect(effects.interference, subject.assets, functions, beds);
  const fit = LEAST_FIT + (1 - LEAST_FIT) * (match.specificity / (match.specificity + HALF_FIT_SPECIFICITY));
  const stake = stakeOf(making);
  const [least, most] = learnt.riskReduction;
  const risk: Range = [least * fit * stake, most * fit * stake];
  const timeliness = 1 / (1 + middle(effects.minutes_to_effect) / expected.halfLifeMinutes);
  return {
    id: playbook.id,
    title: playbook.name,
    description: playbook.description ?? '',
    playbook: playbook.id,
    measures: [],
    values: {
      risk: middle(risk),
      care: 1 - clamp(care.disturbance + learnt.careShift),
      // What does not work is not worth more for being quick.
      time: timeliness * middle(learnt.riskReduction) * stake,
      reversibility: UNDOING[effects.reversibility],
      effort: effortOf(effects.work_hours),
      confidence: learnt.confidence * fit,
    },
    likelihoodText: likelihoodOf(making).text,
    riskRange: risk,
    interference: effects.interference,
    care,
    careText: effects.care_effect,
    careMinutes: effects.care_minutes ?? null,
    minutesToEffect: effects.minutes_to_effect,
    workHours: effects.work_hours,
    costEuro: effects.cost_euro ?? null,
    reversibility: effects.reversibility,
    approvers: approversOf(response, care),
    cautions: response.clinical_cautions,
    reasons: match.reasons,
    learnt: learnt.cases === 0 ? null : learnt,
    basis: effects.basis,
    sources: (playbook.external_references ?? []).map(({ name, url }) => ({ name, url: url ?? null })),
  };
}

/** How much can be averted, as part of the worst: what is not likely to get worse is not worth as much trouble. */
export function stakeOf(making: CourseMaking): number {
  return STAKES[making.subject.severity] * likelihoodOf(making).chance;
}

/** @param hours of work @returns 1 for none */
export function effortOf(hours: Range): number {
  return 1 - clamp(Math.log1p(middle(hours)) / Math.log1p(MOST_HOURS));
}

/** The risk service has more to go by than the general chances of `knowledge/decision-support`, which stand in for it. */
export function likelihoodOf({ expected, risk }: CourseMaking): { readonly chance: number; readonly text: string } {
  if (risk === null) {
    const [low, high] = expected.worsening.map((chance) => Math.round(chance * 100));
    const text = `${low} to ${high} % within ${hoursText(expected.hours)}: general judgement, the risk service told nothing of these devices.`;
    return { chance: middle(expected.worsening), text };
  }
  const { name, probability, horizonDays, reason } = risk;
  const because = reason === '' ? '' : ` (${reason})`;
  const text = `${chanceText(probability)} within ${horizonDays} days: what the risk service reckons for ${name}${because}.`;
  return { chance: probability, text };
}

function chanceText(probability: number): string {
  const percent = probability * 100;
  return percent < 1 ? `${percent.toPrecision(1)} %` : `${Math.min(99, Math.round(percent))} %`;
}

function approversOf({ approvers }: ClinicalResponse, { endangersLife }: CareEffect): readonly string[] {
  return endangersLife && !approvers.includes(CLINICAL_LEAD) ? [CLINICAL_LEAD, ...approvers] : approvers;
}

function hoursText(hours: number): string {
  return hours < 48 ? `${hours} ${hours === 1 ? 'hour' : 'hours'}` : `${Math.round(hours / 24)} days`;
}

export function middle([low, high]: Range): number {
  return (low + high) / 2;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
