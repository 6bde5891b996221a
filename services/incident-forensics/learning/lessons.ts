import type { IncidentVerdict } from '@sphinx/schema';

/** What a closing says of one analytic and one actor of the incident. */
export interface Lesson {
  readonly id: string;
  readonly incident: string;
  readonly analytic: string;
  readonly title: string;
  /** Key of the entity. */
  readonly actor: string;
  readonly actorName: string;
  /** It was an attack; otherwise it was nothing, or allowed. */
  readonly wasTrue: boolean;
  readonly by: string;
  readonly time: number;
}

/** What the lessons make of a signal. */
export interface LearntFactor {
  readonly factor: number;
  /** In words; empty where nothing was learnt. */
  readonly reason: string;
}

interface LearningPolicy {
  readonly sameActor: number;
  readonly everywhere: number;
  readonly closingsForEverywhere: number;
  readonly confirmed: number;
}

const NOTHING: LearntFactor = { factor: 1, reason: '' };

/** @returns whether a closing teaches, and what; exercises and duplicates do not */
export function taughtBy(verdict: IncidentVerdict): boolean | undefined {
  if (verdict === 'true') return true;
  return verdict === 'false' || verdict === 'benign' ? false : undefined;
}

/** What people taught by closing incidents. The last that was said of an analytic and an actor stands. */
export class Lessons {
  readonly #policy: LearningPolicy;
  readonly #byAnalytic = new Map<string, Map<string, Lesson>>();

  constructor(policy: LearningPolicy) {
    this.#policy = policy;
  }

  learn(lesson: Lesson): void {
    const actors = this.#byAnalytic.get(lesson.analytic) ?? new Map<string, Lesson>();
    const known = actors.get(lesson.actor);
    if (known !== undefined && known.time > lesson.time) return;
    this.#byAnalytic.set(lesson.analytic, actors.set(lesson.actor, lesson));
  }

  forget({ analytic, actor }: Pick<Lesson, 'analytic' | 'actor'>): void {
    this.#byAnalytic.get(analytic)?.delete(actor);
  }

  clear(): void {
    this.#byAnalytic.clear();
  }

  /** @returns keys of those whose alerts of this analytic were found to be of an attack */
  attackersOf(analytic: string): readonly string[] {
    return [...(this.#byAnalytic.get(analytic)?.values() ?? [])].flatMap(({ wasTrue, actor }) =>
      wasTrue ? actor : [],
    );
  }

  of(analytic: string, actor: string): LearntFactor {
    const actors = this.#byAnalytic.get(analytic);
    if (actors === undefined) return NOTHING;
    const lesson = actors.get(actor);
    if (lesson?.wasTrue === true) {
      return { factor: this.#policy.confirmed, reason: `it was an attack before (${lesson.incident})` };
    }
    if (lesson !== undefined) {
      return { factor: this.#policy.sameActor, reason: `${lesson.by} said of ${lesson.incident} that it is harmless` };
    }
    const all = [...actors.values()];
    const harmless = all.filter(({ wasTrue }) => !wasTrue).length;
    if (harmless < this.#policy.closingsForEverywhere || harmless < all.length) return NOTHING;
    return { factor: this.#policy.everywhere, reason: `it was harmless at ${harmless} others, and never an attack` };
  }
}
