import { type EvidenceAttribute, type HostEvidence, IpAddress } from '@sphinx/schema';
import { ProbeStopped } from './connection/budget.ts';
import { Exchange } from './connection/exchange.ts';
import type { ExchangeRecord } from './connection/exchange-record.ts';
import type { ProbeNetwork } from './connection/network.ts';
import type { ProbeStream } from './connection/probe-stream.ts';
import { overhear } from './evidence/overhear.ts';
import type { WrittenPacket } from './evidence/packets.ts';
import type { Credential, Probe, ProbeContext, ProbeLimits } from './probe.ts';

const MAXIMUM_VALUE_LENGTH = 1024;

/** One probe on one port of one device. */
export interface ProbeRun {
  readonly probe: Probe;
  readonly ip: string;
  readonly port: number;
  /** What the service is known to speak. */
  readonly protocol?: string;
  readonly isTls?: boolean;
  readonly knownNames?: readonly string[];
  readonly credentials?: readonly Credential[];
  /** Id of the run, for packet references of its evidence. */
  readonly source: string;
  readonly network: ProbeNetwork;
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly onRecord: (record: ExchangeRecord) => void;
}

export interface ProbeResult {
  /** `silent`: nobody answered. `stopped`: ended by a limit, its deadline, or by somebody. */
  readonly outcome: 'answered' | 'silent' | 'stopped';
  /** Why it was stopped; empty otherwise. */
  readonly reason: string;
  readonly evidence: readonly HostEvidence[];
  readonly packets: readonly WrittenPacket[];
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

interface Report {
  readonly attribute: EvidenceAttribute;
  readonly value: string;
  readonly time: number;
}

/** What a handshake takes on top of what is said inside: hello, key exchange, end, and the frames of records (measured). */
const TLS_OVERHEAD = { packets: 8, bytes: 2000 } as const;

/** @returns the most that a run may use: inside TLS each connection has its handshake on top */
export function limitsOf({ limits }: Probe, isTls: boolean): ProbeLimits {
  return isTls ? limitsForTls(limits) : limits;
}

/** @returns limits with a handshake of TLS for each connection on top */
export function limitsForTls(limits: ProbeLimits): ProbeLimits {
  const { connections } = limits;
  const packets = limits.packets + connections * TLS_OVERHEAD.packets;
  return { ...limits, packets, bytes: limits.bytes + connections * TLS_OVERHEAD.bytes };
}

/**
 * Runs a probe within its limits. What the rooms of the wire read off the conversation and what the probe itself reports
 * become evidence about the target.
 *
 * @returns never throws for what a server does
 */
export async function runProbe(run: ProbeRun): Promise<ProbeResult> {
  IpAddress.parse(run.ip);
  const exchange = new Exchange({ ...run, limits: limitsOf(run.probe, run.isTls === true) });
  const reports: Report[] = [];
  const invented = new Set<string>();
  let reason = '';
  try {
    await run.probe.run(contextOf(run, exchange, reports, invented));
    if (exchange.budget.stopped !== undefined) throw exchange.budget.stopped;
  } catch (error) {
    if (!(error instanceof ProbeStopped)) throw error;
    reason = error.message;
  } finally {
    exchange.close();
  }
  const { evidence: overheard, packets } = overhear(exchange.conversations, run.ip, run.source);
  const evidence = overheard.filter((item) => !invented.has(item.value) && !isOfOwnMaking(item));
  const { sentPackets, sentBytes, receivedBytes } = exchange.budget;
  const isAnswered = receivedBytes > 0 || reports.length > 0;
  return {
    outcome: reason !== '' ? 'stopped' : isAnswered ? 'answered' : 'silent',
    reason,
    evidence: [...evidence, ...reports.map((report) => evidenceOf(run, report))],
    packets,
    sentPackets,
    sentBytes,
    receivedBytes,
  };
}

/** Follows from what a probe sends rather than from the target: headers of written packets, names and fingerprints of the question. */
const OF_OWN_MAKING: ReadonlySet<string> = new Set([
  'ip.ttl',
  'tcp.syn-fingerprint',
  'http.host',
  'tls.server.ja3s',
] satisfies EvidenceAttribute[]);

function isOfOwnMaking({ attribute }: HostEvidence): boolean {
  return OF_OWN_MAKING.has(attribute);
}

function contextOf(run: ProbeRun, exchange: Exchange, reports: Report[], invented: Set<string>): ProbeContext {
  const { ip, port, protocol = '', isTls = false, knownNames = [], credentials = [], signal } = run;
  const report = (attribute: EvidenceAttribute, value: string) => {
    const clean = value
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, MAXIMUM_VALUE_LENGTH);
    const isKnown = reports.some((known) => known.attribute === attribute && known.value === clean);
    if (clean !== '' && !isKnown) reports.push({ attribute, value: clean, time: exchange.budget.now() });
  };
  const connect = async (): Promise<ProbeStream | undefined> => {
    const stream = await exchange.connect();
    return isTls ? stream?.startTls() : stream;
  };
  return {
    ip,
    port,
    protocol,
    isTls,
    knownNames,
    credentials,
    signal,
    report,
    invent(name) {
      invented.add(name);
      return name;
    },
    connect,
    connectPlain: () => exchange.connect(),
    datagrams: () => exchange.datagrams(),
  };
}

function evidenceOf({ probe, port, source }: ProbeRun, { attribute, value, time }: Report): HostEvidence {
  return {
    attribute,
    value,
    protocol: protocolOf(attribute),
    role: 'server',
    port,
    transport: probe.transport,
    firstSeen: time,
    lastSeen: time,
    count: 1,
    packet: { source, number: 1, time },
  };
}

/** What says nothing about who listens: an open port, an accepted password. */
const WITHOUT_PROTOCOL = ['tcp', 'login'];

function protocolOf(attribute: string): string {
  const [protocol = 'unknown'] = attribute.split('.');
  return WITHOUT_PROTOCOL.includes(protocol) ? 'unknown' : protocol;
}
