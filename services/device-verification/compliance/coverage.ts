import { CheckOutcome, type CheckResult } from '@sphinx/schema';
import { z } from 'zod';
import type { VerificationKnowledge } from '../knowledge/load-knowledge.ts';
import { readRequirementKey } from '../knowledge/standard.ts';

/**
 * What checks show of a requirement: `shown` where one passed and none failed, `not-met` where one failed, `open` where none
 * could be judged. A check shows a part of what a law asks for; that it is met as a whole a person says.
 */
export const RequirementCoverage = z
  .object({
    id: z.string(),
    title: z.string(),
    status: z.enum(['shown', 'not-met', 'open']),
    checks: z.array(z.object({ id: z.string(), title: z.string(), outcome: CheckOutcome })),
  })
  .meta({ id: 'RequirementCoverage' });
export type RequirementCoverage = z.infer<typeof RequirementCoverage>;

/** One law or standard with what the checks of a verification show of it. */
export const StandardCoverage = z
  .object({
    id: z.string(),
    title: z.string(),
    url: z.string(),
    region: z.string(),
    kind: z.enum(['law', 'standard', 'guidance']),
    shown: z.int(),
    notMet: z.int(),
    open: z.int(),
    requirements: z.array(RequirementCoverage),
  })
  .meta({ id: 'StandardCoverage' });
export type StandardCoverage = z.infer<typeof StandardCoverage>;

/** Which requirement of which law or standard the checks of a verification cover. Checks that do not apply are left out. */
export function coverageOf(
  results: readonly CheckResult[],
  { checks, standards }: Pick<VerificationKnowledge, 'checks' | 'standards'>,
): readonly StandardCoverage[] {
  const byRequirement = new Map<string, CheckResult[]>();
  const covers = new Map(checks.map((check) => [check.id, check.covers ?? []]));
  for (const result of results) {
    if (result.outcome === 'not-applicable') continue;
    for (const key of covers.get(result.checkId) ?? []) {
      const { standard, requirement } = readRequirementKey(key);
      const name = `${standard}: ${requirement}`;
      byRequirement.set(name, [...(byRequirement.get(name) ?? []), result]);
    }
  }
  return standards.map(({ id, title, url, region, kind, requirements }) => {
    const covered = requirements.map((requirement) => {
      const found = byRequirement.get(`${id}: ${requirement.id}`) ?? [];
      const shownBy = found.map(({ checkId, title: name, outcome }) => ({ id: checkId, title: name, outcome }));
      return { id: requirement.id, title: requirement.title, status: statusOf(found), checks: shownBy };
    });
    const count = (status: RequirementCoverage['status']) => covered.filter((one) => one.status === status).length;
    const counts = { shown: count('shown'), notMet: count('not-met'), open: count('open') };
    return { id, title, url, region, kind, ...counts, requirements: covered };
  });
}

function statusOf(results: readonly CheckResult[]): RequirementCoverage['status'] {
  if (results.some(({ outcome }) => outcome === 'fail')) return 'not-met';
  return results.some(({ outcome }) => outcome === 'pass') ? 'shown' : 'open';
}
