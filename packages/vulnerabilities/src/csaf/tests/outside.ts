import type { CsafTest } from '../csaf-test.ts';

/** Tests that need what a pure function has not: the network, or a dictionary (CSAF 2.0 §6.3.6–6.3.8). They are told as not run. */
export const OUTSIDE_TESTS: readonly CsafTest[] = [
  {
    id: '6.3.6',
    title: 'Use of non-self referencing URLs Failing to Resolve',
    run: () => 'needs the network: every reference would be fetched',
  },
  {
    id: '6.3.7',
    title: 'Use of self referencing URLs Failing to Resolve',
    run: () => 'needs the network: every reference would be fetched',
  },
  { id: '6.3.8', title: 'Spell check', run: () => 'needs a dictionary of the language of the document' },
];
