import type { Fact } from '../event.ts';
import type { Severity } from '../verification.ts';
import type { Weakness, WeaknessStatus } from '../weakness.ts';
import { deviceOfId } from './ocsf-device.ts';
import {
  compact,
  createOcsfEvent,
  OCSF_SEVERITIES,
  type OcsfActivity,
  type OcsfEvent,
  type OcsfOrigin,
} from './ocsf-event.ts';

type Attributes = Record<string, unknown>;
type WeaknessFact = Fact<'weakness.found' | 'weakness.changed' | 'weakness.closed'>;

const ACTIVITIES: Readonly<Record<WeaknessFact['type'], OcsfActivity>> = {
  'weakness.found': [1, 'Create'],
  'weakness.changed': [2, 'Update'],
  'weakness.closed': [3, 'Close'],
};

/** `finding.status_id`. */
const STATUSES: Readonly<Record<WeaknessStatus, readonly [id: number, caption: string]>> = {
  open: [1, 'New'],
  'in-progress': [2, 'In Progress'],
  'accepted-risk': [3, 'Suppressed'],
  compensated: [3, 'Suppressed'],
  'false-positive': [3, 'Suppressed'],
  fixed: [4, 'Resolved'],
};

const SEVERITY_ORDER: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Weaknesses of one asset: Vulnerability Finding, one vulnerability for each. */
export function weaknessesTold(fact: WeaknessFact, origin: OcsfOrigin): OcsfEvent {
  const { assetId, assetName, weaknesses } = fact.data;
  const [first] = weaknesses;
  const [statusId, status] = STATUSES[first?.status ?? 'open'];
  return createOcsfEvent('vulnerability_finding', {
    activity: ACTIVITIES[fact.type],
    time: fact.time,
    message: `${assetName || assetId}: ${weaknesses.map(({ weakness }) => weakness).join(', ')}`,
    severity: worst(weaknesses),
    origin,
    attributes: {
      finding_info: compact({
        uid: fact.id,
        title: weaknesses.length === 1 ? first?.title : `${weaknesses.length} weaknesses`,
        created_time: fact.time,
        types: ['vulnerability-assessment'],
      }),
      status_id: statusId,
      status,
      device: deviceOfId(assetId, assetName),
      resources: [compact({ uid: assetId, name: assetName, type: 'Device' })],
      vulnerabilities: weaknesses.map(vulnerabilityOf),
    },
  });
}

function worst(weaknesses: readonly Weakness[]): Severity {
  const index = Math.max(0, ...weaknesses.map(({ severity }) => SEVERITY_ORDER.indexOf(severity)));
  return SEVERITY_ORDER[index] ?? 'informational';
}

/** An OCSF vulnerability is named by a CVE or by an advisory, never both. */
function vulnerabilityOf(weakness: Weakness): Attributes {
  const { title, severity, component, sources, foundAt, hasFix, isKnownExploited } = weakness;
  const isCve = /^CVE-/.test(weakness.weakness);
  return compact({
    ...(isCve ? { cve: cveOf(weakness) } : { advisory: compact({ uid: weakness.weakness, title }) }),
    title,
    severity: OCSF_SEVERITIES[severity][1],
    desc: weakness.because,
    first_seen_time: foundAt,
    is_fix_available: hasFix,
    is_exploit_available: isKnownExploited,
    references: sources.map(({ url }) => url).filter((url) => url !== ''),
    affected_packages: [
      compact({
        name: component.name || 'unknown',
        version: component.version || 'unknown',
        vendor_name: component.vendor,
      }),
    ],
  });
}

function cveOf({ weakness, title, vector, baseScore, score, exploitProbability }: Weakness): Attributes {
  const cvss =
    baseScore === null
      ? []
      : [compact({ version: versionOf(vector), base_score: baseScore, overall_score: score, vector_string: vector })];
  return compact({
    uid: weakness,
    title,
    cvss,
    epss: exploitProbability === null ? undefined : { score: String(exploitProbability) },
  });
}

/** A vector of version 2 does not say its version. */
function versionOf(vector: string): string {
  return /^CVSS:(\d\.\d)/.exec(vector)?.[1] ?? '2.0';
}
