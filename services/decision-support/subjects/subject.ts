import type { Situation } from '@sphinx/playbooks';
import type { Incident, PatientSafetyClass, Severity, Weakness } from '@sphinx/schema';

/** An asset that a decision touches, as far as it is known. */
export interface TouchedAsset {
  readonly id: string;
  readonly name: string;
  /** Key of knowledge/asset-kinds; empty where unknown. */
  readonly kind: string;
  readonly safetyClass: PatientSafetyClass | null;
  readonly careArea: string;
  readonly zone: string;
  readonly ips: readonly string[];
}

/** What somebody has to decide on: an incident, or a weakness with all assets that have it. */
export interface Subject {
  readonly kind: 'incident' | 'weakness';
  readonly id: string;
  /** What people call it: INC-12, CVE-2019-0708. */
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly clinicalImpact: string;
  readonly assets: readonly TouchedAsset[];
  /** More than those listed where there are many. */
  readonly assetCount: number;
  /** Addresses that are no asset, and accounts, that an incident names. */
  readonly addresses: readonly string[];
  readonly users: readonly string[];
  readonly situation: Situation;
  /** What it rests on, in words. */
  readonly evidence: readonly string[];
  readonly lastSeen: number;
  readonly isSample: boolean;
}

/** One asset with one weakness, as it is kept. */
export interface HeldWeakness {
  readonly weakness: Weakness;
  readonly asset: TouchedAsset;
  readonly isSample: boolean;
}

/** Assets that a page lists; the number of all of them is told. */
const MOST_ASSETS = 50;
const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

export function subjectOfIncident(incident: Incident): Subject {
  const {
    id,
    number,
    title,
    severity,
    clinicalImpact,
    techniques,
    stages,
    analytics,
    signals,
    lastSeen,
    isSample,
    addresses,
    users,
  } = incident;
  const assets = incident.assets.map(({ assetId, name, kind, patientSafetyClass, careArea, zone }) => ({
    id: assetId,
    name,
    kind,
    safetyClass: patientSafetyClass,
    careArea,
    zone,
    ips: [],
  }));
  return {
    kind: 'incident',
    id,
    name: `INC-${number}`,
    title,
    severity,
    clinicalImpact,
    assets: assets.slice(0, MOST_ASSETS),
    assetCount: assets.length,
    addresses,
    users,
    situation: {
      subject: 'incident',
      severity,
      techniques,
      stages,
      ...placesOf(assets),
      titles: [title, ...analytics.map((each) => each.title)],
      isKnownExploited: false,
      hasFix: false,
    },
    evidence: [
      `${signals} ${signals === 1 ? 'signal' : 'signals'} of ${analytics.length} ${analytics.length === 1 ? 'kind' : 'kinds'}`,
      ...analytics.slice(0, 5).map((each) => `${each.title} (${each.count})`),
    ],
    lastSeen,
    isSample,
  };
}

/** @param held all assets that have the weakness, one at least */
export function subjectOfWeakness(held: readonly HeldWeakness[]): Subject | undefined {
  const worst = held.toSorted((a, b) => b.weakness.priority - a.weakness.priority)[0];
  if (worst === undefined) return undefined;
  const { weakness } = worst;
  const assets = held.map(({ asset }) => asset);
  const severity =
    SEVERITIES[Math.max(...held.map((each) => SEVERITIES.indexOf(each.weakness.severity)))] ?? weakness.severity;
  const sources = weakness.sources.map(({ feed, id }) => `${feed}: ${id}`);
  return {
    kind: 'weakness',
    id: weakness.weakness,
    name: weakness.weakness,
    title: weakness.title,
    severity,
    clinicalImpact: '',
    assets: assets.slice(0, MOST_ASSETS),
    assetCount: assets.length,
    addresses: [],
    users: [],
    situation: {
      subject: 'weakness',
      severity,
      techniques: [],
      stages: [],
      ...placesOf(assets),
      titles: [weakness.title, `${weakness.component.vendor} ${weakness.component.name}`],
      isKnownExploited: held.some((each) => each.weakness.isKnownExploited),
      hasFix: held.some((each) => each.weakness.hasFix),
    },
    evidence: [
      `${assets.length} ${assets.length === 1 ? 'device has' : 'devices have'} it: ${weakness.because}`,
      ...weakness.reasons.slice(0, 3),
      ...sources.slice(0, 3),
    ],
    lastSeen: Math.max(...held.map((each) => each.weakness.foundAt)),
    isSample: held.every((each) => each.isSample),
  };
}

function placesOf(assets: readonly TouchedAsset[]): Pick<Situation, 'assetKinds' | 'safetyClasses' | 'zones'> {
  const filled = (values: readonly string[]) => [...new Set(values.filter((value) => value !== ''))];
  return {
    assetKinds: filled(assets.map(({ kind }) => kind)),
    safetyClasses: [...new Set(assets.flatMap(({ safetyClass }) => safetyClass ?? []))],
    zones: filled(assets.map(({ zone }) => zone)),
  };
}
