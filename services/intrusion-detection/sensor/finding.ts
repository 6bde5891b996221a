import type { CountedThreshold, Rule, RuleAlert } from '@sphinx/rules';
import { type Detection, deterministicId, type Severity } from '@sphinx/schema';
import { ruleId } from '../rule-sets/load-sets.ts';

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

/** A match whose thresholds count over all flows of a source, in a thread that sees some of them. */
export interface UndecidedFinding {
  readonly kind: 'undecided';
  readonly detection: NamelessDetection;
  readonly timeMicros: number;
  readonly thresholds: readonly CountedThreshold[];
}

export type Finding = RuleFinding | RuleUsage | DroppedFindings;

type NamelessDetection = Omit<Detection, 'isSample' | 'id'>;

const MICROS_PER_MS = 1000;
/** Priority of a rule, 1 is the most severe (Suricata user guide, "priority"). */
const SEVERITIES: readonly Severity[] = ['high', 'high', 'medium', 'low'];

/** @returns how severe a match of a rule is by itself */
export function severityOf({ priority }: Pick<Rule, 'priority'>): Severity {
  return SEVERITIES[priority] ?? 'informational';
}

/** Makes findings of alerts, without a byte of the traffic. */
export class FindingMaker {
  readonly #source: string;
  readonly #setOf: ReadonlyMap<string, string>;
  /** Made once: findings of one rule that cross to another thread together share it. */
  readonly #described = new Map<Rule, Detection['rule']>();

  /** @param setOf id of the rule set, by rule */
  constructor(source: string, setOf: ReadonlyMap<string, string>) {
    this.#source = source;
    this.#setOf = setOf;
  }

  make(alert: RuleAlert): RuleFinding {
    return nameFinding(this.#describeMatch(alert));
  }

  /** Of a match that others have a say in. */
  makeUndecided(alert: RuleAlert): UndecidedFinding {
    const { timeMicros, undecided: thresholds } = alert;
    return { kind: 'undecided', detection: this.#describeMatch(alert), timeMicros, thresholds };
  }

  #describeMatch(alert: RuleAlert): NamelessDetection {
    const { rule, timeMicros, packetNumber } = alert;
    const time = Math.floor(timeMicros / MICROS_PER_MS);
    return {
      rule: this.#describe(rule),
      severity: severityOf(rule),
      source: { ip: alert.sourceIp, port: alert.sourcePort },
      destination: { ip: alert.destinationIp, port: alert.destinationPort },
      target: rule.target === undefined ? null : rule.target === 'src_ip' ? 'source' : 'destination',
      transport: alert.transport,
      protocol: alert.view?.protocol ?? alert.flow?.protocol ?? null,
      time,
      packet: { source: this.#source, number: packetNumber, time },
    };
  }

  #describe(rule: Rule): Detection['rule'] {
    const known = this.#described.get(rule);
    if (known !== undefined) return known;
    const described: Detection['rule'] = {
      gid: rule.gid,
      sid: rule.sid,
      revision: rule.rev,
      title: rule.message,
      set: this.#setOf.get(ruleId(rule)) ?? '',
      class: rule.classtype ?? '',
      category: rule.category,
      references: rule.references.slice(0, 20),
      techniques: rule.metadata.flatMap(([name, value]) =>
        /^(attack|mitre_technique_id)$/i.test(name) && /^T\d{4}(\.\d{3})?$/.test(value) ? [value] : [],
      ),
    };
    this.#described.set(rule, described);
    return described;
  }
}

/** @returns the finding with the id that follows from rule, packet and ends */
export function nameFinding(detection: NamelessDetection): RuleFinding {
  const { rule, packet, source, destination } = detection;
  const place = [packet.number, source.ip, source.port, destination.ip, destination.port] as const;
  const id = deterministicId('det', packet.source, rule.gid, rule.sid, ...place);
  return { kind: 'detection', detection: { id, ...detection } };
}
