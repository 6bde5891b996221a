import type { CreateFindingsJoint } from '@sphinx/platform';
import { ThresholdCounters } from '@sphinx/rules';
import { type Finding, nameFinding, type RuleFinding, type UndecidedFinding } from './finding.ts';

type PartFinding = Finding | UndecidedFinding;

/**
 * Decides what only all threads of a source together know: thresholds count in the order of packets, as if one thread had
 * looked at all of them.
 */
export const createFindingsJoint: CreateFindingsJoint = () => {
  const counters = new ThresholdCounters();
  return (parts) => {
    // Made by sensor/inspection.ts in each thread.
    const findings = parts.flat() as readonly PartFinding[];
    const matches = findings.filter((each) => each.kind === 'detection' || each.kind === 'undecided');
    matches.sort((left, right) => left.detection.packet.number - right.detection.packet.number);
    const told = matches.flatMap((match): RuleFinding[] => {
      if (match.kind === 'detection') return [match];
      return isAdmitted(match, counters) ? [nameFinding(match.detection)] : [];
    });
    return [...told, ...findings.filter(({ kind }) => kind !== 'detection' && kind !== 'undecided')];
  };
};

/** Thresholds per flow were decided where the flow was seen. */
function isAdmitted({ detection, timeMicros, thresholds }: UndecidedFinding, counters: ThresholdCounters): boolean {
  const { source, destination } = detection;
  const subject = {
    sourceIp: source.ip,
    destinationIp: destination.ip,
    sourcePort: source.port,
    destinationPort: destination.port,
    flow: undefined,
  };
  return thresholds.every(
    ({ name, threshold }) => threshold.track === 'by_flow' || counters.admits(name, threshold, subject, timeMicros),
  );
}
