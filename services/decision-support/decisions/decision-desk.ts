import { createHash } from 'node:crypto';
import { type Clock, type Outbox, SphinxError } from '@sphinx/platform';
import { canonicalPlaybook } from '@sphinx/playbooks';
import { createFact, type DecisionMade, type Fact } from '@sphinx/schema';
import { type Course, coursesFor } from '../courses/course.ts';
import { type ExpectedCourses, expectedCourse } from '../courses/expected-courses.ts';
import type { Outcome } from '../courses/learnt.ts';
import type { MeasureBook } from '../measures/measure-book.ts';
import { measureCourses } from '../measures/measure-courses.ts';
import type { PlaybookLibrary } from '../playbooks/playbook-library.ts';
import { type Ranking, rank } from '../ranking/rank.ts';
import type { Weights } from '../ranking/weights.ts';
import type { RiskBook } from '../subjects/risk-book.ts';
import type { Subject, TouchedAsset } from '../subjects/subject.ts';
import type { SubjectStore } from '../subjects/subject-store.ts';
import { type CourseVariable, settledVariables, variablesOf } from './course-variables.ts';
import type { Decision, DecisionStore } from './decision-store.ts';

export interface DecisionDeskParts {
  readonly subjects: SubjectStore;
  readonly decisions: DecisionStore;
  readonly library: PlaybookLibrary;
  readonly risks: RiskBook;
  readonly measures: MeasureBook;
  readonly outbox: Outbox;
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

/** What a person says when choosing. */
export interface Choosing {
  readonly course: string;
  readonly reason: string;
  readonly by: string;
  /** Values of variables that the course asks for, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What a page about one subject tells besides. */
export interface DetailedAdvice extends Advice {
  /** What each course asks for, by its id. */
  readonly variables: ReadonlyMap<string, readonly CourseVariable[]>;
  /** What the search over the model of risk says; empty where it found courses. */
  readonly searchNote: string;
}

const SERVICE = 'decision-support';

/** Ranks what can be done, and keeps what people chose. */
export class DecisionDesk {
  readonly #parts: DecisionDeskParts;
  /** Rankings of the list, with what they were made from. */
  readonly #ranked = new Map<string, { readonly subject: Subject; readonly from: string; readonly ranking: Ranking }>();
  #revision = 0;

  constructor(parts: DecisionDeskParts) {
    this.#parts = parts;
  }

  /** Weights, beds, outcomes or playbooks are others: everything is ranked anew. */
  changed(): void {
    this.#revision += 1;
    this.#ranked.clear();
  }

