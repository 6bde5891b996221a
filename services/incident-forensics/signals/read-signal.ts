import { isInternalAddress } from '@sphinx/platform';
import type { Alert, AlertSubject, Detection, Fact, Severity, Verification } from '@sphinx/schema';
import type { AssetBook } from '../assets/asset-book.ts';
import type { AttackKnowledge } from '../knowledge/attack-knowledge.ts';
import type { Entity, Role, Signal, SignalKind } from './signal.ts';

export interface SignalReading {
  readonly assets: AssetBook;
  readonly attack: AttackKnowledge;
  /** Classes of rules that speak of what is allowed. */
  readonly policyClasses: ReadonlySet<string>;
  /** What an asset was judged before, where it was. */
  lastVerdictOf(assetId: string): string | undefined;
}

const DATA_PROTECTION_SET = 'data-protection';
/** A description is kept with its signal; longer ones are cut. */
const MAXIMUM_TEXT = 1000;
/** Of an alert that grows, the latest. */
const MAXIMUM_REFERENCES = 20;

/** @returns the fact as a signal; undefined where it is none that anybody must look at */
export function readSignal(fact: Fact, reading: SignalReading): Signal | undefined {
  switch (fact.type) {
    case 'detection.found':
      return signalOfDetection(fact.data, reading);
    case 'alert.raised':
      return signalOfAlert(fact.data, reading);
    case 'verdict.issued':
      return signalOfVerdict(fact.data, reading);
    default:
      return undefined;
  }
}

function signalOfDetection(detection: Detection, reading: SignalReading): Signal {
  const { id, rule, severity, time, packet, model, isSample } = detection;
  const [actor, target] = endsOf(detection);
  const kind: SignalKind =
    model !== undefined ? 'model' : rule.set === DATA_PROTECTION_SET ? 'data-protection' : 'network-rule';
  return {
    id,
    kind,
    analytic: { id: `${rule.gid}:${rule.sid}`, title: rule.title, set: rule.set },
    severity,
    confidence: model?.probability,
    isPolicy: kind !== 'data-protection' && reading.policyClasses.has(rule.class),
    techniques: rule.techniques,
    stages: reading.attack.stagesOf(rule.techniques, rule.class),
    entities: [
      hostEntity(actor.ip, 'actor', reading.assets),
      hostEntity(target.ip, 'target', reading.assets),
      ...(detection.file === undefined ? [] : [plainEntity('file', detection.file.sha256, 'affected')]),
    ],
    time,
    endTime: time,
    count: 1,
    message: [rule.title, ...(model?.reasons ?? [])].join('; ').slice(0, MAXIMUM_TEXT),
    references: [{ kind: 'packet', id: detection.id, time, summary: rule.title, packet }],
    source: packet.source,
    isSample,
  };
}

/**
 * Who acts and who is acted upon. A rule that names its victim is believed; else the client acts, and the client is the end
 * with the port that nobody listens on (RFC 6335 §6: dynamic ports are the high ones). Data protection names the sender.
 */
function endsOf({ source, destination, target, rule }: Detection): readonly [Detection['source'], Detection['source']] {
  if (rule.set === DATA_PROTECTION_SET) return [source, destination];
  if (target !== null) return target === 'source' ? [destination, source] : [source, destination];
  const isAnswer = source.port !== 0 && source.port < destination.port && source.port < 32_768;
  return isAnswer ? [destination, source] : [source, destination];
}

function signalOfAlert(alert: Alert, reading: SignalReading): Signal {
  const { id, analytic, kind, severity, confidence, techniques, subjects, evidence } = alert;
  return {
    id,
    kind,
    analytic: { id: analytic.id, title: analytic.title, set: analytic.set },
    severity,
    confidence: confidence ?? (alert.comparison === undefined ? undefined : 1 - alert.comparison.rarity),
    isPolicy: false,
    techniques,
    stages: reading.attack.stagesOf(techniques),
    entities: distinct(subjects.flatMap((subject) => entityOf(subject, reading.assets) ?? [])),
    time: alert.time,
    endTime: Math.max(alert.time, alert.endTime),
    count: alert.count,
    message: alert.message.slice(0, MAXIMUM_TEXT),
    references: evidence.slice(-MAXIMUM_REFERENCES).map(({ kind: of, id: ref, time, summary, packet }) => ({
      kind: of,
      id: ref,
      time,
      summary,
      ...(packet === undefined ? {} : { packet }),
    })),
    source: evidence.find(({ packet }) => packet !== undefined)?.packet?.source ?? '',
    isSample: alert.isSample,
  };
}

/** A device that lost its good verdict is news; one that never had a good one is work for verification. */
function signalOfVerdict(verification: Verification, reading: SignalReading): Signal | undefined {
  const { id, assetId, verdict, reasons, time, isSample } = verification;
  if (verdict !== 'rejected') return undefined;
  const before = reading.lastVerdictOf(assetId);
  if (before === 'rejected') return undefined;
  const severity: Severity = before === 'trusted' || before === 'conditional' ? 'medium' : 'informational';
  return {
    id,
    kind: 'verdict',
    analytic: { id: 'verdict:rejected', title: 'A device failed its verification', set: 'device-verification' },
    severity,
    confidence: undefined,
    isPolicy: true,
    techniques: [],
    stages: [],
    entities: [assetEntity(assetId, verification.assetName, 'affected', reading.assets)],
    time,
    endTime: time,
    count: 1,
    message: `${verification.assetName} is rejected: ${reasons.slice(0, 3).join('; ')}`.slice(0, MAXIMUM_TEXT),
    references: [{ kind: 'verification', id: verification.id, time, summary: reasons[0] ?? 'rejected' }],
    source: '',
    isSample,
  };
}

function entityOf({ role, type, value }: AlertSubject, assets: AssetBook): Entity | undefined {
  switch (type) {
    case 'ip':
    case 'hostname':
      return hostEntity(value, role, assets);
    case 'asset':
      return assetEntity(value, value, role, assets);
    case 'user':
    case 'account':
      return plainEntity('user', accountOf(value), role);
    case 'domain':
      return plainEntity('domain', value.toLowerCase(), role);
    case 'file':
      return plainEntity('file', value, role);
    case 'process':
    case 'url':
    case 'service':
      // Many things have the same; they stand in the message.
      return undefined;
  }
}

/** The same account whichever way a log writes it: `WARD\a.berg`, `a.berg@ward.example`, `a.berg`. */
export function accountOf(name: string): string {
  const [, plain = name] = /^[^\\]*\\(.+)$/.exec(name) ?? [];
  return (plain.split('@')[0] ?? plain).toLowerCase();
}

function hostEntity(name: string, role: Role, assets: AssetBook): Entity {
  const card = assets.find(name);
  if (card !== undefined) return { key: `asset:${card.id}`, type: 'asset', id: card.id, name: card.name, role };
  const isAddress = /^[0-9.]+$|:/.test(name);
  if (!isAddress) return { key: `host:${name.toLowerCase()}`, type: 'host', id: name, name, role };
  const type = isInternalAddress(name) ? 'address' : 'external';
  return { key: `address:${name}`, type, id: name, name, role };
}

function assetEntity(id: string, name: string, role: Role, assets: AssetBook): Entity {
  return { key: `asset:${id}`, type: 'asset', id, name: assets.get(id)?.name ?? name, role };
}

function plainEntity(type: 'user' | 'domain' | 'file', id: string, role: Role): Entity {
  return { key: `${type}:${id}`, type, id, name: id, role };
}

function distinct(entities: readonly Entity[]): readonly Entity[] {
  return [...new Map(entities.map((entity) => [entity.key, entity])).values()];
}
