import type { Advisory, AffectedProduct } from '../advisory.ts';
import { describeRange, isInRange } from '../versions/range.ts';
import { type Judgement, readJudgement } from './judgement.ts';
import { isOfDistribution } from './read-product.ts';
import type { ReadSoftware } from './read-software.ts';
import type { SoftwareMatch } from './software.ts';

/** What decided what an advisory says of an item. */
export interface Decision {
  readonly judgement: Judgement;
  /** The entry, as they stand in the advisory. */
  readonly entry: number;
  /** Its status, as they stand in the entry; -1 where it goes by none of them. */
  readonly decidedBy: number;
}

/** Puts what was decided into words. */
export function explain(software: ReadSoftware, advisory: Advisory, decision: Decision): SoftwareMatch {
  const judgement = readJudgement(decision.judgement);
  const entry = advisory.affected[decision.entry] as AffectedProduct;
  const version = (isOfDistribution(entry.product) ? software.version : software.upstream).text;
  return {
    advisory,
    item: software.item,
    ...judgement,
    reason: reasonOf(entry, version, judgement.status, decision.decidedBy),
    product: entry.product,
  };
}

function reasonOf(
  { versions, otherVersions }: AffectedProduct,
  version: string,
  status: SoftwareMatch['status'],
  decidedBy: number,
): string {
  const by = versions[decidedBy];
  if (by !== undefined) return isInRange(by.range, version).reason;
  if (versions.length === 0) return 'the source names no versions';
  if (otherVersions !== 'unknown') return `${version} is in no range that the source names`;
  if (status !== 'fixed') return `the source says nothing of ${version}`;
  const affected = versions.filter((each) => each.status === 'affected').map(({ range }) => describeRange(range));
  return `${version} is newer than what is affected: ${affected.join(', or ')}`;
}
