import type { Reversibility } from '@sphinx/playbooks';
import type { Measure, MeasuresEvaluation } from '@sphinx/schema';
import { careEffect } from '../courses/care-effect.ts';
import {
  CLINICAL_LEAD,
  type Course,
  type CourseMaking,
  effortOf,
  likelihoodOf,
  middle,
  stakeOf,
  UNDOING,
} from '../courses/course.ts';
import type { TouchedAsset } from '../subjects/subject.ts';
import { MEASURE_EFFECTS } from './measure-effects.ts';

type Range = readonly [number, number];
type Option = MeasuresEvaluation['options'][number];

/** The model leaves ways out that nobody has seen: of what it says is averted, so much surely is. */
const SURE_PART = 0.6;
/** Paths rest on what was observed, and on judgement of how well steps work. */
const CONFIDENCE = 0.5;
const ORDER: readonly Reversibility[] = ['at-once', 'within-hours', 'within-days', 'not'];

/**
 * Courses of action that were found by search over the model of risk, with the same criteria as playbooks.
 *
 * @param assets what the inventory knows of the assets that measures are for
 */
export function measureCourses(
  { options }: MeasuresEvaluation,
  assets: ReadonlyMap<string, TouchedAsset>,
  making: CourseMaking,
): readonly Course[] {
  return options.map((option) => courseOf(option, assets, making));
}

function courseOf(
  { measures, reduction, spared }: Option,
  assets: ReadonlyMap<string, TouchedAsset>,
  making: CourseMaking,
): Course {
  const effects = measures.map(({ kind }) => MEASURE_EFFECTS[kind]);
  const care = together(measures, assets, making);
  const stake = stakeOf(making);
  const averted: Range = [reduction * SURE_PART, reduction];
  const minutes: Range = [
    Math.max(...effects.map(({ minutesToEffect: [least] }) => least)),
    Math.max(...effects.map(({ minutesToEffect: [, most] }) => most)),
  ];
  const hours = sum(effects.map(({ workHours }) => workHours));
  const reversibility = ORDER[Math.max(...effects.map((each) => ORDER.indexOf(each.reversibility)))] ?? 'not';
  const risk: Range = [averted[0] * stake, averted[1] * stake];
  const timeliness = 1 / (1 + middle(minutes) / making.expected.halfLifeMinutes);
  return {
    id: idOf(measures),
    title: titleOf(measures),
    description: `Found by search over the ways of attackers: it takes away ${Math.round(reduction * 100)} % of what can be reached from the devices concerned${spared > 0 ? `, and puts ${spared} ${spared === 1 ? 'target' : 'targets'} out of reach` : ''}.`,
    playbook: null,
    measures,
    values: {
      risk: middle(risk),
      care: 1 - Math.min(1, care.disturbance),
      time: timeliness * middle(averted) * stake,
      reversibility: UNDOING[reversibility],
      effort: effortOf(hours),
      confidence: CONFIDENCE,
    },
    likelihoodText: likelihoodOf(making).text,
    riskRange: risk,
    interference: worstInterference(measures),
    care,
    careText: [...new Set(effects.map(({ careText }) => careText))].join(' '),
    careMinutes: sum(effects.map(({ careMinutes }) => careMinutes)),
    minutesToEffect: minutes,
    workHours: hours,
    costEuro: null,
    reversibility,
    approvers: care.endangersLife ? [CLINICAL_LEAD] : [],
    cautions: measures.some(({ kind }) => kind === 'switch-off')
      ? ['See in the care map what stops before something is switched off.']
      : [],
    reasons: [
      'the best of small combinations of patching, segmenting, blocking and switching off, tried on the model of risk',
    ],
    learnt: null,
    basis:
      'What it averts was tried on the attack paths of the risk service, which know what was observed and nothing else; time, work and disturbance are the judgement of the authors.',
    sources: [],
  };
}

/** @returns the same for the same measures, whatever their order */
function idOf(measures: readonly Measure[]): string {
  return `measures:${measures
    .map(({ kind, assetId }) => `${kind}=${assetId}`)
    .toSorted()
    .join('+')}`;
}

function titleOf(measures: readonly Measure[]): string {
  const texts = measures.map(({ kind, assetName }) => `${MEASURE_EFFECTS[kind].verb} ${assetName}`);
  const [first = '', ...rest] = texts;
  return [first, ...rest.map((text) => text.charAt(0).toLowerCase() + text.slice(1))].join(', and ');
}

function together(
  measures: readonly Measure[],
  assets: ReadonlyMap<string, TouchedAsset>,
  { functions, beds }: CourseMaking,
) {
  const all = measures.map(({ kind, assetId, assetName }) => {
    const unknown = { id: assetId, name: assetName, kind: '', safetyClass: null, careArea: '', zone: '', ips: [] };
    return careEffect(MEASURE_EFFECTS[kind].interference, [assets.get(assetId) ?? unknown], functions, beds);
  });
  return {
    // Each disturbs what the others leave.
    disturbance: 1 - all.reduce((left, { disturbance }) => left * (1 - disturbance), 1),
    endangersLife: all.some(({ endangersLife }) => endangersLife),
    areas: all.flatMap(({ areas }) => areas),
    unknownAssets: all.reduce((count, { unknownAssets }) => count + unknownAssets, 0),
  };
}

function worstInterference(measures: readonly Measure[]) {
  const kinds = measures.map(({ kind }) => MEASURE_EFFECTS[kind].interference);
  return (['cut-off', 'restarted', 'restricted'] as const).find((each) => kinds.includes(each)) ?? 'none';
}

function sum(ranges: readonly Range[]): Range {
  return [ranges.reduce((total, [least]) => total + least, 0), ranges.reduce((total, [, most]) => total + most, 0)];
}
