import type {
  Asset,
  AssetPeer,
  AssetService,
  HostEvidence,
  PacketReference,
  VerificationOccasion,
  VerifiedState,
} from '@sphinx/schema';
import { type Documents, NO_DOCUMENTS } from '../documents/documents.ts';
import type { EndOfLifeProduct } from '../knowledge/end-of-life.ts';
import { recogniseListed, recogniseSoftware } from '../knowledge/end-of-life.ts';
import { judgePeer, judgeService } from './condition.ts';
import { fill } from './fill.ts';
import { observeChange, observeSighting } from './observe-change.ts';
import { observeComponents, observeStatements, observeWeaknesses } from './observe-documents.ts';
import { judgeValue, type ValuePredicate } from './predicate.ts';
import type {
  ConflictSelector,
  EvidenceSelector,
  FactSelector,
  PeerSelector,
  Selector,
  ServiceSelector,
  SoftwareSelector,
} from './selector.ts';

/** Something seen that a check looks at, judged. */
export interface Observation {
  readonly isFailing: boolean | undefined;
  readonly statement: string;
  readonly attribute?: string;
  readonly value?: string;
  readonly packet?: PacketReference;
  readonly time: number;
  /** Observations with one key count once against `atLeast`. */
  readonly key: string;
}

/** An asset with its evidence arranged for many look-ups. */
export interface Subject {
  readonly asset: Asset;
  readonly byAttribute: ReadonlyMap<string, readonly HostEvidence[]>;
  readonly now: number;
  readonly endOfLife: readonly EndOfLifeProduct[];
  readonly documents: Documents;
  readonly occasion: VerificationOccasion | undefined;
  /** What the asset was at its last certificate. */
  readonly before: VerifiedState | undefined;
}

/** What a judgement rests on besides the snapshot of the asset. */
export interface Background {
  readonly documents?: Documents | undefined;
  readonly occasion?: VerificationOccasion | undefined;
  readonly before?: VerifiedState | undefined;
}

/** @param now milliseconds since the Unix epoch */
export function subjectOf(
  asset: Asset,
  endOfLife: readonly EndOfLifeProduct[],
  now: number,
  { documents = NO_DOCUMENTS, occasion, before }: Background = {},
): Subject {
  const byAttribute = Map.groupBy(asset.evidence, (item) => item.attribute);
  return { asset, byAttribute, now, endOfLife, documents, occasion, before };
}

/** Everything in the asset that a selector points at, in the order of the snapshot. */
export function observe(selector: Selector, subject: Subject): readonly Observation[] {
  if ('evidence' in selector) return observeEvidence(selector, subject);
  if ('peer' in selector) return observePeers(selector, subject);
  if ('service' in selector) return observeServices(selector, subject);
  if ('conflict' in selector) return observeConflicts(selector, subject);
  if ('fact' in selector) return observeFact(selector, subject);
  if ('stated' in selector) return observeStatements(selector, subject);
  if ('component' in selector) return observeComponents(selector, subject);
  if ('weakness' in selector) return observeWeaknesses(selector, subject);
  if ('sighting' in selector) return observeSighting(selector, subject);
  if ('change' in selector) return observeChange(selector, subject);
  return observeSoftware(selector, subject);
}

function observeEvidence(selector: EvidenceSelector, subject: Subject): readonly Observation[] {
  const attributes = typeof selector.evidence === 'string' ? [selector.evidence] : selector.evidence;
  return attributes.flatMap((attribute) => {
    const all = (subject.byAttribute.get(attribute) ?? []).filter(
      (item) =>
        (selector.role?.includes(item.role) ?? true) &&
        (selector.port === undefined || (item.port !== undefined && selector.port.includes(item.port))),
    );
    const seen = selector.isLatest === true ? latestPerPlace(all) : all;
    return seen
      .filter((item) => isWithin(selector, item, subject))
      .map((item) => {
        const isFailing = selector.failsIf === undefined ? true : judgeEvidence(selector.failsIf, item, subject);
        return {
          isFailing,
          statement: fill(wordsOf(selector.says, isFailing) ?? '{attribute} was {value} as {role}{place}', {
            attribute,
            value: item.value,
            role: item.role,
            protocol: item.protocol,
            port: item.port ?? '',
            place: placeText(item),
          }),
          attribute,
          value: item.value,
          packet: item.packet,
          time: item.packet.time,
          key: `${attribute} ${item.value} ${item.port ?? ''}`,
        };
      });
  });
}

