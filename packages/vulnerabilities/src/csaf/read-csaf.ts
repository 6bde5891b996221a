import type { Advisory } from '../advisory.ts';
import { readJson } from '../reading/json-document.ts';
import { MOST_PROBLEMS, type Reading, read } from '../reading/reading.ts';
import { toAdvisories } from './advisories.ts';
import { toContext } from './context.ts';
import type { CsafDocument } from './document.ts';
import { validateStructure } from './schema/validate-schema.ts';
import { PRODUCT_ID_TESTS } from './tests/product-ids.ts';
import { PRODUCT_STATUS_TESTS } from './tests/product-status.ts';

/** Without these a document does not say which product it means, or says two things of it (CSAF 2.0 §6.1.1–6.1.6). */
const NEEDED = ['6.1.1', '6.1.2', '6.1.3', '6.1.4', '6.1.5', '6.1.6'];
const NEEDED_TESTS = [...PRODUCT_ID_TESTS, ...PRODUCT_STATUS_TESTS].filter(({ id }) => NEEDED.includes(id));

/**
 * Reads a CSAF 2.0 document of any profile: security advisory, VEX, informational advisory, incident response, base.
 *
 * @param content bytes or text of the file
 * @returns one advisory for each vulnerability, none for a document that has none; or what is wrong and where. What other
 *   tests of the standard complain of (`validateCsaf`) does not keep a document from being read.
 */
export function readCsaf(content: Uint8Array | string): Reading<readonly Advisory[]> {
  const json = readJson(content);
  if (!json.isRead) return json;
  const problems = [...validateStructure(json.value)];
  if (problems.length > 0) return { isRead: false, problems };
  const context = toContext(json.value as CsafDocument);
  for (const test of NEEDED_TESTS) {
    const found = test.run(context, {});
    if (typeof found !== 'string') problems.push(...found);
  }
  if (problems.length > 0) return { isRead: false, problems: problems.slice(0, MOST_PROBLEMS) };
  return read(toAdvisories(context));
}
