import type { Placeholders } from './detection.ts';
import { readDocuments, type SigmaFile } from './documents.ts';
import { applyFilters } from './filters.ts';
import { readRule } from './read-rule.ts';
import type { SigmaCorrelationRule, SigmaFilter, SigmaRule, SigmaRuleInfo } from './rule.ts';
import { notLoaded, RuleNames, resolveCorrelation, resolveFilter } from './rule-names.ts';
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
  const names = new RuleNames([...rules, ...correlations].map(({ info }) => info));
  const resolved = resolveAll(correlations, (each) => resolveCorrelation(each, names));
  const checked = orderCorrelations(rules, resolved.items);
  const meant = resolveAll(filters, (each) => resolveFilter(each, names));
  const { filtered, unused } = applyFilters(rules, meant.items);
  rejected.push(...resolved.rejected, ...checked.rejected, ...meant.rejected, ...unused);
  return { rules: filtered, correlations: checked.correlations, filters: meant.items, rejected };
}

function resolveAll<Item extends { readonly info: SigmaRuleInfo }>(
  items: readonly Item[],
  resolve: (item: Item) => Item,
): { readonly items: readonly Item[]; readonly rejected: readonly SigmaRejection[] } {
  const rejected: SigmaRejection[] = [];
  const resolved = items.flatMap((item) => {
    try {
      return [resolve(item)];
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      rejected.push(rejectionOf(item.info, error.message));
      return [];
    }
  });
  return { items: resolved, rejected };
}

/** Correlations whose rules are not there, or that go round in a circle, cannot match. */
function orderCorrelations(rules: readonly SigmaRule[], correlations: readonly SigmaCorrelationRule[]) {
  const known = new Set(rules.map(({ info }) => info.id));
  const ordered: SigmaCorrelationRule[] = [];
  let waiting = correlations;
  for (;;) {
    const ready = waiting.filter((each) => each.rules.every((rule) => known.has(rule)));
    for (const { info } of ready) known.add(info.id);
    ordered.push(...ready);
    if (ready.length === 0) break;
    waiting = waiting.filter((each) => !ready.includes(each));
  }
  const rejected = waiting.map(({ info, rules: named }) =>
    rejectionOf(info, notLoaded(named.filter((rule) => !known.has(rule)))),
  );
  return { correlations: ordered, rejected };
}

function rejectionOf({ file, id, title }: SigmaRuleInfo, reason: string): SigmaRejection {
  return { file, document: 1, id, title, reason };
}
