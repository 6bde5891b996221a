import { type Clock, SphinxError } from '@sphinx/platform';
import { type Course, coursesFor } from '../courses/course.ts';
import { type ExpectedCourses, expectedCourse } from '../courses/expected-courses.ts';
import type { Outcome } from '../courses/learnt.ts';
import type { PlaybookLibrary } from '../playbooks/playbook-library.ts';
import { type Ranking, rank } from '../ranking/rank.ts';
import type { Weights } from '../ranking/weights.ts';
import type { Subject } from '../subjects/subject.ts';
import type { SubjectStore } from '../subjects/subject-store.ts';
import type { Decision, DecisionStore } from './decision-store.ts';

export interface DecisionDeskParts {
  readonly subjects: SubjectStore;
  readonly decisions: DecisionStore;
  readonly library: PlaybookLibrary;
  readonly expected: ExpectedCourses;
  /** What kinds of assets do for patients. */
  readonly functions: ReadonlyMap<string, string>;
  readonly clock: Clock;
}

/** A subject with what can be done about it. */
export interface Advice {
  readonly subject: Subject;
  readonly ranking: Ranking;
  readonly decision: Decision | null;
}

/** Ranks what can be done, and keeps what people chose. */
export class DecisionDesk {
  readonly #parts: DecisionDeskParts;

  constructor(parts: DecisionDeskParts) {
    this.#parts = parts;
  }

  /** Everything open, incidents before weaknesses, with its advice. */
  async all(): Promise<readonly Advice[]> {
    const { subjects, decisions } = this.#parts;
    const making = await this.#making();
    const latest = await decisions.latest();
    return [...(await subjects.incidents()), ...(await subjects.weaknesses())].map((subject) => ({
      subject,
      ranking: this.#rank(subject, making),
      decision: latest.get(subject.id) ?? null,
    }));
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async advise(name: string): Promise<Advice> {
    const subject = await this.#find(name);
    const { items } = await this.#parts.decisions.list({ subject: subject.id, limit: 1 });
    return { subject, ranking: this.#rank(subject, await this.#making()), decision: items[0] ?? null };
  }

  /**
   * Keeps what a person chose, with the list as it was. Carries nothing out.
   *
   * @throws SphinxError SPX_NOT_FOUND for what is not open; SPX_INVALID_INPUT for a course that is not in its list
   */
  async choose(name: string, choice: { course: string; reason: string; by: string }): Promise<Decision> {
    const { subject, ranking } = await this.advise(name);
    const index = ranking.courses.findIndex(({ course }) => course.id === choice.course);
    const chosen = ranking.courses[index]?.course;
    if (chosen === undefined) {
      throw new SphinxError(
        'SPX_INVALID_INPUT',
        `"${choice.course}" is not among what is proposed for ${subject.name}.`,
      );
    }
    return this.#parts.decisions.add({
      subject: subject.id,
      subjectKind: subject.kind,
      subjectName: subject.name,
      subjectTitle: subject.title,
      course: chosen.id,
      courseTitle: chosen.title,
      place: index + 1,
      choices: ranking.courses.map(({ course: { id, title }, points }) => ({ id, title, points })),
      reason: choice.reason,
      by: choice.by,
      at: this.#parts.clock.now(),
    });
  }

  async #find(name: string): Promise<Subject> {
    const subject = await this.#parts.subjects.find(name);
    if (subject !== undefined) return subject;
    throw new SphinxError(
      'SPX_NOT_FOUND',
      `No open incident and no major weakness is called "${name}". "sphinx decide" lists them.`,
    );
  }

  async #making() {
    const { decisions } = this.#parts;
    const { profile } = await decisions.profile();
    return { ...profile, outcomes: await decisions.outcomes() };
  }

  #rank(
    subject: Subject,
    making: {
      weights: Weights;
      beds: Readonly<Record<string, number>>;
      outcomes: ReadonlyMap<string, readonly Outcome[]>;
    },
  ): Ranking {
    const { library, functions, expected } = this.#parts;
    const { weights, beds, outcomes } = making;
    const courses: readonly Course[] = coursesFor(library.list(), {
      subject,
      expected: expectedCourse(subject.situation, expected),
      functions,
      beds,
      outcomes,
    });
    return rank(courses, weights);
  }
}
