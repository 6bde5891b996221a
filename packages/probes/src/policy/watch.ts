import type { CautionLevel } from '../probe.ts';
import { type ProbeSubject, policyFor } from './decide.ts';
import type { ProbePolicy } from './probe-policy.ts';

/** Everything that the decision on a regular check rests on. */
export interface WatchCircumstances {
  /** Every device that is known to have the address; empty for an address of which nothing is known. */
  readonly subjects: readonly ProbeSubject[];
  readonly ip: string;
  readonly policies: readonly ProbePolicy[];
  /** How much care the check asks for. */
  readonly caution: CautionLevel;
  /** Why the address may not be sent a packet at all. */
  readonly outside: string | undefined;
  /** A person who may agree to probes has agreed to this check. */
  readonly hasAgreement: boolean;
}

export type WatchDecision =
  | { readonly isAllowed: false; readonly reason: string; readonly needsAgreement: boolean }
  | {
      readonly isAllowed: true;
      /** Title of the policy that allows it. */
      readonly policy: string;
      /** Checks may follow one another no sooner. */
      readonly leastSeconds: number;
    };

/**
 * Whether a service may be checked again and again, by the same policies that decide on probes. Where several devices have the
 * address, the strictest answer stands. Pure; the same circumstances give the same decision.
 */
export function decideWatch(circumstances: WatchCircumstances): WatchDecision {
  const { subjects, ip, outside } = circumstances;
  if (outside !== undefined) return { isAllowed: false, reason: outside, needsAgreement: false };
  const known: readonly ProbeSubject[] =
    subjects.length > 0 ? subjects : [{ assetId: undefined, ip, kind: undefined, safetyClass: undefined }];
  const decisions = known.map((subject) => decideOne(subject, circumstances));
  const refusals = decisions.filter((decision) => !decision.isAllowed);
  const final = refusals.find(({ needsAgreement }) => !needsAgreement) ?? refusals[0];
  if (final !== undefined) return final;
  return decisions.filter((decision) => decision.isAllowed).reduce((a, b) => (b.leastSeconds > a.leastSeconds ? b : a));
}

function decideOne(subject: ProbeSubject, { policies, caution, hasAgreement }: WatchCircumstances): WatchDecision {
  const refuse = (reason: string, needsAgreement = false) => ({ isAllowed: false, reason, needsAgreement }) as const;
  const policy = policyFor(subject, policies);
  if (policy === undefined) return refuse('No policy covers it.');
  const { watch, title } = policy;
  if (watch === undefined) return refuse(`The policy "${title}" allows no regular checks. Watch its traffic instead.`);
  if (!watch.cautions.includes(caution)) return refuse(`The policy "${title}" does not allow this check.`);
  if (watch.mode === 'with-approval' && !hasAgreement)
    return refuse(`The policy "${title}" asks for the agreement of a person who may agree to probes.`, true);
  return { isAllowed: true, policy: title, leastSeconds: watch.leastSeconds };
}
