import { parseAllDocuments } from 'yaml';
import { isMap } from './detection.ts';

/* Files of rules: YAML, one or several documents; `action` as Sigma 1 had it for documents that share parts. */

export interface SigmaFile {
  /** Shown in reports, usually a path. */
  readonly name: string;
  readonly content: string;
}

/** One document of a file, or the reason why it is none. */
export interface SigmaDocument {
  readonly file: string;
  /** 1 for the first. */
  readonly number: number;
  readonly content: Readonly<Record<string, unknown>> | undefined;
  readonly problem: string;
}

const MAXIMUM_FILE_CHARACTERS = 4_000_000;
const MAXIMUM_DEPTH = 30;
/** Nodes that aliases may make of a document. */
const MAXIMUM_ALIASES = 100;

/** @returns the documents of a file in order; never throws */
export function readDocuments({ name, content }: SigmaFile): readonly SigmaDocument[] {
  const refuse = (number: number, problem: string): SigmaDocument => ({
    file: name,
    number,
    content: undefined,
    problem,
  });
  if (content.length > MAXIMUM_FILE_CHARACTERS) return [refuse(1, 'the file is too large for rules')];
  let parsed: ReturnType<typeof parseAllDocuments>;
  try {
    parsed = parseAllDocuments(content, { prettyErrors: false, logLevel: 'silent', uniqueKeys: true });
  } catch (error) {
    return [refuse(1, `YAML: ${messageOf(error)}`)];
  }
  if (!Array.isArray(parsed)) return [];
  const documents: SigmaDocument[] = [];
  let shared: Record<string, unknown> = {};
  let previous: Readonly<Record<string, unknown>> = {};
  for (const [index, document] of parsed.entries()) {
    const number = index + 1;
    const [error] = document.errors;
    if (error !== undefined) {
      documents.push(refuse(number, `YAML: ${error.message}`));
      continue;
    }
    const value = toValue(document);
    if (value === undefined || value === null) continue;
    if (!isMap(value)) {
      documents.push(refuse(number, 'the document is no map'));
      continue;
    }
    const { action, ...own } = value;
    if (action === 'global') shared = merge(shared, own, 0);
    else if (action === 'reset') shared = {};
    else if (action !== undefined && action !== 'repeat') {
      documents.push(refuse(number, `action: '${String(action)}' is unknown`));
    } else {
      previous = merge(action === 'repeat' ? previous : shared, own, 0);
      documents.push({ file: name, number, content: previous, problem: '' });
    }
  }
  return documents;
}

function toValue(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
  } catch {
    return 'aliases that grow without bound';
  }
}

function merge(
  base: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
  depth: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const merged = isMap(before) && isMap(value) && depth < MAXIMUM_DEPTH ? merge(before, value, depth + 1) : value;
    Object.defineProperty(result, key, { value: merged, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
