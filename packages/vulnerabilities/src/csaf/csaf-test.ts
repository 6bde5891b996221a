import type { Problem } from '../reading/reading.ts';
import type { CsafContext } from './context.ts';

/** What the world knows and a document does not say; a test that lacks its part is told as not run. */
export interface CsafResources {
  /** `CWE-79` → every name that the weakness has had in a published list of MITRE. */
  readonly weaknessNames?: ReadonlyMap<string, readonly string[]>;
}

/** One test of CSAF 2.0 §6. */
export interface CsafTest {
  /** Number of its section: `6.1.27.3`. */
  readonly id: string;
  readonly title: string;
  /** @returns what the test complains of; a sentence that says what it needs, where it cannot be run */
  run(context: CsafContext, resources: CsafResources): readonly Problem[] | string;
}

export type CsafTestGroup = 'mandatory' | 'optional' | 'informative';

/** @returns group of a test, by the section that it is in */
export function groupOf({ id }: Pick<CsafTest, 'id'>): CsafTestGroup {
  if (id.startsWith('6.1.')) return 'mandatory';
  return id.startsWith('6.2.') ? 'optional' : 'informative';
}
