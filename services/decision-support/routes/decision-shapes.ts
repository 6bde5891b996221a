import { Interference, Reversibility } from '@sphinx/playbooks';
import { Measure, PatientSafetyClass, Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { CourseVariable } from '../decisions/course-variables.ts';
import type { Advice, DetailedAdvice } from '../decisions/decision-desk.ts';
import type { Decision } from '../decisions/decision-store.ts';
import type { RankedCourse } from '../ranking/rank.ts';
import { CRITERIA, DecisionProfile } from '../ranking/weights.ts';

const Range = z.tuple([z.number(), z.number()]).meta({ description: 'From least to most' });
const Criterion = z.enum(CRITERIA);
const Result = z.enum(['worked', 'partly', 'failed']);
const Care = z.enum(['less', 'as-expected', 'more']);

export const OutcomeBody = z.object({
  result: Result.meta({ description: 'Whether it averted what it should' }),
  care: Care.default('as-expected').meta({ description: 'What care noticed, against what was expected' }),
  note: z.string().max(2000).default('').meta({ description: 'Without data of patients' }),
});

export const DecisionItem = z
  .object({
    id: z.int(),
    subject: z.string(),
    subjectKind: z.enum(['incident', 'weakness']),
    subjectName: z.string(),
    subjectTitle: z.string(),
    course: z.string(),
    courseTitle: z.string(),
    place: z.int().meta({ description: 'Place in the list when it was chosen' }),
    choices: z.array(z.object({ id: z.string(), title: z.string(), points: z.number() })),
    variables: z.record(z.string(), z.string()),
    reason: z.string(),
    by: z.string(),
    at: z.number(),
    outcome: OutcomeBody.extend({ by: z.string(), at: z.number() }).nullable(),
  })
  .meta({ id: 'Decision' });
export type DecisionItem = z.infer<typeof DecisionItem>;

const CourseItem = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    playbook: z
      .string()
      .nullable()
      .meta({ description: 'Id of the playbook; null for doing nothing and for what was found by search' }),
    measures: z.array(Measure).meta({ description: 'Of a course that was found by search over the model of risk' }),
    points: z.number().meta({ description: '0 to 100' }),
    range: Range,
    isPutBack: z.boolean().meta({ description: 'Endangers life: stands after all that does not' }),
    contributions: z.array(
      z.object({ criterion: Criterion, title: z.string(), value: z.number(), weight: z.number(), points: z.number() }),
    ),
    explanation: z.array(z.string()),
    riskReduction: Range.meta({ description: 'Part of the worst harm that is averted here' }),
    likelihoodText: z.string().meta({ description: 'How likely the harm is without it, and who says so' }),
    interference: Interference,
    careText: z.string(),
    careMinutes: Range.nullable(),
    careAreas: z.array(
      z.object({
        careArea: z.string(),
        beds: z.int().nullable().meta({ description: 'null: unknown' }),
        devices: z.int(),
        functions: z.array(z.string()),
        names: z.array(z.string()),
      }),
    ),
    minutesToEffect: Range.nullable(),
    workHours: Range,
    costEuro: Range.nullable().meta({ description: 'Beyond work; null: unknown' }),
    reversibility: Reversibility,
    approvers: z.array(z.string()),
    cautions: z.array(z.string()),
    reasons: z.array(z.string()),
    learnt: z.object({ cases: z.int(), worked: z.int() }).nullable(),
    basis: z.string(),
    sources: z.array(z.object({ name: z.string(), url: z.string().nullable() })),
    variables: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        description: z.string(),
        value: z.string().nullable().meta({ description: 'As it is without more ado; null: to be said by a person' }),
        isConstant: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'CourseOfAction' });
export type CourseItem = z.infer<typeof CourseItem>;

const SUBJECT = {
  id: z.string(),
  kind: z.enum(['incident', 'weakness']),
  name: z.string().meta({ description: 'INC-12, CVE-2019-0708' }),
  title: z.string(),
  severity: Severity,
  clinicalImpact: z.string(),
  assetCount: z.int(),
  lastSeen: z.number(),
  isSample: z.boolean(),
};

export const SubjectItem = z
  .object({
    ...SUBJECT,
    courseCount: z.int(),
    first: z.object({ id: z.string(), title: z.string(), points: z.number() }),
    verdict: z.string(),
    decision: DecisionItem.nullable(),
  })
  .meta({ id: 'DecisionSubject' });
export type SubjectItem = z.infer<typeof SubjectItem>;

