import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { Person } from '../runs/run.ts';

/** One group that has to agree, by one of its people. */
export interface ApprovalPart {
  /** Key of `approvers` in the policy. */
  readonly group: string;
  readonly title: string;
  /** Roles that may agree by now. */
  readonly roles: readonly string[];
  readonly level: number;
  /** When the next level is asked, or nobody any more. */
  readonly dueAt: number;
  readonly agreedBy: string | null;
  readonly agreedAt: number | null;
  readonly note: string;
}

/** What people are asked to agree to. */
export interface Approval {
  readonly id: string;
  readonly runId: string;
  /** The one action that is asked for; null: the run as it was planned. */
  readonly actionId: string | null;
  readonly title: string;
  readonly reasons: readonly string[];
  readonly effects: readonly string[];
  readonly careLoss: readonly string[];
  /** Keys of the guard that an agreement covers. */
  readonly keys: readonly string[];
  /** What a micro-quarantine instead would do, and what an agreement to it covers; null where none is possible. */
  readonly milder: { readonly effects: readonly string[]; readonly keys: readonly string[] } | null;
  readonly askedBy: Person;
  readonly askedAt: number;
  readonly state: 'open' | 'approved' | 'refused' | 'expired' | 'withdrawn';
  readonly endedAt: number | null;
  readonly endedBy: string | null;
  readonly note: string;
  readonly parts: readonly ApprovalPart[];
  readonly escalations: readonly { readonly at: number; readonly group: string; readonly roles: readonly string[] }[];
}

const MS_PER_MINUTE = 60_000;

/** @returns one part for each group; what the asker may agree to is agreed to by asking */
export function partsFor(
  groups: readonly string[],
  policy: ResponsePolicy,
  askedBy: Person,
  now: number,
): readonly ApprovalPart[] {
  let isUsed = false;
  return [...new Set(groups)].map((group) => {
    const { title, levels, mayApproveOwn } = approverOf(policy, group);
    const [first] = levels;
    const roles: readonly string[] = first?.roles ?? [];
    // One person stands for one group only.
    const isOwn = !isUsed && mayApproveOwn && askedBy.role !== null && roles.includes(askedBy.role);
    if (isOwn) isUsed = true;
    return {
      group,
      title,
      roles,
      level: 0,
      dueAt: now + (first?.minutes ?? 0) * MS_PER_MINUTE,
      agreedBy: isOwn ? askedBy.name : null,
      agreedAt: isOwn ? now : null,
      note: isOwn ? 'asked for it' : '',
    };
  });
}

function approverOf(policy: ResponsePolicy, group: string): ResponsePolicy['approvers'][string] {
  const approver = policy.approvers[group] ?? policy.approvers.security;
  if (approver === undefined) throw new RangeError(`the policy has no approver "${group}"`);
  return approver;
}

/** Which part a person may agree to, or in words why none. */
export function partFor(
  { parts, askedBy }: Approval,
  person: Person,
  policy: ResponsePolicy,
): { readonly group: string } | { readonly problem: string } {
  const open = parts.filter(({ agreedBy }) => agreedBy === null);
  const fitting = open.filter(({ roles }) => person.role !== null && roles.includes(person.role));
  if (fitting.length === 0) {
    const asked = open.map(({ title, roles }) => `${title} (${roles.join(' or ')})`).join(' and ');
    return { problem: `It waits for ${asked}; your role is ${person.role ?? 'none'}.` };
  }
  if (parts.some(({ agreedBy }) => agreedBy === person.name)) {
    return { problem: 'You agreed already: two persons have to.' };
  }
  const allowed = fitting.find(({ group }) => person.name !== askedBy.name || approverOf(policy, group).mayApproveOwn);
  return allowed ?? { problem: 'You asked for it yourself: somebody else has to agree.' };
}

/** @returns the approval with a person's agreement in it; approved when it was the last one */
export function agree(approval: Approval, group: string, person: Person, note: string, now: number): Approval {
  const parts = approval.parts.map((part) =>
    part.group === group ? { ...part, agreedBy: person.name, agreedAt: now, note } : part,
  );
  const isWhole = parts.every(({ agreedBy }) => agreedBy !== null);
  return { ...approval, parts, ...(isWhole ? { state: 'approved', endedAt: now, endedBy: person.name, note } : {}) };
}

/**
 * Asks the next level where a part waited too long, and ends the approval where there is none.
 *
 * @returns undefined where nothing is due
 */
export function escalate(approval: Approval, policy: ResponsePolicy, now: number): Approval | undefined {
  if (approval.state !== 'open') return undefined;
  const due = approval.parts.filter(({ agreedBy, dueAt }) => agreedBy === null && dueAt <= now);
  if (due.length === 0) return undefined;
  const next = due.map((part) => {
    const level = part.level + 1;
    const { roles, minutes } = approverOf(policy, part.group).levels[level] ?? { roles: [], minutes: null };
    if (minutes === null) return undefined;
    return { ...part, level, roles: [...new Set([...part.roles, ...roles])], dueAt: now + minutes * MS_PER_MINUTE };
  });
  if (next.includes(undefined)) {
    const late = due.map(({ title }) => title).join(' and ');
    return { ...approval, state: 'expired', endedAt: now, endedBy: 'SPHINX', note: `${late} did not answer in time.` };
  }
  const byGroup = new Map(next.flatMap((part) => (part === undefined ? [] : [[part.group, part] as const])));
  return {
    ...approval,
    parts: approval.parts.map((part) => byGroup.get(part.group) ?? part),
    escalations: [
      ...approval.escalations,
      ...[...byGroup.values()].map(({ group, roles }) => ({ at: now, group, roles })),
    ],
  };
}

/** @returns when something is due next; null where nothing is */
export function dueNext({ state, parts }: Approval): number | null {
  const open = parts.filter(({ agreedBy }) => agreedBy === null);
  return state !== 'open' || open.length === 0 ? null : Math.min(...open.map(({ dueAt }) => dueAt));
}
