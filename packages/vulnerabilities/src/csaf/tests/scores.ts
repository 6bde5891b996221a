import type { Problem } from '../../reading/reading.ts';
import { type CsafContext, type Placed, place } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import type { CsafCvss, CsafScore } from '../document.ts';
import { CVSS_VERSIONS, type CvssMetric } from '../schema/cvss-metrics.ts';
import { recalculateScores } from './recalculate-scores.ts';

/** CVSS of vulnerabilities (CSAF 2.0 §6.1.7–6.1.10, 6.2.3, 6.2.19, 6.3.1, 6.3.2). */
export const SCORE_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.7',
    title: 'Multiple Scores with Same Version per Product',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) => {
        const scored = new Set<string>();
        return place(value.scores, `${where}/scores`).flatMap((score) =>
          vectorsOf(score).flatMap((vector) =>
            place(score.value.products, `${score.where}/products`).flatMap((product) => {
              const key = `${vector.value.version} ${product.value}`;
              if (scored.has(key))
                return [
                  { where: product.where, what: `product ${product.value} has a CVSS ${vector.value.version} already` },
                ];
              scored.add(key);
              return [];
            }),
          ),
        );
      }),
  },
  {
    id: '6.1.8',
    title: 'Invalid CVSS',
    // A document whose CVSS objects do not follow their schemas has no structure and reaches no test: see validate-csaf.ts.
    run: () => [],
  },
  vectorTest('6.1.9', 'Invalid CVSS computation', ({ value, where }) => recalculateScores(value, where)),
  vectorTest('6.1.10', 'Inconsistent CVSS', ({ value, where }) => {
    const metrics = metricsOfVector(value);
    return metricsOf(value).flatMap(({ short, member, values }) => {
      if (value[member] === undefined) return [];
      const inVector = values[metrics.get(short) ?? ''];
      // What a vector leaves out contradicts nothing.
      if (inVector === undefined || value[member] === inVector) return [];
      return [
        {
          where: `${where}/${member}`,
          what: `is ${String(value[member])}, while the vector says ${inVector}`,
        },
      ];
    });
  }),
  {
    id: '6.2.3',
    title: 'Missing Score',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) => {
        const scored = new Set(value.scores?.flatMap(({ products }) => products));
        return (['first_affected', 'known_affected', 'last_affected'] as const).flatMap((status) =>
          place(value.product_status?.[status], `${where}/product_status/${status}`)
            .filter((product) => !scored.has(product.value))
            .map((product) => ({ where: product.where, what: `product ${product.value} has no score` })),
        );
      }),
  },
  {
    id: '6.2.19',
    title: 'CVSS for Fixed Products',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) => {
        const fixed = new Set([...(value.product_status?.fixed ?? []), ...(value.product_status?.first_fixed ?? [])]);
        return place(value.scores, `${where}/scores`).flatMap((score) => {
          const product = score.value.products.find((candidate) => fixed.has(candidate));
          if (product === undefined) return [];
          return vectorsOf(score)
            .filter((vector) => !isHarmless(vector.value))
            .map((vector) => ({
              where: vector.where,
              what: `has an environmental score above 0 for product ${product}, which is fixed`,
            }));
        });
      }),
  },
  {
    id: '6.3.1',
    title: 'Use of CVSS v2 as the only Scoring System',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) =>
        place(value.scores, `${where}/scores`)
          .filter((score) => score.value.cvss_v2 !== undefined && score.value.cvss_v3 === undefined)
          .map((score) => ({ where: score.where, what: 'has CVSS v2 only' })),
      ),
  },
  vectorTest('6.3.2', 'Use of CVSS v3.0', ({ value, where }) =>
    value.version === '3.0' ? [{ where: `${where}/version`, what: 'is 3.0, which 3.1 has replaced' }] : [],
  ),
];

function vectorTest(id: string, title: string, complain: (vector: Placed<CsafCvss>) => readonly Problem[]): CsafTest {
  return {
    id,
    title,
    run: ({ vulnerabilities }: CsafContext) =>
      vulnerabilities.flatMap(({ value, where }) =>
        place(value.scores, `${where}/scores`).flatMap((score) => vectorsOf(score).flatMap(complain)),
      ),
  };
}

function vectorsOf({ value, where }: Placed<CsafScore>): readonly Placed<CsafCvss>[] {
  return (['cvss_v2', 'cvss_v3'] as const).flatMap((member) => {
    const vector = value[member];
    return vector === undefined ? [] : [{ value: vector, where: `${where}/${member}` }];
  });
}

function metricsOf({ version }: CsafCvss): readonly CvssMetric[] {
  return CVSS_VERSIONS.find((candidate) => candidate.version === version)?.metrics ?? [];
}

function metricsOfVector({ vectorString }: CsafCvss): ReadonlyMap<string, string> {
  return new Map(
    vectorString.split('/').map((part) => {
      const [short = '', value = ''] = part.split(':');
      return [short, value];
    }),
  );
}

/**
 * Whether the environmental score is 0. In CVSS 3 it is when no part of the security is impacted (§7.3 of the specification:
 * an impact of 0 makes a score of 0); in CVSS 2 when no system is concerned (§3.2.3 of the guide), or when nothing is impacted
 * and no damage is told.
 */
function isHarmless(vector: CsafCvss): boolean {
  if (vector.environmentalScore === 0) return true;
  const inVector = metricsOfVector(vector);
  const valueIn = (member: string): unknown => {
    const metric = metricsOf(vector).find((candidate) => candidate.member === member);
    const named = metric?.values[inVector.get(metric.short) ?? ''];
    const value = vector[member] ?? named;
    return value === 'NOT_DEFINED' ? undefined : value;
  };
  const parts = ['confidentialityImpact', 'integrityImpact', 'availabilityImpact'];
  if (vector.version !== '2.0') {
    return parts.every((part) => {
      const modified = `modified${part.charAt(0).toUpperCase()}${part.slice(1)}`;
      return (valueIn(modified) ?? valueIn(part)) === 'NONE';
    });
  }
  if (valueIn('targetDistribution') === 'NONE') return true;
  return parts.every((part) => valueIn(part) === 'NONE') && (valueIn('collateralDamagePotential') ?? 'NONE') === 'NONE';
}
