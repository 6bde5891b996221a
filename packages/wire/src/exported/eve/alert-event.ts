import type { FlowVariables, InspectedFlowState, TransactionView } from '../../inspector.ts';
import type { Direction } from '../../protocol.ts';
import { endMembers, linkMembers } from './ends.ts';
import { type EveMembers, eveTime, flowId, flowKey, present } from './eve-event.ts';
import type { IcmpKind } from './flow-event.ts';
import { eveProtocol } from './names.ts';

/** What a rule engine tells of a match: an alert of packages/rules by its form. */
export interface EveAlert {
  readonly rule: {
    readonly gid: number;
    readonly sid: number;
    readonly rev: number;
    readonly message: string;
    readonly category: string;
    readonly priority: number;
    readonly references: readonly string[];
    readonly metadata: readonly (readonly [string, string])[];
    readonly target: string | undefined;
    /** `alert`, `drop`, `pass` or `reject`. */
    readonly action?: string;
  };
  readonly timeMicros: number;
  readonly packetNumber: number;
  readonly direction: Direction;
  readonly transport: string;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The side of a transaction that matched, where one did. */
  readonly view: Pick<TransactionView, 'protocol' | 'frame' | 'buffers'> | undefined;
  /** What lists of the rule say of what matched. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** What rules have noted on the flow. */
  readonly variables?: FlowVariables | undefined;
  /** What the rule looked at beside transactions; valid during the call. */
  readonly payload?: Uint8Array | undefined;
  /** It is a stretch of stream, not the payload of a packet. */
  readonly isStream?: boolean;
}

/** Which members an alert has beside those that every one has. */
export interface EveAlertOptions {
  /** Where to read more about the rule; default true. */
  readonly references?: boolean;
  /** What becomes of the packet; default false, as a passive sensor lets every packet pass. */
  readonly verdict?: boolean;
}

/** @param flow whose packet it was; @param icmp of its message, where it is one. @returns the alert with the flow as it was then, without what its protocol told */
export function alertMembers(
  alert: EveAlert,
  flow: InspectedFlowState | undefined,
  icmp: IcmpKind | undefined,
  options: EveAlertOptions = {},
): EveMembers {
  const { timeMicros, packetNumber, direction, view } = alert;
  const protocol = view?.protocol ?? flow?.protocol;
  return {
    timestamp: eveTime(timeMicros),
    ...(flow === undefined ? {} : { flow_id: flowId(flowKey(flow)) }),
    pcap_cnt: packetNumber,
    event_type: 'alert',
    ...(flow === undefined ? {} : linkMembers(flow, direction === 'to-server')),
    ...endMembers(alert),
    ...(icmp === undefined ? {} : { icmp_type: icmp.type, icmp_code: icmp.code }),
    alert: ruleMembers(alert, options),
    ...(options.verdict === true ? { verdict: { action: alert.rule.action === 'pass' ? 'pass' : 'alert' } } : {}),
    ...(protocol === undefined ? {} : { app_proto: eveProtocol(protocol) }),
    direction: direction === 'to-server' ? 'to_server' : 'to_client',
    ...(view?.frame === undefined ? {} : { frame: frameMembers(view.frame, direction) }),
    ...(flow === undefined ? {} : { flow: flowSoFar(flow) }),
  };
}

/** Frames are told whole, as far as they are looked at. */
function frameMembers({ type, length }: NonNullable<TransactionView['frame']>, direction: Direction): EveMembers {
  return { type, length, complete: true, direction: direction === 'to-server' ? 'toserver' : 'toclient' };
}

function ruleMembers(alert: EveAlert, { references = true }: EveAlertOptions): EveMembers {
  const { rule, sourceIp, destinationIp, sourcePort, destinationPort, context } = alert;
  const metadata: Record<string, string[]> = {};
  for (const [name, value] of rule.metadata) metadata[name] = [...(metadata[name] ?? []), value];
  const source = { ip: sourceIp, port: sourcePort };
  const destination = { ip: destinationIp, port: destinationPort };
  return {
    action: 'allowed',
    gid: rule.gid,
    signature_id: rule.sid,
    rev: rule.rev,
    signature: rule.message,
    category: rule.category,
    severity: rule.priority,
    ...(rule.target === undefined
      ? {}
      : rule.target === 'src_ip'
        ? { source: destination, target: source }
        : { source, target: destination }),
    ...(references ? present({ references: rule.references.map(referenceAddress) }) : {}),
    ...present({ metadata }),
    ...(context === undefined ? {} : { context }),
  };
}

/** Prefixes of Suricata's own reference.config. */
const REFERENCES: ReadonlyMap<string, string> = new Map([
  ['url', 'https://'],
  ['cve', 'https://cve.mitre.org/cgi-bin/cvename.cgi?name='],
  ['bugtraq', 'http://www.securityfocus.com/bid/'],
  ['nessus', 'http://cgi.nessus.org/plugins/dump.php3?id='],
  ['md5', 'http://www.threatexpert.com/report.aspx?md5='],
]);

/** @param reference `cve,2014-0160`. @returns its address, or the reference as the rule gives it */
function referenceAddress(reference: string): string {
  const comma = reference.indexOf(',');
  const prefix = REFERENCES.get(reference.slice(0, comma).trim().toLowerCase());
  if (prefix === undefined) return reference;
  const value = reference.slice(comma + 1).trim();
  return /^[a-z]+:\/\//i.test(value) ? value : `${prefix}${value}`;
}

/** @returns what an alert tells of its flow as it is now */
export function flowSoFar(flow: InspectedFlowState): EveMembers {
  return {
    pkts_toserver: flow.packetsToServer,
    pkts_toclient: flow.packetsToClient,
    bytes_toserver: flow.bytesToServer,
    bytes_toclient: flow.bytesToClient,
    start: eveTime(flow.firstMicros),
    ...present({
      src_ip: flow.clientIp,
      dest_ip: flow.serverIp,
      src_port: flow.clientPort,
      dest_port: flow.serverPort,
    }),
  };
}
