import { CheckOutcome, Verdict, type Verification, VerificationOccasion } from '@sphinx/schema';
import { z } from 'zod';

const Change = z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() });

/** What is other in a verification than in the one that the last certificate rests on. */
export const VerificationDifference = z
  .object({
    before: z
      .object({
        verificationId: z.string(),
        certificateId: z.string(),
        time: z.number(),
        verdict: Verdict,
        occasion: VerificationOccasion.nullable(),
      })
      .nullable()
      .meta({ description: 'Null where there was no certificate before' }),
    isVerdictChanged: z.boolean(),
    policy: Change.nullable(),
    checks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        before: CheckOutcome.nullable().meta({ description: 'Null for a check that is new' }),
        after: CheckOutcome.nullable().meta({ description: 'Null for a check that is gone' }),
      }),
    ),
    facts: z.array(Change).meta({ description: 'What is known of the asset' }),
    newServices: z.array(z.string()),
    lostServices: z.array(z.string()),
  })
  .meta({ id: 'VerificationDifference' });
export type VerificationDifference = z.infer<typeof VerificationDifference>;

/** @param before the verification of the last certificate before; undefined where there was none */
export function differenceOf(before: Verification | undefined, after: Verification): VerificationDifference {
  if (before?.certificateId === undefined) {
    return {
      before: null,
      isVerdictChanged: false,
      policy: null,
      checks: [],
      facts: [],
      newServices: [],
      lostServices: [],
    };
  }
  const { id: verificationId, certificateId, time, verdict, occasion = null } = before;
  return {
    before: { verificationId, certificateId, time, verdict, occasion },
    isVerdictChanged: verdict !== after.verdict,
    policy: policyChange(before, after),
    checks: checkChanges(before, after),
    facts: factChanges(before, after),
    newServices: missingIn(before, after.state?.services ?? []),
    lostServices: missingIn(after, before.state?.services ?? []),
  };
}

function policyChange(before: Verification, after: Verification): VerificationDifference['policy'] {
  const nameOf = ({ policy }: Verification) => `${policy.title} ${policy.version}`;
  return nameOf(before) === nameOf(after) ? null : { name: 'policy', before: nameOf(before), after: nameOf(after) };
}

/** Not observed and not applicable are both no answer: going from one to the other tells nothing. */
function checkChanges(before: Verification, after: Verification): VerificationDifference['checks'] {
  const earlier = new Map(before.results.map((result) => [result.checkId, result]));
  const later = new Map(after.results.map((result) => [result.checkId, result]));
  const ids = [...new Set([...later.keys(), ...earlier.keys()])];
  return ids.flatMap((id) => {
    const [was, is] = [earlier.get(id), later.get(id)];
    if (answerOf(was?.outcome) === answerOf(is?.outcome)) return [];
    const title = is?.title ?? was?.title ?? id;
    return [{ id, title, before: was?.outcome ?? null, after: is?.outcome ?? null }];
  });
}

function answerOf(outcome: CheckOutcome | undefined): 'pass' | 'fail' | 'none' {
  return outcome === 'pass' || outcome === 'fail' ? outcome : 'none';
}

function factChanges(before: Verification, after: Verification): VerificationDifference['facts'] {
  const [was, is] = [before.state?.facts ?? {}, after.state?.facts ?? {}];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap((name) => {
    const change = { name, before: was[name] ?? null, after: is[name] ?? null };
    return change.before === change.after ? [] : [change];
  });
}

function missingIn({ state }: Verification, services: readonly string[]): string[] {
  return services.filter((service) => state?.services.includes(service) !== true);
}