/** The words of a check tell of a fault. What is in order is told plainly, or a reader would take it for one. */
function wordsOf(says: string | undefined, isFailing: boolean | undefined): string | undefined {
  return isFailing === true ? says : undefined;
}

function isWithin(selector: EvidenceSelector, item: HostEvidence, subject: Subject): boolean {
  if (selector.where !== undefined && judgeEvidence(selector.where, item, subject) !== true) return false;
  if (selector.isClearText === true && isEncryptedPlace(item, subject)) return false;
  if (selector.withSibling === undefined) return true;
  const { evidence, value } = selector.withSibling;
  return (subject.byAttribute.get(evidence) ?? []).some(
    (other) => isSamePlace(other, item) && judgeEvidence(value, other, subject) === true,
  );
}

function isEncryptedPlace(item: HostEvidence, subject: Subject): boolean {
  return (subject.byAttribute.get('tls.server.version') ?? []).some((other) => isSamePlace(other, item));
}

function judgeEvidence(predicate: ValuePredicate, item: HostEvidence, subject: Subject): boolean | undefined {
  return judgeValue(predicate, item.value, {
    now: subject.now,
    sibling: (attribute) =>
      latestPerPlace((subject.byAttribute.get(attribute) ?? []).filter((other) => isSamePlace(other, item)))[0]?.value,
  });
}

function isSamePlace(a: HostEvidence, b: HostEvidence): boolean {
  return a.role === b.role && a.port === b.port && a.transport === b.transport;
}

function latestPerPlace(items: readonly HostEvidence[]): readonly HostEvidence[] {
  const latest = new Map<string, HostEvidence>();
  for (const item of items) {
    const place = `${item.role} ${item.transport ?? ''} ${item.port ?? ''}`;
    const before = latest.get(place);
    if (before === undefined || item.lastSeen >= before.lastSeen) latest.set(place, item);
  }
  return [...latest.values()];
}

function observePeers(selector: PeerSelector, subject: Subject): readonly Observation[] {
  const zone = subject.asset.facts.zone?.value;
  return subject.asset.peers
    .filter((peer) => judgePeer(selector.peer, peer, zone) === true)
    .map((peer) => {
      const isFailing = selector.failsIf === undefined ? true : judgePeer(selector.failsIf, peer, zone);
      return {
        isFailing,
        statement: fill(wordsOf(selector.says, isFailing) ?? peerText(peer), {
          ip: peer.ip,
          protocol: peer.protocol,
          port: peer.port,
          transport: peer.transport,
          kind: peer.kind ?? 'unknown device',
          zone: peer.zone ?? 'unknown zone',
          ownZone: zone ?? 'unknown zone',
        }),
        value: `${peer.ip} ${peer.protocol}`,
        packet: peer.packet,
        time: peer.packet.time,
        key: `${peer.ip} ${peer.direction}`,
      };
    });
}

function peerText(peer: AssetPeer): string {
  const protection = peer.isEncrypted ? 'encrypted' : 'in clear text';
  const place = peer.isExternal ? 'outside the hospital' : (peer.kind ?? 'inside');
  return peer.direction === 'outgoing'
    ? `talked {protocol} ${protection} to {ip} (${place}) on {transport}/{port}`
    : `was reached over {protocol} ${protection} from {ip} (${place}) on {transport}/{port}`;
}

