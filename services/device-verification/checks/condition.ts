import type { AssetPeer, AssetService } from '@sphinx/schema';
import { patternOf } from './predicate.ts';
import type { PeerCondition, ServiceCondition } from './selector.ts';

/**
 * @param ownZone zone of the asset itself
 * @returns undefined where the peer's kind or zone is asked for and not known, or whether it answered was not to be seen
 */
export function judgePeer(condition: PeerCondition, peer: AssetPeer, ownZone: string | undefined): boolean | undefined {
  const plain =
    isOneOf(condition.direction === undefined ? undefined : [condition.direction], peer.direction) &&
    isOneOf(condition.protocol, peer.protocol) &&
    !(condition.exceptProtocol?.includes(peer.protocol) ?? false) &&
    isOneOf(condition.transport, peer.transport) &&
    isOneOf(condition.port, peer.port) &&
    isSame(condition.isExternal, peer.isExternal && !isGroupAddress(peer.ip)) &&
    isSame(condition.isEncrypted, peer.isEncrypted) &&
    (condition.bytesSentAbove === undefined || peer.bytesSent > condition.bytesSentAbove);
  if (!plain) return false;
  const answers = [
    judgeAnswer(condition.isAnswered, peer),
    judgePattern(condition.kind, peer.kind),
    judgePattern(condition.zone, peer.zone),
    judgeZoneDifference(condition.isZoneDifferent, peer.zone, ownZone),
  ];
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

export function judgeService(condition: ServiceCondition, service: AssetService): boolean {
  return (
    isOneOf(condition.protocol, service.protocol) &&
    isOneOf(condition.transport, service.transport) &&
    isOneOf(condition.port, service.port) &&
    isSame(condition.isEncrypted, service.isEncrypted)
  );
}

/** Multicast, broadcast and link-local addresses are nobody's home, so they are neither inside nor outside. */
export function isGroupAddress(ip: string): boolean {
  if (ip.includes(':')) return /^(ff|fe[89ab])/i.test(ip);
  const first = Number.parseInt(ip, 10);
  return first >= 224 || first === 0 || first === 127 || ip.startsWith('169.254.');
}

function isOneOf<Value>(allowed: readonly Value[] | undefined, value: Value): boolean {
  return allowed === undefined || allowed.includes(value);
}

function isSame(wanted: boolean | undefined, value: boolean): boolean {
  return wanted === undefined || wanted === value;
}

/** Where answers may have gone unseen, none is no refusal. */
function judgeAnswer(wanted: boolean | undefined, { isAnswered, isPartial }: AssetPeer): boolean | undefined {
  if (wanted === undefined) return true;
  return isPartial === true && !isAnswered ? undefined : wanted === isAnswered;
}

function judgePattern(pattern: string | undefined, value: string | undefined): boolean | undefined {
  if (pattern === undefined) return true;
  return value === undefined ? undefined : patternOf(pattern).test(value);
}

function judgeZoneDifference(
  wanted: boolean | undefined,
  zone: string | undefined,
  ownZone: string | undefined,
): boolean | undefined {
  if (wanted === undefined) return true;
  if (zone === undefined || ownZone === undefined) return undefined;
  return (zone !== ownZone) === wanted;
}
