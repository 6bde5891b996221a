import { SphinxError } from '@sphinx/platform';
import { VerificationOccasion } from '@sphinx/schema';
import type { VerificationKnowledge } from './load-knowledge.ts';
import { readRequirementKey } from './standard.ts';

/**
 * Sees that the parts of the knowledge fit together: what names something that is not there would silently be weaker than it
 * looks.
 *
 * @throws SphinxError SPX_INVALID_INPUT that names everything that does not fit
 */
export function requireSound(knowledge: Omit<VerificationKnowledge, 'digest'>): void {
  const problems = [
    ...unknownChecks(knowledge),
    ...missingOccasions(knowledge),
    ...unknownDeclarations(knowledge),
    ...unknownRequirements(knowledge),
  ];
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
}

type Knowledge = Omit<VerificationKnowledge, 'digest'>;

function unknownChecks({ checks, policies, occasions }: Knowledge): readonly string[] {
  const known = new Set(checks.map((check) => check.id));
  return [...policies, ...occasions].flatMap((policy) =>
    [...(policy.rejects?.checks ?? []), ...(policy.conditions?.checks ?? [])]
      .filter((id) => !known.has(id))
      .map((id) => `The policy ${policy.id} names the check ${id}, which is not in knowledge/checks`),
  );
}

function missingOccasions({ occasions }: Knowledge): readonly string[] {
  const known = new Set(occasions.map((occasion) => occasion.id));
  return VerificationOccasion.options
    .filter((id) => !known.has(id))
    .map((id) => `knowledge/verification-occasions has no ${id}.yaml`);
}

function unknownDeclarations({ checks, occasions, declarations }: Knowledge): readonly string[] {
  const known = new Set(declarations.map((declaration) => declaration.id));
  const named = [
    ...occasions.flatMap(({ id, requires }) => (requires?.declarations ?? []).map((one) => [id, one] as const)),
    ...checks.flatMap(({ id, looksAt }) =>
      looksAt.flatMap((selector) =>
        'stated' in selector
          ? [selector.stated].flat().flatMap((one) => (/^[A-Z]/.test(one) ? [] : [[id, one] as const]))
          : [],
      ),
    ),
  ];
  return named
    .filter(([, declaration]) => !known.has(declaration))
    .map(([by, declaration]) => `${by} names the declaration ${declaration}, which is not in knowledge/declarations`);
}

function unknownRequirements({ checks, standards }: Knowledge): readonly string[] {
  const known = new Map(standards.map(({ id, requirements }) => [id, new Set(requirements.map((one) => one.id))]));
  return checks.flatMap(({ id, covers }) =>
    (covers ?? [])
      .filter((key) => {
        const { standard, requirement } = readRequirementKey(key);
        return known.get(standard)?.has(requirement) !== true;
      })
      .map((key) => `The check ${id} covers ${key}, which is not in knowledge/standards`),
  );
}