function observeServices(selector: ServiceSelector, subject: Subject): readonly Observation[] {
  return subject.asset.services
    .filter((service) => judgeService(selector.service, service))
    .map((service) => {
      const isFailing = selector.failsIf === undefined ? true : judgeService(selector.failsIf, service);
      return {
        isFailing,
        statement: fill(wordsOf(selector.says, isFailing) ?? serviceText(service), { ...service, evidence: '' }),
        value: `${service.protocol} ${service.transport}/${service.port}`,
        ...(service.evidence[0] === undefined ? {} : { packet: service.evidence[0].packet }),
        time: service.firstSeen,
        key: `${service.transport}/${service.port}`,
      };
    });
}

function serviceText(service: AssetService): string {
  return `offers {protocol} ${service.isEncrypted ? 'encrypted' : 'in clear text'} on {transport}/{port}`;
}

function observeConflicts(selector: ConflictSelector, subject: Subject): readonly Observation[] {
  return subject.asset.conflicts
    .filter((conflict) => selector.conflict.includes(conflict.kind))
    .map((conflict) => ({
      isFailing: true,
      statement: fill(selector.says ?? '{detail}', { value: conflict.value, detail: conflict.detail }),
      attribute: conflict.kind,
      value: conflict.value,
      ...(conflict.packet === undefined ? {} : { packet: conflict.packet }),
      time: conflict.time,
      key: `${conflict.kind} ${conflict.value}`,
    }));
}

function observeFact(selector: FactSelector, subject: Subject): readonly Observation[] {
  const fact = subject.asset.facts[selector.fact];
  const time = subject.asset.lastSeen;
  if (fact === undefined) {
    if (selector.failsIf?.isAbsent !== true) return [];
    const statement = selector.says ?? `nothing seen so far tells its ${selector.fact}`;
    return [{ isFailing: true, statement, time, key: selector.fact }];
  }
  const packet = fact.evidence[0]?.packet;
  return [
    {
      isFailing: judgeFact(selector, fact.value, fact.confidence, subject.now),
      statement: `${selector.fact} is ${fact.value} (confidence ${Math.round(fact.confidence * 100)} %)`,
      attribute: selector.fact,
      value: fact.value,
      ...(packet === undefined ? {} : { packet }),
      time,
      key: selector.fact,
    },
  ];
}

function judgeFact(selector: FactSelector, value: string, confidence: number, now: number): boolean | undefined {
  const { failsIf } = selector;
  if (failsIf === undefined) return true;
  if (failsIf.confidenceBelow !== undefined && confidence < failsIf.confidenceBelow) return true;
  if (failsIf.value === undefined) return false;
  return judgeValue(failsIf.value, value, { now, sibling: () => undefined });
}

function observeSoftware(selector: SoftwareSelector, subject: Subject): readonly Observation[] {
  const { supportEndsBefore, supportEndsAfter } = selector.failsIf;
  const context = { now: subject.now, sibling: () => undefined };
  const recognised =
    selector.in === 'software-list'
      ? recogniseListed(subject.documents.components, subject.endOfLife)
      : recogniseSoftware(subject.asset, subject.endOfLife);
  return recognised
    .filter((found) => selector.software.includes(found.category))
    .map((found) => ({
      isFailing: judgeValue(
        { before: supportEndsBefore, ...(supportEndsAfter === undefined ? {} : { after: supportEndsAfter }) },
        found.endOfLife,
        context,
      ),
      statement: fill(selector.says ?? '{title}: support of the maker ends or ended on {endOfLife}; seen as {value}', {
        title: found.title,
        endOfLife: found.endOfLife,
        value: found.value,
      }),
      attribute: found.attribute,
      value: found.value,
      ...(found.packet === undefined ? {} : { packet: found.packet }),
      time: found.time,
      key: found.title,
    }));
}

function placeText(item: HostEvidence): string {
  return item.port === undefined ? '' : ` on ${item.transport ?? 'tcp'}/${item.port}`;
}
