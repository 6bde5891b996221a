import { type AddressSet, parseAddressSet, type RuleVariables } from '../address-set.ts';
import type { Rule } from '../rule.ts';
import { parseNumber, RuleError } from '../rule-error.ts';
import { parseThreshold, type Threshold } from '../thresholds.ts';
import type { MatchState } from './match-state.ts';

/** 0 means every group, every rule. */
interface Subject {
  readonly gid: number;
  readonly sid: number;
}

interface Suppression extends Subject {
  /** End that the addresses are about; `undefined` means every match. */
  readonly track: 'by_src' | 'by_dst' | 'by_either' | undefined;
  readonly addresses: AddressSet | undefined;
}

interface ExtraThreshold extends Subject {
  readonly threshold: Threshold;
}

/** What `threshold.config` says: matches that are left out, and thresholds from outside the rules. */
export class Suppressions {
  readonly #suppressions = new Map<number, Suppression[]>();
  readonly #thresholds = new Map<number, ExtraThreshold[]>();

  /**
   * Adds a line of `threshold.config`: `suppress gen_id 1, sig_id 2, track by_src, ip [10.0.0.0/8]`,
   * `threshold gen_id 1, sig_id 2, type limit, track by_src, count 1, seconds 60` (Suricata user guide, "Global Thresholds").
   *
   * @throws RuleError when it has not that form
   */
  add(line: string, variables: RuleVariables = {}): void {
    const match = /^(suppress|threshold|event_filter)\s+(.*)$/.exec(line.trim());
    if (match === null) throw new RuleError(`'${line.slice(0, 40)}' is no suppression and no threshold`);
    const [, kind, rest = ''] = match;
    const parts = [...rest.matchAll(/(\w+)\s+((?:\[[^\]]*\]|[^,\s])+)/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    const named = new Map(parts);
    const gid = parseNumber(named.get('gen_id') ?? '', 'gen_id', 0);
    const sid = parseNumber(named.get('sig_id') ?? '', 'sig_id', 0);
    if (kind === 'suppress') {
      addTo(this.#suppressions, sid, { gid, sid, ...readSuppression(named, variables) });
      return;
    }
    const own = parts.filter(([name]) => name !== 'gen_id' && name !== 'sig_id').map((part) => part.join(' '));
    addTo(this.#thresholds, sid, { gid, sid, threshold: parseThreshold(own.join(', '), false) });
  }

  /** @returns whether a match is not told, whatever thresholds say */
  leavesOut(rule: Rule, state: MatchState): boolean {
    const lists = [this.#suppressions.get(rule.sid), this.#suppressions.get(0)];
    return lists.some((list) => list?.some((each) => isAbout(each, rule) && isLeftOut(each, state)) === true);
  }

  /** @returns thresholds from outside the rule that a match has to pass */
  thresholdsOf(rule: Rule): readonly Threshold[] {
    const lists = [this.#thresholds.get(rule.sid), this.#thresholds.get(0)];
    return lists.flatMap((list) => list?.filter((each) => isAbout(each, rule)).map(({ threshold }) => threshold) ?? []);
  }
}

function addTo<T>(lists: Map<number, T[]>, sid: number, item: T): void {
  const list = lists.get(sid);
  if (list === undefined) lists.set(sid, [item]);
  else list.push(item);
}

function readSuppression(
  named: ReadonlyMap<string, string>,
  variables: RuleVariables,
): Pick<Suppression, 'track' | 'addresses'> {
  const track = named.get('track');
  if (track === undefined) return { track, addresses: undefined };
  if (track !== 'by_src' && track !== 'by_dst' && track !== 'by_either')
    throw new RuleError(`track ${track} is unknown`);
  return { track, addresses: parseAddressSet(named.get('ip') ?? '', variables) };
}

function isAbout({ gid }: Subject, rule: Rule): boolean {
  return gid === 0 || gid === rule.gid;
}

function isLeftOut({ track, addresses }: Suppression, { source, destination }: MatchState): boolean {
  if (addresses === undefined) return true;
  const ends = track === 'by_src' ? [source] : track === 'by_dst' ? [destination] : [source, destination];
  return ends.some((end) => addresses.contains(end));
}
