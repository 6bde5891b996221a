import type { Severity } from '@sphinx/schema';
import type { RiskParameters, Threat } from './risk-knowledge.ts';

/** Something that was detected about one asset. */
export interface RiskSignal {
  readonly id: string;
  /** Repetitions of one analytic about an asset in one role are one signal: the gravest and the latest. */
  readonly analytic: string;
  readonly title: string;
  readonly kind: string;
  readonly severity: Severity;
  /** How sure the analytic is, 0 to 1; null where it does not tell. */
  readonly confidence: number | null;
  readonly role: 'actor' | 'affected' | 'target';
  /** It says that something is not allowed, not that somebody attacks. */
  readonly isPolicy: boolean;
  readonly techniques: readonly string[];
  readonly ruleClass: string;
  readonly set: string;
  /** Last time, milliseconds since the Unix epoch. */
  readonly time: number;
}

/** As much of an incident as the model needs. */
export interface RiskIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly isClosed: boolean;
  readonly verdict: 'true' | 'false' | 'benign' | 'test' | 'duplicate' | null;
  readonly assets: readonly { readonly assetId: string; readonly role: RiskSignal['role'] }[];
  readonly analytics: readonly string[];
  readonly techniques: readonly string[];
  readonly lastSeen: number;
  readonly closedAt: number | null;
}

/** One thing that speaks for a compromise, with how strongly. */
export interface WeighedEvidence {
  readonly kind: 'signal' | 'incident';
  readonly id: string;
  readonly text: string;
  readonly time: number;
  /** Natural logarithm of the factor by which it multiplies the odds, by threat. */
  readonly logFactors: Float64Array;
}

const MS_PER_HOUR = 3_600_000;
/** A factor of a millionth of the smallest prior changes nothing; e^14 is a million. */
const MOST_LOG = Math.log(1e7);
/** A signal that came in just after the last of its incident is of it. */
const SLACK_MS = MS_PER_HOUR;

/**
 * Weighs what was detected about one asset.
 *
 * @param incidents those that name the asset
 * @param now milliseconds since the Unix epoch: what is old counts less
 */
export function weighEvidence(
  assetId: string,
  signals: readonly RiskSignal[],
  incidents: readonly RiskIncident[],
  knowledge: { readonly threats: readonly Threat[]; readonly parameters: RiskParameters },
  now: number,
): readonly WeighedEvidence[] {
  const weighed = [
    ...signals.filter((signal) => !isDismissed(signal, incidents)).map((signal) => weighSignal(signal, knowledge, now)),
    ...incidents.flatMap((incident) => weighIncident(assetId, incident, knowledge, now) ?? []),
  ];
  return weighed.filter(({ logFactors }) => logFactors.some((factor) => factor > 1e-6));
}

/**
 * @returns for each threat the logarithm of the factor of all evidence. Signals of one attack depend on one another: each further
 * one counts part of the one before. An incident is made of signals: the stronger of the two counts, not both.
 */
export function combineEvidence(
  weighed: readonly WeighedEvidence[],
  count: number,
  { furtherAnalytics }: RiskParameters,
): Float64Array {
  const combined = new Float64Array(count);
  for (let threat = 0; threat < count; threat++) {
    const factors = weighed
      .filter(({ kind }) => kind === 'signal')
      .map(({ logFactors }) => logFactors[threat] ?? 0)
      .sort((a, b) => b - a);
    const ofSignals = factors.reduce((sum, factor, index) => sum + factor * furtherAnalytics ** index, 0);
    const ofIncidents = Math.max(
      0,
      ...weighed.filter(({ kind }) => kind === 'incident').map(({ logFactors }) => logFactors[threat] ?? 0),
    );
    combined[threat] = Math.min(MOST_LOG, Math.max(ofSignals, ofIncidents));
  }
  return combined;
}

function weighSignal(
  signal: RiskSignal,
  { threats, parameters }: { readonly threats: readonly Threat[]; readonly parameters: RiskParameters },
  now: number,
): WeighedEvidence {
  const { ifCompromised, otherwise } = parameters.signals[signal.severity];
  const falseAlarms = Math.min(1, otherwise * (parameters.falseAlarms[signal.kind] ?? 1));
  const ratio = Math.max(1, 1 + (ifCompromised / falseAlarms - 1) * (signal.confidence ?? 1));
  const weight =
    Math.log(ratio) *
    parameters.roles[signal.role] *
    (signal.isPolicy ? parameters.policyWeight : 1) *
    fading(signal.time, parameters, now);
  const logFactors = new Float64Array(threats.length);
  // A technique says more than a class of rules, where a threat goes with it.
  const hasTechnique = threats.some((threat) => goesWith(threat, signal.techniques));
  threats.forEach((threat, index) => {
    const isSign =
      threat.sets.includes(signal.set) ||
      (hasTechnique ? goesWith(threat, signal.techniques) : threat.classes.includes(signal.ruleClass));
    logFactors[index] = weight * (isSign ? 1 : parameters.otherThreats);
  });
  return { kind: 'signal', id: signal.id, text: `${signal.title} (${signal.severity})`, time: signal.time, logFactors };
}

function weighIncident(
  assetId: string,
  incident: RiskIncident,
  { threats, parameters }: { readonly threats: readonly Threat[]; readonly parameters: RiskParameters },
  now: number,
): WeighedEvidence | undefined {
  const role = incident.assets.find((asset) => asset.assetId === assetId)?.role;
  if (role === undefined) return undefined;
  const ratio = ratioOf(incident, parameters);
  const since = incident.isClosed ? (incident.closedAt ?? incident.lastSeen) : now;
  const weight = Math.log(ratio) * parameters.roles[role] * fading(since, parameters, now);
  const logFactors = new Float64Array(threats.length);
  threats.forEach((threat, index) => {
    logFactors[index] = weight * (goesWith(threat, incident.techniques) ? 1 : parameters.otherThreats);
  });
  const state = incident.isClosed ? 'dealt with' : incident.verdict === 'true' ? 'confirmed' : 'open';
  const text = `INC-${incident.number}: ${incident.title} (${incident.severity}, ${state})`;
  return { kind: 'incident', id: incident.id, text, time: incident.lastSeen, logFactors };
}

function ratioOf({ isClosed, verdict, severity }: RiskIncident, { incidents }: RiskParameters): number {
  if (isClosed) return verdict === 'true' ? incidents.handled : 1;
  if (verdict === 'true') return incidents.confirmed;
  return severity === 'informational' ? 1 : incidents[severity];
}

/** Somebody looked at it and said what it was; what is left of a true one, the incident says. */
function isDismissed(signal: RiskSignal, incidents: readonly RiskIncident[]): boolean {
  return incidents.some(
    ({ isClosed, verdict, analytics, lastSeen, closedAt }) =>
      isClosed &&
      verdict !== null &&
      verdict !== 'duplicate' &&
      analytics.includes(signal.analytic) &&
      signal.time <= Math.max(lastSeen + SLACK_MS, closedAt ?? 0),
  );
}

/** Evidence loses half of its weight in a half-life. */
function fading(time: number, { halfLifeHours }: RiskParameters, now: number): number {
  return 0.5 ** (Math.max(0, now - time) / (halfLifeHours * MS_PER_HOUR));
}

function goesWith(threat: Threat, techniques: readonly string[]): boolean {
  return techniques.some((technique) => threat.techniques.some((of) => isOf(technique, of)));
}

/** T1021.001 is of T1021. */
function isOf(technique: string, of: string): boolean {
  return technique === of || technique.startsWith(`${of}.`);
}
