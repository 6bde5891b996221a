import type {
  CourseItem,
  DecisionItem,
  LessonItem,
  ProfileView,
  SubjectDetail,
  SubjectItem,
} from '@sphinx/service-decision-support';
import { printable, renderTable } from './table.ts';

/** What is to be decided on, as a table. */
export function subjectTable(subjects: readonly SubjectItem[]): string {
  return renderTable(subjects, [
    { title: 'What', value: ({ name }) => printable(name) },
    { title: 'Severity', value: ({ severity }) => severity },
    { title: 'Title', value: ({ title }) => printable(title) },
    { title: 'Comes first', value: ({ first }) => printable(first.title) },
    { title: 'Points', value: ({ first }) => String(first.points), align: 'right' },
    { title: 'Chosen', value: ({ decision }) => printable(decision?.courseTitle ?? '') },
  ]);
}

/** A ranking in words. @param most courses that are told in full; the others as a line */
export function adviceText(
  { name, title, verdict, evidence, courses, tippings, decision }: SubjectDetail,
  most: number,
): string {
  const full = courses.slice(0, most);
  const nothing = courses.findIndex(({ id }) => id === 'nothing');
  const rest = courses.slice(most);
  const lines = [
    `${name}: ${title}`,
    ...evidence.map((text) => `  ${text}`),
    '',
    verdict,
    ...(decision === null
      ? []
      : [`Chosen by ${decision.by}: ${decision.courseTitle}${decision.reason === '' ? '' : ` (${decision.reason})`}`]),
    ...full.flatMap((course, index) => ['', ...courseLines(course, index + 1)]),
    ...(nothing >= most ? ['', ...courseLines(courses[nothing] as CourseItem, nothing + 1)] : []),
    ...(rest.length === 0
      ? []
      : [
          '',
          'Further down',
          ...rest.map(({ title: name, points }, index) => `  ${most + index + 1}. ${name} (${points})`),
        ]),
    ...(tippings.length === 0 ? [] : ['', 'What would change the order']),
    ...tippings.map(
      ({ title: criterion, from, to, course }) =>
        `  "${criterion}" at ${to} instead of ${from}: "${course}" would be level`,
    ),
  ];
  return lines.map(printable).join('\n');
}

function courseLines(course: CourseItem, place: number): readonly string[] {
  const {
    title,
    points,
    range,
    explanation,
    careText,
    careAreas,
    minutesToEffect,
    workHours,
    costEuro,
    reversibility,
  } = course;
  const areas = careAreas.map(
    ({ careArea, beds, devices, functions }) =>
      `${careArea === 'unknown' ? 'care area unknown' : careArea}: ${devices} ${devices === 1 ? 'device' : 'devices'}, beds ${beds ?? 'unknown'}${functions.length === 0 ? '' : `; ${functions.join('; ').toLowerCase()}`}`,
  );
  return [
    `${place}. ${title}: ${points} points (${rangeText(range)})`,
    `   ${course.description}`,
    ...explanation.map((text) => `   ${text}`),
    `   Why proposed: ${course.reasons.join('; ')}`,
    `   How likely without it: ${course.likelihoodText}`,
    `   Care: ${careText} Disturbed for ${course.careMinutes === null ? 'unknown' : `${rangeText(course.careMinutes)} minutes`}.`,
    ...areas.map((text) => `     ${text}`),
    `   Works after ${minutesToEffect === null ? 'never' : `${rangeText(minutesToEffect)} minutes`}; work ${rangeText(workHours)} hours; cost beyond work ${costEuro === null ? 'unknown' : `${rangeText(costEuro)} euro`}; can be undone: ${reversibility.replaceAll('-', ' ')}`,
    ...(course.approvers.length === 0 ? [] : [`   Must agree: ${course.approvers.join(', ')}`]),
    ...course.cautions.map((text) => `   Caution: ${text}`),
    ...course.variables
      .filter(({ isConstant }) => !isConstant)
      .map(({ name, value, description }) => `   ${name}: ${value ?? 'to be said with --set'} (${description})`),
    ...(course.id === 'nothing' ? [] : [`   Choose it: sphinx decide choose … ${course.id}`]),
  ];
}

/** What people chose, as a table. */
export function decisionTable(decisions: readonly DecisionItem[]): string {
  return renderTable(decisions, [
    { title: 'Id', value: ({ id }) => String(id), align: 'right' },
    { title: 'When', value: ({ at }) => new Date(at).toISOString().slice(0, 16).replace('T', ' ') },
    { title: 'What', value: ({ subjectName }) => printable(subjectName) },
    { title: 'Chosen', value: ({ courseTitle }) => printable(courseTitle) },
    { title: 'Place', value: ({ place, choices }) => `${place} of ${choices.length}` },
    { title: 'By', value: ({ by }) => printable(by) },
    { title: 'Outcome', value: ({ outcome }) => (outcome === null ? 'not told' : outcome.result) },
  ]);
}

/** What outcomes taught, as a table. */
export function lessonTable(lessons: readonly LessonItem[]): string {
  const percent = ([low, high]: readonly [number, number]) => `${Math.round(low * 100)}–${Math.round(high * 100)} %`;
  return renderTable(lessons, [
    { title: 'Playbook', value: ({ title }) => printable(title) },
    { title: 'Cases', value: ({ cases }) => String(cases), align: 'right' },
    { title: 'Worked', value: ({ worked }) => String(worked), align: 'right' },
    { title: 'Averts, as judged', value: ({ stated }) => percent(stated) },
    { title: 'As learnt', value: ({ learnt }) => percent(learnt) },
  ]);
}

/** Weights and beds. */
export function profileText({ profile: { weights, beds }, by, at }: ProfileView): string {
  const origin =
    by === null || at === null
      ? 'As SPHINX brings them.'
      : `Stated by ${by}, ${new Date(at).toISOString().slice(0, 10)}.`;
  const lines = [
    ...Object.entries(weights).map(([criterion, weight]) => `${criterion.padEnd(14)} ${weight}`),
    ...Object.entries(beds).map(([area, count]) => `beds of ${area}: ${count}`),
    origin,
  ];
  return lines.map(printable).join('\n');
}

function rangeText([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${low} to ${high}`;
}
