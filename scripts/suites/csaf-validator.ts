import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CsafValidation,
  describeProblems,
  readJson,
  readWeaknessNames,
  validateCsaf,
} from '@sphinx/vulnerabilities';
import type { Suite, SuiteCase } from '../suite.ts';

/*
 * A case is one document of one test of CSAF 2.0 §6, as testcases.json of OASIS lists it. A document of the failures must be
 * complained of by that test, one of the valid ones must not; and the whole document must be valid or not, as the list says.
 */

interface TestCases {
  readonly tests: readonly {
    readonly id: string;
    readonly failures: readonly TestFile[];
    readonly valid?: readonly TestFile[];
  }[];
}

interface TestFile {
  readonly name: string;
  readonly valid: boolean;
}

const WEAKNESSES = fileURLToPath(new URL('../../knowledge/cwe/weaknesses.json', import.meta.url));

export const suite: Suite = { title: 'CSAF documents of OASIS, judged by every test of the standard', run: runFolder };

function* runFolder(folder: string): Iterable<SuiteCase> {
  const root = existsSync(join(folder, 'data')) ? join(folder, 'data') : folder;
  const list = join(root, 'testcases.json');
  if (!existsSync(list)) {
    yield { id: 'testcases.json', outcome: 'failed', reason: `There is no ${list}` };
    return;
  }
  const weaknessNames = readWeaknessNames(readFileSync(WEAKNESSES, 'utf8'));
  const { tests } = JSON.parse(readFileSync(list, 'utf8')) as TestCases;
  for (const { id, failures, valid = [] } of tests) {
    for (const [file, isFailure] of [
      ...failures.map((one) => [one, true] as const),
      ...valid.map((one) => [one, false] as const),
    ]) {
      const document = readJson(readFileSync(join(root, file.name)));
      const judged = document.isRead
        ? judge(validateCsaf(document.value, { weaknessNames }), id, file.valid, isFailure)
        : { outcome: 'failed' as const, reason: describeProblems(document.problems) };
      yield { id: `${id} ${file.name}`, ...judged };
    }
  }
}

/** @param isFailure whether the test must complain */
export function judge(
  validation: CsafValidation,
  testId: string,
  isValid: boolean,
  isFailure: boolean,
): Omit<SuiteCase, 'id'> {
  const result = validation.results.find(({ id }) => id === testId);
  if (result === undefined) return { outcome: 'failed', reason: `There is no test ${testId}`, cause: 'unknown test' };
  if (result.notRun !== undefined)
    return { outcome: 'unsupported', reason: result.notRun, cause: `${testId}: ${result.notRun}` };
  const complaints = validation.results
    .filter(({ group, problems }) => (group === 'schema' || group === 'mandatory') && problems.length > 0)
    .map(({ id, problems }) => `${id}: ${describeProblems(problems)}`)
    .join(' | ');
  if (validation.isValid !== isValid) {
    return {
      outcome: 'failed',
      reason: `is ${isValid ? 'valid' : 'invalid'}; found ${complaints || 'no fault'}`,
      cause: 'validity',
    };
  }
  const hasComplained = result.problems.length > 0;
  if (hasComplained === isFailure) return { outcome: 'passed', reason: describeProblems(result.problems) };
  return {
    outcome: 'failed',
    reason: isFailure
      ? `test ${testId} does not complain`
      : `test ${testId} complains: ${describeProblems(result.problems)}`,
    cause: `test ${testId}`,
  };
}
