import type { ClinicalFlow } from '@sphinx/response';
import type { Device, Talk } from '../assets/device.ts';
import type { KeptFlowRules } from '../knowledge/kept-flow-rules.ts';

/** A flow that a micro-quarantine cuts, and why. */
export interface LeftOutFlow {
  readonly peer: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly begunBy: 'device' | 'peer';
  readonly reason: string;
}

export interface Micro {
  readonly kept: readonly ClinicalFlow[];
  readonly leftOut: readonly LeftOutFlow[];
}

const MS_PER_HOUR = 3_600_000;

/**
 * What stays of a device's flows in a micro-quarantine, from what it was seen to do: each with its reason, and what is cut, too.
 *
 * @param attackFrom when the attack was seen first, milliseconds since the Unix epoch: what began shortly before may be part of it
 * @param nameOf name of the device at an address
 */
export function microQuarantine(
  device: Device,
  rules: KeptFlowRules,
  { attackFrom, nameOf }: { readonly attackFrom: number; readonly nameOf: (talk: Talk) => Peer },
): Micro {
  const kept = new Map<string, ClinicalFlow>();
  const leftOut = new Map<string, LeftOutFlow>();
  for (const talk of device.talks) {
    const peer = nameOf(talk);
    const judged = judge(talk, peer, rules, attackFrom);
    const { ip, transport, port, begunBy } = talk;
    const flow = { peer: ip, protocol: transport, port, begunBy, reason: judged.reason };
    const key = `${ip}|${transport}|${port}|${begunBy}`;
    if (judged.isKept) kept.set(key, flow);
    else if (!leftOut.has(key)) leftOut.set(key, flow);
  }
  // One talk of several at the same port was told clinical: the port stays.
  for (const key of kept.keys()) leftOut.delete(key);
  return { kept: [...kept.values()], leftOut: [...leftOut.values()] };
}

/** The other end of a talk, as far as the inventory knows it. */
export interface Peer {
  readonly name: string;
  readonly isOfCare: boolean;
}

function judge(
  { protocol, isExternal, firstSeen, port }: Talk,
  { name, isOfCare }: Peer,
  rules: KeptFlowRules,
  attackFrom: number,
): { readonly isKept: boolean; readonly reason: string } {
  const called = protocol === 'unknown' ? `port ${port}` : protocol.toUpperCase();
  const kept = (why: string) => ({ isKept: true, reason: `${called} with ${name}: ${why}` });
  const cut = (why: string) => ({ isKept: false, reason: `${called} with ${name}: ${why}` });
  if (firstSeen > attackFrom - rules.leastHoursBefore * MS_PER_HOUR) {
    return cut(`first seen less than ${rules.leastHoursBefore} hours before the attack`);
  }
  if (isExternal) return cut('it is outside the hospital');
  if (rules.leftOutProtocols.includes(protocol)) return cut('attackers move on this way');
  if (rules.clinicalProtocols.includes(protocol)) return kept('a clinical protocol');
  if (rules.infrastructureProtocols.includes(protocol)) return kept('needed to work on the network at all');
  if (isOfCare) return kept('the other end is a system of care');
  return cut('nothing says that care needs it');
}
