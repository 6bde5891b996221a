import type { OutageCause, OutageEvidence } from '@sphinx/schema';
import type { Signal } from './signal-book.ts';

const MINUTE_MS = 60_000;
/** What happened so long before an outage may have brought it about, and what is told so long after it began may explain it. */
const BEFORE_MS = 60 * MINUTE_MS;
const AFTER_MS = 15 * MINUTE_MS;
/** Outages that begin within this time may have one cause. */
const TOGETHER_MS = 5 * MINUTE_MS;
const SEVERAL = 3;
const MAXIMUM_EVIDENCE = 20;
/** MITRE ATT&CK, tactic Impact: what takes services away. */
const TAKING_AWAY = ['T1485', 'T1486', 'T1489', 'T1490', 'T1495', 'T1498', 'T1499', 'T1529', 'T1531', 'T1561'];

/** All that is known of an outage. */
export interface Circumstances {
  readonly since: number;
  readonly ips: readonly string[];
  /** Signals that name the service's addresses or assets. */
  readonly signals: readonly Signal[];
  /** What a check found that speaks for somebody in between; empty where none did. */
  readonly suspicious: string;
  /** Note of the maintenance window that it lies in. */
  readonly maintenance: string | undefined;
  /** Other services that are down now. */
  readonly others: readonly { readonly name: string; readonly ips: readonly string[]; readonly since: number }[];
}

export interface CauseJudgement {
  readonly cause: OutageCause;
  readonly reasons: readonly string[];
  readonly evidence: readonly OutageEvidence[];
}

/**
 * Failure or attack, as far as evidence allows: an attack is possible where something grave, something that takes services
 * away, an incident, or several different things concern the service at the time. Everything else is taken for a failure, and
 * why is said. Pure.
 */
export function judgeCause(circumstances: Circumstances): CauseJudgement {
  const { since, signals, suspicious, maintenance } = circumstances;
  const near = signals.filter(({ time }) => time >= since - BEFORE_MS && time <= since + AFTER_MS);
  const evidence = near
    .slice(-MAXIMUM_EVIDENCE)
    .map(({ kind, id, title, severity, time }) => ({ kind, id, title, severity, time }));
  const reasons = [...(suspicious === '' ? [] : [suspicious]), ...attackReasons(near)];
  if (reasons.length > 0) return { cause: 'possible-attack', reasons, evidence };
  if (maintenance !== undefined) {
    return { cause: 'planned', reasons: [`A maintenance window is open: ${maintenance || 'no note'}.`], evidence };
  }
  return { cause: 'failure', reasons: failureReasons(circumstances, near), evidence };
}

function attackReasons(near: readonly Signal[]): readonly string[] {
  const grave = near.filter(
    ({ severity, kind }) => kind !== 'incident' && (severity === 'high' || severity === 'critical'),
  );
  const taking = near.filter(({ techniques }) =>
    techniques.some((technique) => TAKING_AWAY.includes(technique.slice(0, 5))),
  );
  const incidents = near.filter(({ kind }) => kind === 'incident');
  const titles = new Set(near.map(({ title }) => title));
  return [
    ...incidents.slice(0, 3).map(({ title }) => `The incident "${title}" concerns it.`),
    ...taking.slice(0, 3).map(({ title }) => `"${title}" is of a kind that takes services away.`),
    ...grave
      .filter((signal) => !taking.includes(signal))
      .slice(0, 3)
      .map(({ title, severity }) => `"${title}" (${severity}) concerns it.`),
    ...(grave.length + taking.length + incidents.length === 0 && titles.size > 1
      ? [`${titles.size} different things were detected that concern it.`]
      : []),
  ];
}

function failureReasons({ since, ips, others }: Circumstances, near: readonly Signal[]): readonly string[] {
  const together = others.filter((other) => Math.abs(other.since - since) <= TOGETHER_MS);
  const sameHost = together.filter((other) => other.ips.some((ip) => ips.includes(ip)));
  return [
    near.length === 0
      ? 'No detection, alert or incident concerns it within the hour before.'
      : `"${near[0]?.title}" concerns it, which alone is not enough to call it an attack.`,
    ...(sameHost.length > 0
      ? [`${namesOf(sameHost)} at the same address went down with it: the machine or its network.`]
      : []),
    ...(together.length - sameHost.length >= SEVERAL
      ? [
          `${together.length - sameHost.length} services at other addresses went down with it: a network, power or a system that all of them use.`,
        ]
      : []),
  ];
}

function namesOf(services: readonly { readonly name: string }[]): string {
  return services
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ');
}
