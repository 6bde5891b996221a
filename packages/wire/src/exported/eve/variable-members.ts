import type { FlowVariables } from '../../inspector.ts';
import { type EveMembers, present } from './eve-event.ts';

/** Bits whose names begin so tell what kind of traffic it is (Suricata user guide, "Traffic labels"). */
const TRAFFIC = /^traffic\/(id|label)\/(.+)$/;

/**
 * What rules have noted on a flow: `traffic` and `metadata`.
 *
 * @param withContent what expressions took out of the traffic is told too
 */
export function variableMembers(variables: FlowVariables | undefined, withContent: boolean): EveMembers {
  if (variables === undefined) return {};
  const traffic: Record<string, string[]> = {};
  const bits: string[] = [];
  for (const bit of variables.bits) {
    const [, kind, name] = TRAFFIC.exec(bit) ?? [];
    if (kind === undefined || name === undefined) bits.push(bit);
    else traffic[kind] = [...(traffic[kind] ?? []), name];
  }
  const told = (texts: readonly (readonly [string, string])[]) =>
    withContent ? texts.map(([name, text]) => ({ [name]: text })) : [];
  const metadata = present({
    flowbits: bits,
    flowints: Object.fromEntries(variables.numbers),
    flowvars: told(variables.flowTexts),
    pktvars: told(variables.packetTexts),
  });
  return present({ traffic, metadata });
}
