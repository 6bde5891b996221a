import { SphinxError } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { Bell } from '../runs/bell.ts';
import type { Documents } from '../runs/documents.ts';
import type { Journal } from '../runs/journal.ts';
import type { Person, Run } from '../runs/run.ts';
import type { RunStore } from '../runs/run-store.ts';
import { type Approval, agree, dueNext, escalate, partFor, partsFor } from './approval.ts';

/** What is asked, before it is known who has to answer. */
export type Question = Pick<
  Approval,
  'id' | 'actionId' | 'title' | 'reasons' | 'effects' | 'careLoss' | 'keys' | 'milder'
> & { readonly groups: readonly string[] };

/** Asks people, waits for them, and keeps what they said. */
export class ApprovalDesk {
  readonly #parts: {
    readonly approvals: Documents<Approval>;
    readonly runs: RunStore;
    readonly journal: Journal;
    readonly bell: Bell;
    readonly policy: ResponsePolicy;
  };

  constructor(parts: {
    readonly approvals: Documents<Approval>;
    readonly runs: RunStore;
    readonly journal: Journal;
    readonly bell: Bell;
    readonly policy: ResponsePolicy;
  }) {
    this.#parts = parts;
  }

  /** Asks, unless it was asked before. Nobody is asked twice, also after a restart. */
  async ask(run: Run, { groups, ...question }: Question): Promise<Approval> {
    const { approvals, journal, policy, runs } = this.#parts;
    const known = await approvals.get(question.id);
    if (known !== undefined) return known;
    const now = journal.now();
    const parts = partsFor(groups, policy, run.askedBy, now);
    const isWhole = parts.every(({ agreedBy }) => agreedBy !== null);
    const approval: Approval = {
      ...question,
      runId: run.id,
      askedBy: run.askedBy,
      askedAt: now,
      state: isWhole ? 'approved' : 'open',
      endedAt: isWhole ? now : null,
      endedBy: isWhole ? run.askedBy.name : null,
      note: '',
      parts,
      escalations: [],
    };
    const asked = parts.filter(({ agreedBy }) => agreedBy === null).map(({ title }) => title);
    await journal.record(async (sql) => {
      await approvals.save(approval, sql);
      if (isWhole) await runs.change(run.id, (each) => covered(each, approval, each.isolation), sql);
      const summary = isWhole
        ? `${run.askedBy.name} may agree to it and asked for it: ${approval.title}`
        : `${approval.title}: waits for ${asked.join(' and ')}. ${approval.reasons.join(' ')}`;
      return [
        journal.fact(isWhole ? 'response.approved' : 'response.approval-asked', run, { by: run.askedBy.name, summary }),
      ];
    });
    return approval;
  }

  /** Resolves when people agreed, refused, or did not answer in time. */
  async closed(id: string, signal: AbortSignal): Promise<Approval> {
    for (;;) {
      const approval = await this.#parts.approvals.get(id);
      if (approval === undefined) throw new Error(`approval ${id} is gone`);
      if (approval.state !== 'open') return approval;
      const next = await this.#escalate(approval);
      if (next.state !== 'open') return next;
      await this.#parts.bell.wait(dueNext(next), signal);
    }
  }

  /** Those that wait, oldest first. */
  open(): Promise<readonly Approval[]> {
    return this.#parts.approvals.inStates(['open']);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async find(id: string): Promise<Approval> {
    const approval = await this.#parts.approvals.get(id);
    if (approval !== undefined) return approval;
    throw new SphinxError(
      'SPX_NOT_FOUND',
      `Nothing with the id "${id}" waits for approval. "sphinx response approvals" lists what does.`,
    );
  }

  /** Why a person may not agree; null where they may. */
  problemFor(approval: Approval, person: Person): string | null {
    const part = partFor(approval, person, this.#parts.policy);
    return 'problem' in part ? part.problem : null;
  }

  /**
   * A person agrees.
   *
   * @param instead a micro-quarantine, where it was offered
   * @throws SphinxError SPX_FORBIDDEN with the reason when it is not theirs to agree; SPX_CONFLICT when it is decided already
   */
  async approve(
    id: string,
    person: Person,
    { note = '', instead }: { readonly note?: string; readonly instead?: 'micro-quarantine' | undefined } = {},
  ): Promise<Approval> {
    const { approvals, journal, runs } = this.#parts;
    const approval = await this.#undecided(id);
    const part = partFor(approval, person, this.#parts.policy);
    if ('problem' in part) throw new SphinxError('SPX_FORBIDDEN', part.problem);
    if (instead !== undefined && approval.milder === null) {
      throw new SphinxError('SPX_INVALID_INPUT', 'Nothing in it could be a micro-quarantine instead.');
    }
    const next = agree(approval, part.group, person, note, journal.now());
    await journal.record(async (sql) => {
      await approvals.save(next, sql);
      const run = await runs.change(
        approval.runId,
        (each) => ({
          ...(next.state === 'approved' ? covered(each, next, instead ?? each.isolation) : each),
          ...(instead === undefined ? {} : { isolation: instead }),
        }),
        sql,
      );
      const left = next.parts.filter(({ agreedBy }) => agreedBy === null).map(({ title }) => title);
      const milder = instead === undefined ? '' : ', with a micro-quarantine instead';
      const summary = `${person.name} agreed${milder}${left.length === 0 ? '' : `; it still waits for ${left.join(' and ')}`}: ${approval.title}`;
      return [journal.fact('response.approved', run, { by: person.name, summary })];
    });
    return next;
  }

  /** A person refuses: whoever may agree may refuse. @throws as `approve` */
  async refuse(id: string, person: Person, note: string): Promise<Approval> {
    const approval = await this.#undecided(id);
    const part = partFor(approval, person, this.#parts.policy);
    // Who asked may always take it back.
    if ('problem' in part && person.name !== approval.askedBy.name) {
      throw new SphinxError('SPX_FORBIDDEN', part.problem);
    }
    const { journal } = this.#parts;
    const next: Approval = { ...approval, state: 'refused', endedAt: journal.now(), endedBy: person.name, note };
    await this.#end(next, person.name, `${person.name} refused: ${approval.title}${note === '' ? '' : ` (${note})`}`);
    return next;
  }

  /** Nobody needs to answer any more: the run was cancelled. */
  async withdraw(runId: string): Promise<void> {
    const { approvals, journal } = this.#parts;
    for (const approval of await approvals.ofRun(runId)) {
      if (approval.state === 'open') await approvals.save({ ...approval, state: 'withdrawn', endedAt: journal.now() });
    }
  }

  /** Looks at everything that waits: asks the next level, ends what waited too long. */
  async round(): Promise<void> {
    for (const approval of await this.open()) await this.#escalate(approval);
  }

  async #escalate(approval: Approval): Promise<Approval> {
    const { journal, policy, approvals } = this.#parts;
    const next = escalate(approval, policy, journal.now());
    if (next === undefined) return approval;
    if (next.state === 'expired') {
      await this.#end(next, 'SPHINX', `Nobody agreed in time: ${approval.title}. ${next.note}`);
      await journal.audit('response.approval.expire', approval.id, { run: approval.runId, note: next.note });
      return next;
    }
    const run = await this.#parts.runs.find(approval.runId);
    const roles = next.escalations.slice(approval.escalations.length).flatMap((each) => each.roles);
    const summary = `Nobody answered in time, ${[...new Set(roles)].join(', ')} may agree now, too: ${approval.title}`;
    await journal.record(async (sql) => {
      await approvals.save(next, sql);
      return [journal.fact('response.approval-asked', run, { by: 'SPHINX', summary })];
    });
    await journal.audit('response.approval.escalate', approval.id, { run: approval.runId, roles });
    return next;
  }

  async #end(next: Approval, by: string, summary: string): Promise<void> {
    const { approvals, journal, runs } = this.#parts;
    const run = await runs.find(next.runId);
    await journal.record(async (sql) => {
      await approvals.save(next, sql);
      const facts: Fact[] = [journal.fact('response.refused', run, { by, summary })];
      return facts;
    });
  }

  async #undecided(id: string): Promise<Approval> {
    const approval = await this.find(id);
    if (approval.state === 'open') return approval;
    throw new SphinxError(
      'SPX_CONFLICT',
      `It is ${approval.state} already${approval.endedBy === null ? '' : `, by ${approval.endedBy}`}.`,
    );
  }
}

function covered(run: Run, { keys, milder }: Approval, isolation: Run['isolation']): Run {
  const more = isolation === 'micro-quarantine' ? (milder?.keys ?? []) : [];
  return { ...run, agreed: [...new Set([...run.agreed, ...keys, ...more])] };
}
