import { type Clock, SphinxError } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import type { PlaybookBook } from '../knowledge/playbook-book.ts';
import type { ResponseRecoverySettings } from '../manifest.ts';
import type { RunDesk } from '../runs/run-desk.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { SubjectBook } from './subject-book.ts';

/** A decision that is older was made before this service was there, and is not carried out long after. */
const LATEST_MS = 3_600_000;
/** Actions of a subject that are looked through for the same decision. */
const MOST_RUNS = 100;

/**
 * Plans what a person decided, and begins it where the hospital wants that. A decision is planned once, however often it is told.
 */
export async function planDecision(
  { data, id, time }: Fact<'decision.made'>,
  parts: {
    readonly desk: RunDesk;
    readonly runs: RunStore;
    readonly playbooks: PlaybookBook;
    readonly books: { readonly subjects: SubjectBook };
    readonly settings: ResponseRecoverySettings;
    readonly clock: Clock;
  },
): Promise<void> {
  const { desk, runs, playbooks, books, settings, clock } = parts;
  const { subject, course, variables, by, isSample } = data;
  if (course.playbook === null || clock.now() - time > LATEST_MS) return;
  const { items } = await runs.list({ subject: subject.id, limit: MOST_RUNS });
  if (items.some((run) => run.decision === id)) return;
  try {
    const playbook = playbooks.find(course.playbook.id);
    const known = await books.subjects.find(subject.id);
    const { kind, id: subjectId, name } = subject;
    const person = { name: by, role: null };
    const run = await desk.plan(
      {
        playbook,
        subject: { kind, id: subjectId, name },
        variables,
        attackFrom: known?.attackFrom,
        isDryRun: false,
        isSample,
        isolation: 'as-written',
        undoAfterMinutes: null,
        decision: id,
      },
      person,
    );
    if (settings.startsOnDecision && !isSample) await desk.start(run.id, person);
  } catch (error) {
    // It stays planned, or is not known here: people see the reason on the page, or begin it by hand.
    if (!(error instanceof SphinxError)) throw error;
  }
}
