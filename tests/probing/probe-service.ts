import { type ExchangeRecord, PROBES, runProbe, systemNetwork, type WrittenPacket } from '@sphinx/probes';
import type { HostEvidence } from '@sphinx/schema';
import { servicesOf } from '../../services/asset-inventory/asset/asset-services.ts';
import { assetOfFixture } from '../../services/device-verification/checks/fixture.ts';
import { judgeCheck } from '../../services/device-verification/checks/judge.ts';
import { subjectOf } from '../../services/device-verification/checks/observation.ts';
import { loadVerificationKnowledge } from '../../services/device-verification/knowledge/load-knowledge.ts';

const knowledge = await loadVerificationKnowledge(new URL('../../knowledge', import.meta.url).pathname);

/** What all probes for a service found out about it. */
export interface Probed {
  readonly evidence: readonly HostEvidence[];
  readonly records: readonly ExchangeRecord[];
  /** The conversations as they are kept for an export. */
  readonly packets: readonly WrittenPacket[];
  /** Ids of the checks that its asset fails. */
  readonly failing: readonly string[];
  /** Ids of the checks that were judged and hold. */
  readonly passing: readonly string[];
  values(attribute: string): readonly string[];
}

/** Runs every probe that is for one of the protocols on a port of this machine, and has the checks judge what comes out. */
export async function probeService(
  port: number,
  protocols: readonly string[],
  options: { isTls?: boolean; knownNames?: readonly string[]; ip?: string } = {},
): Promise<Probed> {
  const { ip = '127.0.0.1', isTls = false, knownNames = [] } = options;
  const evidence: HostEvidence[] = [];
  const records: ExchangeRecord[] = [];
  const packets: WrittenPacket[] = [];
  for (const probe of PROBES) {
    if (!probe.protocols.some((protocol) => protocols.includes(protocol))) continue;
    const result = await runProbe({
      probe,
      ip,
      port,
      isTls,
      knownNames,
      source: `probe:${probe.id}`,
      network: systemNetwork,
      signal: AbortSignal.timeout(60_000),
      now: Date.now,
      onRecord: (record) => records.push(record),
    });
    if (result.reason !== '') throw new Error(`${probe.id} was ended: ${result.reason}`);
    evidence.push(...result.evidence);
    packets.push(...result.packets);
  }
  return { evidence, records, packets, ...judged(evidence), values: (attribute) => valuesOf(evidence, attribute) };
}

function judged(evidence: readonly HostEvidence[]): Pick<Probed, 'failing' | 'passing'> {
  const asset = assetOfFixture({}, { evidence: [...evidence], services: servicesOf(evidence, []) });
  const subject = subjectOf(asset, knowledge.endOfLife, Date.now());
  const outcomeOf = (outcome: string) =>
    knowledge.checks.filter((check) => judgeCheck(check, subject).outcome === outcome).map(({ id }) => id);
  return { failing: outcomeOf('fail'), passing: outcomeOf('pass') };
}

function valuesOf(evidence: readonly HostEvidence[], attribute: string): readonly string[] {
  return [...new Set(evidence.filter((item) => item.attribute === attribute).map(({ value }) => value))].sort();
}
