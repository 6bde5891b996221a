import type { KnownFault, KnownWeakness, RiskIncident, RiskSignal } from '@sphinx/risk';
import type { Alert, Detection, Incident, Severity, Verification, Weakness } from '@sphinx/schema';

/** A signal and the assets that it is about. */
export interface SignalOf {
  readonly assetId: string;
  readonly signal: RiskSignal;
}

/** Finds an asset by address or name. */
export type FindAsset = (name: string) => string | undefined;

const DATA_PROTECTION = 'data-protection';
/** Classes of Suricata's that speak of what is allowed. */
const POLICY_CLASSES = ['policy-violation', 'misc-activity', 'not-suspicious', 'protocol-command-decode'];
const DYNAMIC_PORTS = 32_768;
const LONGEST_TITLE = 200;

/** @returns what a detection says about the assets at its ends */
export function signalsOfDetection(detection: Detection, find: FindAsset): readonly SignalOf[] {
  const { id, rule, severity, time, model } = detection;
  const [actor, target] = endsOf(detection);
  const isDataProtection = rule.set === DATA_PROTECTION;
  const common = {
    id,
    analytic: `${rule.gid}:${rule.sid}`,
    title: rule.title.slice(0, LONGEST_TITLE),
    kind: model !== undefined ? 'model' : isDataProtection ? DATA_PROTECTION : 'network-rule',
    severity,
    confidence: model?.probability ?? null,
    isPolicy: !isDataProtection && POLICY_CLASSES.includes(rule.class),
    techniques: rule.techniques,
    ruleClass: rule.class,
    set: rule.set,
    time,
  };
  return [
    { name: actor.ip, role: 'actor' as const },
    { name: target.ip, role: 'target' as const },
  ].flatMap(({ name, role }) => {
    const assetId = find(name);
    return assetId === undefined ? [] : [{ assetId, signal: { ...common, role } }];
  });
}

/**
 * Who acts and who is acted upon. A rule that names its victim is believed; else the client acts, and the client is the end with
 * the port that nobody listens on (RFC 6335 §6). Data protection names the sender.
 */
function endsOf({ source, destination, target, rule }: Detection): readonly [Detection['source'], Detection['source']] {
  if (rule.set === DATA_PROTECTION) return [source, destination];
  if (target !== null) return target === 'source' ? [destination, source] : [source, destination];
  const isAnswer = source.port !== 0 && source.port < destination.port && source.port < DYNAMIC_PORTS;
  return isAnswer ? [destination, source] : [source, destination];
}

/** @returns what an alert says about the assets that it names */
export function signalsOfAlert(alert: Alert, find: FindAsset): readonly SignalOf[] {
  const { id, analytic, kind, severity, confidence, techniques, endTime, time, comparison } = alert;
  const signal = {
    id,
    analytic: analytic.id,
    title: analytic.title.slice(0, LONGEST_TITLE),
    kind,
    severity,
    confidence: confidence ?? (comparison === undefined ? null : 1 - comparison.rarity),
    isPolicy: false,
    techniques,
    ruleClass: '',
    set: analytic.set,
    time: Math.max(time, endTime),
  };
  const found = alert.subjects.flatMap(({ role, type, value }): SignalOf[] => {
    const assetId = type === 'asset' ? value : type === 'ip' || type === 'hostname' ? find(value) : undefined;
    return assetId === undefined ? [] : [{ assetId, signal: { ...signal, role } }];
  });
  return [...new Map(found.map((each) => [`${each.assetId}|${each.signal.role}`, each])).values()];
}

export function incidentOf(incident: Incident): RiskIncident {
  const { id, number, title, severity, status, verdict, assets, analytics, techniques, lastSeen, closedAt } = incident;
  return {
    id,
    number,
    title: title.slice(0, LONGEST_TITLE),
    severity,
    isClosed: status === 'closed',
    verdict,
    assets: assets.map(({ assetId, role }) => ({ assetId, role })),
    analytics: analytics.map((each) => each.id),
    techniques,
    lastSeen,
    closedAt,
  };
}

/** CVSS of every version writes the attack vector so; physical and local ones need somebody at the device. */
const NEEDS_PRESENCE = /(?:^|\/)AV:[LP](?:\/|$)/;

export function knownWeakness(weakness: Weakness): KnownWeakness {
  return {
    weakness: weakness.weakness,
    severity: weakness.severity,
    isKnownExploited: weakness.isKnownExploited,
    exploitProbability: weakness.exploitProbability,
    isOverNetwork: !NEEDS_PRESENCE.test(weakness.vector),
    isPossible: weakness.presence === 'possibly-affected',
    isCompensated: weakness.status === 'compensated',
  };
}

/** Those that nobody needs to reckon with. */
export function isSettled({ status }: Weakness): boolean {
  return status === 'false-positive' || status === 'fixed';
}

/** @returns checks that failed, of those that say something */
export function faultsOf({ results }: Verification): readonly KnownFault[] {
  return results
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ checkId, title, severity }) => ({ check: checkId, title: title.slice(0, LONGEST_TITLE), severity }));
}

const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Two signals of one analytic about an asset in one role: the later, with the gravest severity of both. */
export function later(known: RiskSignal | undefined, signal: RiskSignal): RiskSignal {
  if (known === undefined) return signal;
  const severity =
    SEVERITIES.indexOf(known.severity) > SEVERITIES.indexOf(signal.severity) ? known.severity : signal.severity;
  return { ...(known.time > signal.time ? known : signal), severity };
}
