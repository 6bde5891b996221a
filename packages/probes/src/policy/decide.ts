import type { ProbeOccasion } from '@sphinx/schema';
import type { Probe } from '../index.ts';
import type { ProbeEngine, ProbePolicy } from './probe-policy.ts';

/** What is known of a device that somebody wants to probe. */
export interface ProbeSubject {
  readonly assetId: string | undefined;
  readonly ip: string;
  readonly kind: string | undefined;
  readonly safetyClass: string | undefined;
}

/** A person agreed to probes of a device until a time. */
export interface Approval {
  readonly id: string;
  /** Id of an asset, or an address. */
  readonly target: string;
  readonly by: string;
  readonly at: number;
  readonly until: number;
  /** The person states that the device is on no patient. */
  readonly isOutOfCare: boolean;
  /** Ids of default credentials that may be tried. */
  readonly credentials: readonly string[];
  readonly note: string;
  readonly withdrawnAt: number | null;
}

/** Everything that a decision rests on. */
export interface Circumstances {
  readonly subject: ProbeSubject;
  readonly occasion: ProbeOccasion;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Minutes since midnight, in local time. */
  readonly minuteOfDay: number;
  readonly policies: readonly ProbePolicy[];
  readonly approvals: readonly Approval[];
  /** Why nothing may be probed, where the kill switch is on. */
  readonly stopped: string | undefined;
  /** Why this device is left alone, where it answered slower before. */
  readonly mark: string | undefined;
  /** Why its address may not be probed. */
  readonly outside: string | undefined;
  /** Another program that is to ask, and why it cannot; undefined: the probes. */
  readonly engine?: { readonly id: ProbeEngine; readonly unavailable: string | undefined } | undefined;
}

export type Decision =
  | { readonly isAllowed: false; readonly policy: ProbePolicy | undefined; readonly reason: string }
  | {
      readonly isAllowed: true;
      readonly policy: ProbePolicy;
      readonly approval: Approval | undefined;
      /** Probes that may run, in their order. */
      readonly probes: readonly Probe[];
    };

/**
 * The one place that decides whether a device may be probed, and by what. Pure; the same circumstances give the same
 * decision.
 */
export function decide(circumstances: Circumstances, probes: readonly Probe[]): Decision {
  const { subject, occasion, stopped, mark, outside } = circumstances;
  const policy = policyFor(subject, circumstances.policies);
  const refuse = (reason: string): Decision => ({ isAllowed: false, policy, reason });
  if (stopped !== undefined) return refuse(`Probing is stopped: ${stopped}`);
  if (outside !== undefined) return refuse(outside);
  if (mark !== undefined) return refuse(`It is left alone: ${mark} A person has to clear the mark first.`);
  if (policy === undefined) return refuse('No policy covers it.');
  const { engine } = circumstances;
  if (engine !== undefined && !policy.engines.includes(engine.id))
    return refuse(`The policy "${policy.title}" does not allow ${engine.id}.`);
  if (engine?.unavailable !== undefined) return refuse(engine.unavailable);
  if (!policy.occasions.includes(occasion))
    return refuse(`The policy "${policy.title}" does not allow probes ${OCCASION_WORDS[occasion]}.`);
  const approval = approvalFor(circumstances);
  if (policy.mode === 'with-approval' && approval === undefined) {
    return refuse(`The policy "${policy.title}" asks for the agreement of a person, and there is none.`);
  }
  if (policy.mode === 'out-of-care-only' && approval?.isOutOfCare !== true) {
    return refuse(`The policy "${policy.title}" leaves it alone unless a person states that it is on no patient.`);
  }
  if (occasion !== 'on-demand' && !isWithin(policy, circumstances.minuteOfDay)) {
    return refuse(
      `The policy "${policy.title}" allows probes by schedule from ${policy.hours?.from} to ${policy.hours?.until} only.`,
    );
  }
  const allowed = probes.filter((probe) => mayRun(probe, policy, approval));
  if (allowed.length === 0) return refuse(`The policy "${policy.title}" allows no probe.`);
  return { isAllowed: true, policy, approval, probes: allowed };
}

const OCCASION_WORDS: Readonly<Record<ProbeOccasion, string>> = {
  'first-sight': 'when a device is first seen',
  periodic: 'by schedule',
  'on-demand': 'when a person asks',
};

/** By kind first: some devices of a class are more fragile than the class. */
export function policyFor(
  { kind, safetyClass }: ProbeSubject,
  policies: readonly ProbePolicy[],
): ProbePolicy | undefined {
  const byKind = policies.find(
    ({ kinds }) => kinds !== undefined && kind !== undefined && new RegExp(kinds, 'iu').test(kind),
  );
  if (byKind !== undefined) return byKind;
  if (safetyClass === undefined) return policies.find(({ coversUnclassified }) => coversUnclassified);
  return policies.find(({ safetyClasses }) => safetyClasses.some((covered) => covered === safetyClass));
}

function approvalFor({ subject, approvals, now }: Circumstances): Approval | undefined {
  const valid = approvals.filter(
    ({ target, at, until, withdrawnAt }) =>
      withdrawnAt === null && at <= now && now < until && (target === subject.assetId || target === subject.ip),
  );
  return valid.find(({ isOutOfCare }) => isOutOfCare) ?? valid[0];
}

/** Until may be on the next day: 22:00 to 05:00. */
function isWithin({ hours }: ProbePolicy, minute: number): boolean {
  if (hours === undefined) return true;
  const from = minutesOf(hours.from);
  const until = minutesOf(hours.until);
  return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function mayRun(probe: Probe, { probes }: ProbePolicy, approval: Approval | undefined): boolean {
  if (probes.except.includes(probe.id)) return false;
  if (probe.needsPerson === true && (approval === undefined || approval.credentials.length === 0)) return false;
  return probes.also.includes(probe.id) || probes.cautions.includes(probe.caution);
}
