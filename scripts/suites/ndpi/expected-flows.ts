/** How sure nDPI is of the name, in its own words. */
export type Confidence = string;

/** One flow that nDPI printed. */
export interface ExpectedFlow {
  /** Same form as `flowKey` gives. */
  readonly key: string;
  /** As printed, for people: `TCP 10.0.0.1:40000 <-> 10.0.0.2:80`. */
  readonly text: string;
  /** Transport protocol of the name: `TLS` of `TLS.Google`. */
  readonly protocol: string;
  readonly confidence: Confidence;
}

const FLOW = /^\t\d+\t(\S+) (\S+) (?:<->|->) (\S+) .*?\[proto: ([^\]]*)\].*?\[Confidence: ([^\]]*)\]/;
const IP_PROTOCOL_NUMBER = /^\d+$/;
/** What nDPI prints instead of the number of an IP protocol. */
const IP_PROTOCOLS: Readonly<Record<string, string>> = {
  ICMPV6: 'icmpv6',
  IGMP: 'ip-2',
  GRE: 'ip-47',
  ESP: 'ip-50',
  AH: 'ip-51',
  OSPF: 'ip-89',
  VRRP: 'ip-112',
  PGM: 'ip-113',
  SCTP: 'ip-132',
};

/**
 * The flows of one result file of nDPI's tests (the output of `ndpiReader -q -t -i FILE -w RESULT -v 2`). A line reads
 * `number, transport, end, arrow, end, [VLAN], [proto: id/NAME] … [Confidence: HOW]`; ids may be pairs
 * (`91.126/TLS.Google`: master and application) and be preceded by the tunnel (`GTP:91/TLS`).
 */
export function readExpectedFlows(result: string): readonly ExpectedFlow[] {
  return result.split('\n').flatMap((line) => {
    const match = FLOW.exec(line);
    if (match === null) return [];
    const [, transport = '', first = '', second = '', proto = '', confidence = ''] = match;
    const name = proto.slice(proto.indexOf('/') + 1);
    const text = line.slice(line.indexOf(transport), line.indexOf(second) + second.length);
    const key = flowKey(transportOf(transport), splitEnd(first), splitEnd(second));
    return [{ key, text, protocol: name.split('.', 1)[0] ?? name, confidence }];
  });
}

/** @returns the same for both directions of a conversation */
export function flowKey(transport: string, ...ends: readonly (readonly [ip: string, port: number])[]): string {
  const [a, b] = ends.map(([ip, port]) => `${ip}|${port}`).sort();
  return `${transport} ${a} ${b}`;
}

function transportOf(printed: string): string {
  return IP_PROTOCOL_NUMBER.test(printed) ? `ip-${printed}` : (IP_PROTOCOLS[printed] ?? printed.toLowerCase());
}

function splitEnd(end: string): readonly [string, number] {
  const colon = end.lastIndexOf(':');
  return [end.slice(0, colon).replace(/^\[|\]$/g, ''), Number(end.slice(colon + 1))];
}