export const SubjectDetail = z
  .object({
    ...SUBJECT,
    assets: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.string(),
        safetyClass: PatientSafetyClass.nullable(),
        careArea: z.string(),
        zone: z.string(),
      }),
    ),
    evidence: z.array(z.string()),
    verdict: z.string(),
    tippings: z
      .array(
        z.object({ criterion: Criterion, title: z.string(), from: z.number(), to: z.number(), course: z.string() }),
      )
      .meta({ description: 'Changes of one weight that would put another course first' }),
    courses: z.array(CourseItem),
    searchNote: z.string().meta({ description: 'Why the search over the model found nothing; empty where it did' }),
    decision: DecisionItem.nullable(),
  })
  .meta({ id: 'DecisionAdvice' });
export type SubjectDetail = z.infer<typeof SubjectDetail>;

export const ProfileView = z.object({
  profile: DecisionProfile,
  by: z.string().nullable().meta({ description: 'null: as SPHINX brings it' }),
  at: z.number().nullable(),
  version: z.int().meta({ description: 'Changes so far' }),
});
export type ProfileView = z.infer<typeof ProfileView>;

export const LessonItem = z
  .object({
    course: z.string(),
    title: z.string(),
    cases: z.int(),
    worked: z.int(),
    partly: z.int(),
    failed: z.int(),
    stated: Range.meta({ description: 'Part of the harm averted, as its author judges it' }),
    learnt: Range.meta({ description: 'The same, corrected by what happened here' }),
  })
  .meta({ id: 'DecisionLesson' });
export type LessonItem = z.infer<typeof LessonItem>;

/** @returns an advice as the list shows it */
export function subjectItemOf({ subject, ranking, decision }: Advice): SubjectItem {
  const first = ranking.courses[0];
  return {
    ...subjectFields(subject),
    courseCount: ranking.courses.length,
    first: { id: first?.course.id ?? '', title: first?.course.title ?? '', points: first?.points ?? 0 },
    verdict: ranking.verdict,
    decision: decision === null ? null : decisionItemOf(decision),
  };
}

/** @returns an advice with all that a person weighs */
export function subjectDetailOf({ subject, ranking, decision, variables, searchNote }: DetailedAdvice): SubjectDetail {
  return {
    ...subjectFields(subject),
    assets: subject.assets.map(({ ips: _ips, ...asset }) => asset),
    evidence: [...subject.evidence],
    verdict: ranking.verdict,
    tippings: ranking.tippings.map((tipping) => ({ ...tipping })),
    courses: ranking.courses.map((each) => courseItemOf(each, variables.get(each.course.id) ?? [])),
    searchNote,
    decision: decision === null ? null : decisionItemOf(decision),
  };
}

export function decisionItemOf(decision: Decision): DecisionItem {
  // Decisions of an earlier version have no variables.
  const variables = { ...(decision.variables ?? {}) };
  return { ...decision, variables, choices: decision.choices.map((choice) => ({ ...choice })) };
}

function subjectFields({
  id,
  kind,
  name,
  title,
  severity,
  clinicalImpact,
  assetCount,
  lastSeen,
  isSample,
}: Advice['subject']) {
  return { id, kind, name, title, severity, clinicalImpact, assetCount, lastSeen, isSample };
}

function courseItemOf(
  { course, points, range, contributions, explanation, isPutBack }: RankedCourse,
  variables: readonly CourseVariable[],
): CourseItem {
  const { values: _values, riskRange, care, learnt, ...told } = course;
  const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];
  return {
    ...told,
    points,
    range: pair(range),
    isPutBack,
    contributions: contributions.map((each) => ({ ...each })),
    explanation: [...explanation],
    riskReduction: pair(riskRange),
    careMinutes: told.careMinutes === null ? null : pair(told.careMinutes),
    careAreas: care.areas.map((area) => ({ ...area, functions: [...area.functions], names: [...area.names] })),
    minutesToEffect: told.minutesToEffect === null ? null : pair(told.minutesToEffect),
    workHours: pair(told.workHours),
    costEuro: told.costEuro === null ? null : pair(told.costEuro),
    approvers: [...told.approvers],
    cautions: [...told.cautions],
    reasons: [...told.reasons],
    learnt: learnt === null ? null : { cases: learnt.cases, worked: learnt.worked },
    sources: told.sources.map((source) => ({ ...source })),
    measures: told.measures.map((measure) => ({ ...measure })),
    variables: variables.map((variable) => ({ ...variable })),
  };
}
