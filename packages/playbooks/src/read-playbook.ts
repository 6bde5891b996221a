import { canonicalJson } from '@sphinx/platform/signing';
import { isDictionary } from './cacao/by-type.ts';
import { type Playbook, PlaybookShape } from './cacao/playbook.ts';
import { checkGraph } from './check/graph.ts';
import { errorAt, type Problem } from './check/problem.ts';
import { checkReferences } from './check/references.ts';
import { checkResponse } from './response/read-response.ts';

/** A playbook of a few hundred steps has 200 kB. */
export const MAXIMUM_PLAYBOOK_CHARACTERS = 2_000_000;
const MAXIMUM_STEPS = 2000;
const MAXIMUM_DEPTH = 60;
/** Whoever reads more than these has to begin anew anyway. */
const MAXIMUM_PROBLEMS = 200;

/** What came of reading a text: a playbook that can be carried out, or why not. Warnings may come with both. */
export type PlaybookReading =
  | { readonly playbook: Playbook; readonly problems: readonly Problem[] }
  | { readonly playbook: undefined; readonly problems: readonly Problem[] };

/**
 * Reads a playbook of CACAO 2.0 from JSON. Never throws, whatever the text.
 *
 * @returns the playbook exactly as it stood, unless there is an error among the problems
 */
export function readPlaybook(text: string): PlaybookReading {
  if (text.length > MAXIMUM_PLAYBOOK_CHARACTERS) {
    return refused(`It is longer than ${MAXIMUM_PLAYBOOK_CHARACTERS} characters. Part it into several playbooks.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return checkPlaybook(value);
}

/** The same for JSON that is parsed already. */
export function checkPlaybook(value: unknown): PlaybookReading {
  if (!isDictionary(value)) return refused('A playbook is a JSON object.');
  if (isDeeperThan(value, MAXIMUM_DEPTH)) return refused(`It is nested deeper than ${MAXIMUM_DEPTH} levels.`);
  if (isDictionary(value.workflow) && Object.keys(value.workflow).length > MAXIMUM_STEPS) {
    return refused(`It has more than ${MAXIMUM_STEPS} steps. Part it with playbook-action steps.`);
  }
  try {
    canonicalJson(value);
  } catch (error) {
    return refused(`It has no canonical form: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = PlaybookShape.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => errorAt(path.map(String).join('.'), message));
    return { playbook: undefined, problems: problems.slice(0, MAXIMUM_PROBLEMS) };
  }
  // What was checked, not what the schema made of it: order and names stay as they stood.
  const playbook = value as unknown as Playbook;
  const problems = [...checkGraph(playbook), ...checkReferences(playbook), ...checkResponse(playbook)];
  const kept = problems.toSorted((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
  const isWhole = !problems.some(({ level }) => level === 'error');
  return { playbook: isWhole ? playbook : undefined, problems: kept.slice(0, MAXIMUM_PROBLEMS) };
}

/**
 * @returns the one text of a playbook that a digest or a signature is made over: JCS (RFC 8785), as CACAO 2.0 §2.5 asks for,
 *   without the signatures where `isWithoutSignatures`
 */
export function canonicalPlaybook(playbook: Playbook, { isWithoutSignatures = false } = {}): string {
  if (!isWithoutSignatures) return canonicalJson(playbook);
  const { signatures: _signatures, ...rest } = playbook;
  return canonicalJson(rest);
}

function refused(message: string): PlaybookReading {
  return { playbook: undefined, problems: [errorAt('', message)] };
}

/** Without recursion: the text may be hostile. */
function isDeeperThan(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
