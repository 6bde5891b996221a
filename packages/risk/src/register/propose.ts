import { RISK_LEVELS, type RiskLevel } from '@sphinx/schema';
import type { ConsequenceRisk } from '../model/impact.ts';
import type { ConsequenceId } from '../model/risk-knowledge.ts';
import { type Appetite, exceeds, type RegisterEntry, type RegisterLink } from './register-entry.ts';

/** Risk of an asset or of a clinical service, as proposals need it. */
export interface ProposedOver {
  readonly link: RegisterLink;
  /** Key of `knowledge/asset-kinds` of an asset; empty for clinical services. */
  readonly kind: string;
  readonly isSample: boolean;
  readonly consequences: readonly ConsequenceRisk[];
}

/** Something above the appetite that no entry speaks of. */
export interface Proposal {
  /** The same while it is about the same things. */
  readonly key: string;
  readonly title: string;
  readonly consequence: ConsequenceId;
  readonly level: RiskLevel;
  readonly points: number;
  readonly reason: string;
  /** At most `MOST_LINKS`, the worst first. */
  readonly links: readonly RegisterLink[];
  readonly count: number;
  readonly isSample: boolean;
}

/** Somebody does not want it in the register; it comes again when it is worse. */
export interface Dismissal {
  readonly key: string;
  readonly level: RiskLevel;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

const MOST_LINKS = 50;
const MOST_PROPOSALS = 100;

/**
 * @param over clinical services and assets
 * @param titles of consequences, in words
 * @returns what exceeds the appetite and is in no open entry, the worst first. Devices of one kind that exceed it for one consequence
 * are one proposal: nobody can work through a thousand
 */
export function propose(
  over: readonly ProposedOver[],
  appetite: Appetite,
  entries: readonly RegisterEntry[],
  dismissals: ReadonlyMap<string, Dismissal>,
): readonly Proposal[] {
  const covered = new Set(
    entries
      .filter(({ status }) => status === 'open')
      .flatMap(({ links, consequence }) => links.map(({ id }) => `${id}|${consequence}`)),
  );
  const groups = new Map<string, { of: ProposedOver; risk: ConsequenceRisk }[]>();
  for (const of of over) {
    const worst = worstAbove(of.consequences, appetite);
    if (worst === undefined || covered.has(`${of.link.id}|${worst.id}`)) continue;
    const about = of.link.kind === 'asset' && of.kind !== '' ? `kind:${of.kind}` : of.link.id;
    const key = `${about}|${worst.id}${of.isSample ? '|sample' : ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ of, risk: worst }]);
    else group.push({ of, risk: worst });
  }
  return [...groups]
    .flatMap(([key, members]) => proposalOf(key, members, appetite) ?? [])
    .filter(({ key, level }) => {
      const dismissed = dismissals.get(key);
      return dismissed === undefined || exceeds(level, dismissed.level);
    })
    .sort((a, b) => rankOf(b) - rankOf(a) || b.points - a.points || a.key.localeCompare(b.key, 'en'))
    .slice(0, MOST_PROPOSALS);
}

function worstAbove(consequences: readonly ConsequenceRisk[], appetite: Appetite): ConsequenceRisk | undefined {
  let worst: ConsequenceRisk | undefined;
  for (const each of consequences) {
    if (exceeds(each.level, appetite[each.id]) && each.points > (worst?.points ?? -1)) worst = each;
  }
  return worst;
}

function proposalOf(
  key: string,
  members: { of: ProposedOver; risk: ConsequenceRisk }[],
  appetite: Appetite,
): Proposal | undefined {
  const sorted = members.sort((a, b) => b.risk.points - a.risk.points);
  const [first] = sorted;
  if (first === undefined) return undefined;
  const { of, risk } = first;
  const isMany = sorted.length > 1;
  const what = isMany ? `${sorted.length} devices of the kind ${of.kind.replaceAll('-', ' ')}` : of.link.name;
  const level = risk.level.replace('-', ' ');
  return {
    key,
    title: `${risk.title}: ${what}`.slice(0, 200),
    consequence: risk.id,
    level: risk.level,
    points: risk.points,
    reason: `${isMany ? `The worst, ${of.link.name}, is` : 'It is'} at ${level} risk; the appetite for this consequence ends at ${appetite[risk.id].replace('-', ' ')}.`,
    links: sorted.slice(0, MOST_LINKS).map((each) => each.of.link),
    count: sorted.length,
    isSample: of.isSample,
  };
}

function rankOf({ level }: Proposal): number {
  return RISK_LEVELS.indexOf(level);
}
