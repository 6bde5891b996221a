import { parseNumber, RuleError } from './rule-error.ts';

/** How often a rule may speak (Suricata user guide, "Thresholding Keywords"). */
export interface Threshold {
  readonly type: 'limit' | 'threshold' | 'both' | 'detection_filter' | 'backoff';
  readonly track: 'by_src' | 'by_dst' | 'by_both' | 'by_rule' | 'by_flow';
  readonly count: number;
  readonly seconds: number;
  readonly multiplier: number;
  readonly unique: 'src_port' | 'dst_port' | undefined;
}

/** @param isFilter `detection_filter`, which has no type. @throws RuleError on an unknown part */
export function parseThreshold(value: string, isFilter: boolean): Threshold {
  const parts = new Map<string, string>();
  for (const part of value.split(',')) {
    const [name = '', ...rest] = part.trim().split(/\s+/);
    if (!['type', 'track', 'count', 'seconds', 'multiplier', 'unique_on'].includes(name)) {
      throw new RuleError(`threshold: '${name}' is unknown`);
    }
    parts.set(name, rest.join(' '));
  }
  const type = isFilter ? 'detection_filter' : parts.get('type');
  const track = parts.get('track');
  if (!isOneOf(type, ['limit', 'threshold', 'both', 'detection_filter', 'backoff'])) {
    throw new RuleError(`threshold: type '${type ?? ''}' is unknown`);
  }
  if (!isOneOf(track, ['by_src', 'by_dst', 'by_both', 'by_rule', 'by_flow'])) {
    throw new RuleError(`threshold: track '${track ?? ''}' is unknown`);
  }
  const unique = parts.get('unique_on');
  if (unique !== undefined && !isOneOf(unique, ['src_port', 'dst_port'])) {
    throw new RuleError(`threshold: unique_on ${unique} is unknown`);
  }
  const count = parseNumber(parts.get('count') ?? '', 'threshold: count', 1);
  const seconds = type === 'backoff' ? 0 : parseNumber(parts.get('seconds') ?? '', 'threshold: seconds', 1);
  const multiplier = type === 'backoff' ? parseNumber(parts.get('multiplier') ?? '', 'threshold: multiplier', 1) : 1;
  return { type, track, count, seconds, multiplier, unique };
}

function isOneOf<const T extends string>(value: string | undefined, values: readonly T[]): value is T {
  return values.some((each) => each === value);
}
