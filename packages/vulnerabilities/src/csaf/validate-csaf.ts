import { MOST_PROBLEMS, type Problem } from '../reading/reading.ts';
import { toContext } from './context.ts';
import { type CsafResources, type CsafTest, type CsafTestGroup, groupOf } from './csaf-test.ts';
import type { CsafDocument } from './document.ts';
import { validateStructure } from './schema/validate-schema.ts';
import { BRANCH_TESTS } from './tests/branches.ts';
import { HEAD_TESTS } from './tests/head.ts';
import { LANGUAGE_TESTS } from './tests/language.ts';
import { OUTSIDE_TESTS } from './tests/outside.ts';
import { PRODUCT_ID_TESTS } from './tests/product-ids.ts';
import { PRODUCT_STATUS_TESTS } from './tests/product-status.ts';
import { PROFILE_TESTS } from './tests/profiles.ts';
import { PURL_TESTS } from './tests/purl.ts';
import { SCORE_TESTS } from './tests/scores.ts';
import { TRACKING_TESTS } from './tests/tracking.ts';
import { VULNERABILITY_TESTS } from './tests/vulnerabilities.ts';

/** Every test of CSAF 2.0 §6, in the order of its sections. */
export const CSAF_TESTS: readonly CsafTest[] = [
  ...PRODUCT_ID_TESTS,
  ...PRODUCT_STATUS_TESTS,
  ...SCORE_TESTS,
  ...VULNERABILITY_TESTS,
  ...LANGUAGE_TESTS,
  ...PURL_TESTS,
  ...TRACKING_TESTS,
  ...BRANCH_TESTS,
  ...PROFILE_TESTS,
  ...HEAD_TESTS,
  ...OUTSIDE_TESTS,
].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));

/** What one test, or the schema, says of a document. */
export interface CsafTestResult {
  /** Section of CSAF 2.0, or `schema`. */
  readonly id: string;
  readonly title: string;
  readonly group: 'schema' | CsafTestGroup;
  /** Problems that the test complains of, at most 100. */
  readonly problems: readonly Problem[];
  /** Why the test was not run; undefined where it was. */
  readonly notRun: string | undefined;
}

export interface CsafValidation {
  /** The structure is that of CSAF and no mandatory test complains (CSAF 2.0 §9.1.14, "CSAF basic validator"). */
  readonly isValid: boolean;
  readonly results: readonly CsafTestResult[];
}

/** Places of CVSS objects, whose schemas are test 6.1.8. */
const CVSS_PLACE = /^\/vulnerabilities\/\d+\/scores\/\d+\/cvss_v[23](\/|$)/;

/**
 * Judges a document as a CSAF full validator does (CSAF 2.0 §6 and §9.1.16). A document without the structure of CSAF is not
 * tested further, as the tests have nothing to stand on.
 *
 * @param value parsed JSON
 */
export function validateCsaf(value: unknown, resources: CsafResources = {}): CsafValidation {
  const problems = validateStructure(value);
  const schema = {
    id: 'schema',
    title: 'JSON schema of CSAF 2.0',
    group: 'schema',
    problems,
    notRun: undefined,
  } as const;
  if (problems.length > 0)
    return { isValid: false, results: [schema, ...CSAF_TESTS.map((test) => withoutStructure(test, problems))] };
  const context = toContext(value as CsafDocument);
  const results = CSAF_TESTS.map((test): CsafTestResult => {
    const found = test.run(context, resources);
    const isRun = typeof found !== 'string';
    const { id, title } = test;
    return {
      id,
      title,
      group: groupOf(test),
      problems: isRun ? found.slice(0, MOST_PROBLEMS) : [],
      notRun: isRun ? undefined : found,
    };
  });
  const isValid = results.every(({ group, problems: found }) => group !== 'mandatory' || found.length === 0);
  return { isValid, results: [schema, ...results] };
}

function withoutStructure(test: CsafTest, problems: readonly Problem[]): CsafTestResult {
  const { id, title } = test;
  const ofTest = id === '6.1.8' ? problems.filter(({ where }) => CVSS_PLACE.test(where)) : [];
  const notRun = ofTest.length > 0 ? undefined : 'needs a document with the structure of CSAF';
  return { id, title, group: groupOf(test), problems: ofTest, notRun };
}
