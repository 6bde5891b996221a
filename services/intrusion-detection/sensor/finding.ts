import type { RuleAlert } from '@sphinx/rules';
import { type Detection, deterministicId, type Severity } from '@sphinx/schema';

/** What a sensor thread hands back. */
export interface RuleFinding {
  readonly kind: 'detection';
  readonly detection: Omit<Detection, 'isSample'>;
}

export interface RuleUsage {
  readonly kind: 'usage';
  readonly rule: string;
  readonly looks: number;
  readonly matches: number;
  readonly milliseconds: number;
}

export interface DroppedFindings {
  readonly kind: 'dropped';
  readonly count: number;
}

export type Finding = RuleFinding | RuleUsage | DroppedFindings;

const MICROS_PER_MS = 1000;
/** Priority of a rule, 1 is the most severe (Suricata user guide, "priority"). */
const SEVERITIES: readonly Severity[] = ['high', 'high', 'medium', 'low'];

/** @param set id of the rule set. @returns the alert without a byte of the traffic */
export function createFinding(alert: RuleAlert, source: string, set: string): RuleFinding {
  const { rule, timeMicros, packetNumber, sourceIp, destinationIp, sourcePort, destinationPort } = alert;
  const time = Math.floor(timeMicros / MICROS_PER_MS);
  const detection: Omit<Detection, 'isSample'> = {
    id: deterministicId(
      'det',
      source,
      rule.gid,
      rule.sid,
      packetNumber,
      sourceIp,
      sourcePort,
      destinationIp,
      destinationPort,
    ),
    rule: {
      gid: rule.gid,
      sid: rule.sid,
      revision: rule.rev,
      title: rule.message,
      set,
      class: rule.classtype ?? '',
      category: rule.category,
      references: rule.references.slice(0, 20),
      techniques: rule.metadata.flatMap(([name, value]) =>
        /^(attack|mitre_technique_id)$/i.test(name) && /^T\d{4}(\.\d{3})?$/.test(value) ? [value] : [],
      ),
    },
    severity: SEVERITIES[rule.priority] ?? 'informational',
    source: { ip: sourceIp, port: sourcePort },
    destination: { ip: destinationIp, port: destinationPort },
    target: rule.target === undefined ? null : rule.target === 'src_ip' ? 'source' : 'destination',
    transport: alert.transport,
    protocol: alert.view?.protocol ?? alert.flow?.protocol ?? null,
    time,
    packet: { source, number: packetNumber, time },
  };
  return { kind: 'detection', detection };
}
