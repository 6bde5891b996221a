import type { Placeholders } from './detection.ts';
import { readDocuments, type SigmaFile } from './documents.ts';
import { applyFilters } from './filters.ts';
import { readRule } from './read-rule.ts';
import type { SigmaCorrelationRule, SigmaFilter, SigmaRule } from './rule.ts';
import { SigmaError } from './sigma-error.ts';

/** A document that was not loaded, and why. */
export interface SigmaRejection {
  readonly file: string;
  /** Number of the document in its file; 1 for the first. */
  readonly document: number;
  /** Empty where it tells none. */
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

/** Rules with the filters put in. */
export interface LoadedSigmaRules {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelationRule[];
  readonly filters: readonly SigmaFilter[];
  readonly rejected: readonly SigmaRejection[];
}

/** Reads rules; each is loaded whole or rejected with its reason. Never throws. */
export function loadSigmaRules(files: readonly SigmaFile[], placeholders: Placeholders): LoadedSigmaRules {
  const rules: SigmaRule[] = [];
  const correlations: SigmaCorrelationRule[] = [];
  const filters: SigmaFilter[] = [];
  const rejected: SigmaRejection[] = [];
  const owners = new Map<string, string>();
  for (const document of files.flatMap(readDocuments)) {
    const reject = (reason: string) => {
      const { id, title } = document.content ?? {};
      rejected.push({
        file: document.file,
        document: document.number,
        id: typeof id === 'string' ? id : '',
        title: typeof title === 'string' ? title : '',
        reason,
      });
    };
    try {
      const read = readRule(document, placeholders);
      const owner = owners.get(read.info.id);
      if (owner !== undefined) throw new SigmaError(`id: ${owner} has the same`);
      owners.set(read.info.id, read.info.file);
      if (read.kind === 'rule') rules.push(read);
      else if (read.kind === 'correlation') correlations.push(read);
      else filters.push(read);
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      reject(error.message);
    }
  }
  const checked = checkReferences(rules, correlations);
  const { filtered, unused } = applyFilters(rules, filters);
  rejected.push(...checked.rejected, ...unused);
  return { rules: filtered, correlations: checked.correlations, filters, rejected };
}

/** Correlations whose rules are not there, or that go round in a circle, cannot match. */
function checkReferences(rules: readonly SigmaRule[], correlations: readonly SigmaCorrelationRule[]) {
  const rejected: SigmaRejection[] = [];
  const known = new Set(rules.flatMap(({ info }) => [info.id, info.name ?? info.id]));
  const ordered: SigmaCorrelationRule[] = [];
  let waiting = correlations;
  for (;;) {
    const ready = waiting.filter((each) => each.rules.every((rule) => known.has(rule)));
    for (const { info } of ready) known.add(info.id).add(info.name ?? info.id);
    ordered.push(...ready);
    if (ready.length === 0) break;
    waiting = waiting.filter((each) => !ready.includes(each));
  }
  for (const { info, rules: named } of waiting) {
    const missing = named.filter((rule) => !known.has(rule)).join(', ');
    const reason = `correlation: it refers to ${missing}, which is not loaded or refers back to it`;
    rejected.push({ file: info.file, document: 1, id: info.id, title: info.title, reason });
  }
  return { correlations: ordered, rejected };
}
