import type { Alert, AlertEvidence, AlertSubject } from '@sphinx/schema';
import { howRare, momentWords } from '../detectors/words.ts';
import type { Anomaly } from './anomaly.ts';

/** How sure an anomaly is, by what it was compared with. */
const CONFIDENCE: Readonly<Record<Anomaly['basis'], number>> = { itself: 0.8, kind: 0.7, site: 0.6, hospitals: 0.5 };

/** @returns the anomaly as all services know alerts */
export function alertOf(anomaly: Anomaly, version: string): Alert {
  const { id, detector, title, severity, expected, seen, rarity, firstSeen, lastSeen, assetId } = anomaly;
  const asset: readonly AlertSubject[] = assetId === null ? [] : [{ role: 'affected', type: 'asset', value: assetId }];
  return {
    id,
    kind: 'anomaly',
    analytic: { id: detector, title, set: 'anomaly-detection', version, references: [] },
    severity,
    confidence: CONFIDENCE[anomaly.basis],
    message:
      `${title}. Seen: ${seen}. Expected: ${expected}. Since ${momentWords(firstSeen)}. ${howRare(anomaly)}.`.slice(
        0,
        2000,
      ),
    subjects: [...anomaly.subjects, ...asset].slice(0, 50),
    techniques: anomaly.techniques,
    time: firstSeen,
    endTime: lastSeen,
    count: anomaly.count,
    comparison: { expected: expected.slice(0, 500), seen: seen.slice(0, 500), since: firstSeen, rarity },
    evidence: [...evidenceOf(anomaly)],
    isSample: anomaly.isSample,
  };
}

function evidenceOf({
  id,
  actor,
  assetId,
  measure,
  expected,
  source,
  packet,
  firstSeen,
}: Anomaly): readonly AlertEvidence[] {
  const about = measure === null ? 'habits' : measure.id;
  const baseline = {
    kind: 'baseline',
    id: `${assetId ?? actor}/${about}`,
    time: firstSeen,
    summary: expected.slice(0, 1000),
  } as const;
  if (packet === 0) return [baseline];
  const summary = `Packet ${packet}, where the connection begins that made it an anomaly`;
  return [
    baseline,
    { kind: 'packet', id, time: firstSeen, summary, packet: { source, number: packet, time: firstSeen } },
  ];
}
