import type { SigmaFile } from './language/documents.ts';
import { loadSigmaRules, type SigmaRejection } from './language/load.ts';
import type { SigmaCorrelationRule, SigmaRuleInfo } from './language/rule.ts';
import { SigmaMatcher } from './matcher/sigma-matcher.ts';
import { placeholdersOf, type SigmaPipeline } from './pipelines/pipeline.ts';

/** What became of rule files. */
export interface SigmaReport {
  /** Rules that tell on their own or over several events. */
  readonly loaded: readonly SigmaRuleInfo[];
  readonly correlations: number;
  readonly filters: number;
  readonly rejected: readonly SigmaRejection[];
}

export interface CompiledSigma {
  readonly report: SigmaReport;
  readonly matcher: SigmaMatcher;
  /** For `SigmaCorrelator`; those that others refer to come first. */
  readonly correlations: readonly SigmaCorrelationRule[];
}

/**
 * Compiles Sigma rules, correlation rules and filters into one matcher. A rule that is not understood whole is rejected with its
 * reason, never made weaker. Never throws on rules.
 *
 * @param files rule files in any order; references between files are resolved
 * @param pipelines how Sigma's log sources and fields are found in events
 */
export function compileSigma(files: readonly SigmaFile[], pipelines: readonly SigmaPipeline[]): CompiledSigma {
  const { rules, correlations, filters, rejected } = loadSigmaRules(files, placeholdersOf(pipelines));
  const named = new Set(correlations.flatMap((each) => (each.isGenerating ? [] : each.rules)));
  const silent = new Set(
    rules.flatMap(({ info }) => (named.has(info.id) || named.has(info.name ?? info.id) ? [info.id] : [])),
  );
  return {
    report: {
      loaded: [...rules.map(({ info }) => info), ...correlations.map(({ info }) => info)],
      correlations: correlations.length,
      filters: filters.length,
      rejected,
    },
    matcher: new SigmaMatcher(rules, pipelines, silent),
    correlations,
  };
}