  /** Everything open, incidents before weaknesses, with its advice. */
  async all(): Promise<readonly Advice[]> {
    const { subjects, decisions } = this.#parts;
    const making = await this.#making();
    const latest = await decisions.latest();
    const all = [...(await subjects.incidents()), ...(await subjects.weaknesses())];
    const measured = await this.#measured(all);
    const ids = new Set(all.map(({ id }) => id));
    for (const id of this.#ranked.keys()) if (!ids.has(id)) this.#ranked.delete(id);
    return all.map((subject) => ({
      subject,
      ranking: this.#rankedOf(subject, () => this.#rank(subject, making, measured)),
      decision: latest.get(subject.id) ?? null,
    }));
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async advise(name: string): Promise<DetailedAdvice> {
    const subject = await this.#find(name);
    const { items } = await this.#parts.decisions.list({ subject: subject.id, limit: 1 });
    await this.#parts.measures.want(subject);
    const ranking = this.#rank(subject, await this.#making(), await this.#measured([subject]));
    const assets = await this.#parts.subjects.assets(subject.assets.map(({ id }) => id));
    const variables = new Map(
      ranking.courses.flatMap(({ course: { id, playbook } }) =>
        playbook === null
          ? []
          : [[id, variablesOf(this.#parts.library.get(playbook).playbook, subject, [...assets.values()])]],
      ),
    );
    const found = this.#parts.measures.of(subject);
    const searchNote = found === undefined ? 'The search over the model of risk has not answered yet.' : found.note;
    return { subject, ranking, decision: items[0] ?? null, variables, searchNote };
  }

  /**
   * Keeps what a person chose, with the list as it was, and tells the house (`decision.made`). Carries nothing out.
   *
   * @throws SphinxError SPX_NOT_FOUND for what is not open; SPX_INVALID_INPUT for a course that is not in its list, or a variable
   * that it does not ask for
   */
  async choose(name: string, choice: Choosing): Promise<Decision> {
    const { subject, ranking, variables } = await this.advise(name);
    const index = ranking.courses.findIndex(({ course }) => course.id === choice.course);
    const chosen = ranking.courses[index]?.course;
    if (chosen === undefined) {
      throw new SphinxError(
        'SPX_INVALID_INPUT',
        `"${choice.course}" is not among what is proposed for ${subject.name}.`,
      );
    }
    const { clock, decisions, outbox } = this.#parts;
    const settled = settledVariables(variables.get(chosen.id) ?? [], choice.variables);
    const decision = {
      subject: subject.id,
      subjectKind: subject.kind,
      subjectName: subject.name,
      subjectTitle: subject.title,
      course: chosen.id,
      courseTitle: chosen.title,
      place: index + 1,
      choices: ranking.courses.map(({ course: { id, title }, points }) => ({ id, title, points })),
      variables: settled,
      reason: choice.reason,
      by: choice.by,
      at: clock.now(),
    };
    const fact = await this.#factOf(subject, chosen, decision);
    const kept = await decisions.add(decision, (id, sql) => outbox.note([fact(id)], sql));
    await outbox.publish();
    return kept;
  }

  async #factOf(
    subject: Subject,
    course: Course,
    decision: Omit<Decision, 'id' | 'outcome'>,
  ): Promise<(decisionId: number) => Fact> {
    const assets = await this.#parts.subjects.touched(subject);
    const playbook = course.playbook === null ? null : this.#parts.library.get(course.playbook).playbook;
    const data: Omit<DecisionMade, 'decisionId'> = {
      subject: { kind: subject.kind, id: subject.id, name: subject.name, title: subject.title },
      course: {
        id: course.id,
        title: course.title,
        playbook:
          playbook === null
            ? null
            : {
                id: playbook.id,
                version: playbook.modified,
                digest: createHash('sha256').update(canonicalPlaybook(playbook)).digest('hex'),
              },
        ...(course.measures.length === 0 ? {} : { measures: course.measures.map((measure) => ({ ...measure })) }),
      },
      variables: { ...decision.variables },
      assets: assets.map(({ id, safetyClass, ips, ...rest }) => ({
        ...rest,
        assetId: id,
        ips: [...ips],
        patientSafetyClass: safetyClass,
      })),
      approvers: [...course.approvers],
      reason: decision.reason,
      by: decision.by,
      at: decision.at,
      isSample: subject.isSample,
    };
    return (decisionId) =>
      createFact('decision.made', {
        key: subject.id,
        time: decision.at,
        source: SERVICE,
        data: { decisionId, ...data },
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

  /** A ranking is made anew only where something is different that it was made from. */
  #rankedOf(subject: Subject, make: () => Ranking): Ranking {
    const { risks, measures, subjects } = this.#parts;
    const found = measures.of(subject);
    const assets = found === undefined ? '' : subjects.assetRevision;
    const risk = risks.of(subject);
    const from = `${this.#revision}|${risk?.probability ?? ''}|${risk?.reason ?? ''}|${found?.evaluatedAt ?? ''}|${assets}`;
    const known = this.#ranked.get(subject.id);
    if (known !== undefined && known.subject === subject && known.from === from) return known.ranking;
    const ranking = make();
    this.#ranked.set(subject.id, { subject, from, ranking });
    return ranking;
  }

  /** What the inventory knows of assets that measures are for, in one question for all. */
  async #measured(all: readonly Subject[]): Promise<ReadonlyMap<string, TouchedAsset>> {
    const { measures, subjects } = this.#parts;
    const ids = all.flatMap(
      (subject) =>
        measures.of(subject)?.options.flatMap((option) => option.measures.map(({ assetId }) => assetId)) ?? [],
    );
    return ids.length === 0 ? new Map() : subjects.assets([...new Set(ids)]);
  }

  #rank(
    subject: Subject,
    making: {
      weights: Weights;
      beds: Readonly<Record<string, number>>;
      outcomes: ReadonlyMap<string, readonly Outcome[]>;
    },
    measured: ReadonlyMap<string, TouchedAsset>,
  ): Ranking {
    const { library, functions, expected, risks, measures } = this.#parts;
    const { weights, beds, outcomes } = making;
    const courseMaking = {
      subject,
      expected: expectedCourse(subject.situation, expected),
      risk: risks.of(subject),
      functions,
      beds,
      outcomes,
    };
    const found = measures.of(subject);
    const courses: readonly Course[] = [
      ...coursesFor(library.list(), courseMaking),
      ...(found === undefined ? [] : measureCourses(found, measured, courseMaking)),
    ];
    return rank(courses, weights);
  }
}
