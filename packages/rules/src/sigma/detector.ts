import type { CompiledSigma } from './compile.ts';
import { type CorrelationHit, type CorrelatorLimits, SigmaCorrelator } from './correlation/correlator.ts';
import type { SigmaLogsource, SigmaRuleInfo } from './language/rule.ts';
import type { SigmaEvent } from './matcher/event-leaves.ts';

/** A rule that is told of. */
export interface SigmaDetection {
  readonly rule: SigmaRuleInfo;
  /** Set where it is about several events. */
  readonly correlation: Pick<CorrelationHit, 'group' | 'firstMs' | 'lastMs' | 'count'> | undefined;
}

/** Rules over single events and over several, together: what is told of a stream of events. */
export class SigmaDetector {
  readonly #matcher: CompiledSigma['matcher'];
  readonly #correlator: SigmaCorrelator;

  constructor({ matcher, correlations }: Pick<CompiledSigma, 'matcher' | 'correlations'>, limits?: CorrelatorLimits) {
    this.#matcher = matcher;
    this.#correlator = new SigmaCorrelator(correlations, limits);
  }

  /** Groups of events that were forgotten before their time, for want of room. */
  get forgottenGroups(): number {
    return this.#correlator.forgottenGroups;
  }

  /**
   * @param event fields by name, or a tree of JSON
   * @param timeMs of the event, milliseconds since 1970
   * @param origin the log it is from, where its collector knows
   * @returns what is told with it
   */
  detect(event: SigmaEvent, timeMs: number, origin?: SigmaLogsource): readonly SigmaDetection[] {
    const hits = this.#matcher.match(event, origin);
    if (hits.length === 0) return [];
    const single = hits.flatMap(({ rule, isTold }) => (isTold ? [{ rule, correlation: undefined }] : []));
    return [...single, ...told(this.#correlator.take(hits, timeMs))];
  }

  /** Ends timespans that are over. @param timeMs time that the events have reached, milliseconds since 1970 */
  advance(timeMs: number): readonly SigmaDetection[] {
    return told(this.#correlator.advance(timeMs));
  }
}

function told(hits: readonly CorrelationHit[]): readonly SigmaDetection[] {
  return hits.flatMap((hit) => (hit.isTold ? [{ rule: hit.rule, correlation: hit }] : []));
}
