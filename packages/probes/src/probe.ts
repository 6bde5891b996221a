import type { EvidenceAttribute } from '@sphinx/schema';
import type { ProbeDatagrams } from './connection/probe-datagrams.ts';
import type { ProbeStream } from './connection/probe-stream.ts';

/**
 * How much care a probe asks for at a clinical device.
 * `listens`: opens a connection and says nothing. `asks`: one or a few messages that every implementation of the standard
 * expects. `unusual`: messages that are sound but rare (old versions, odd offers), which a poor implementation may not
 * take well. `logs-in`: tries to be let in, which may be logged or counted as a failed attempt.
 */
export const CAUTION_LEVELS = ['listens', 'asks', 'unusual', 'logs-in'] as const;
export type CautionLevel = (typeof CAUTION_LEVELS)[number];

/** The most that one run of a probe on one port may use; inside TLS a handshake for each connection comes on top (`limitsOf`). The connection enforces it: a probe that wants more is ended. */
export interface ProbeLimits {
  readonly connections: number;
  /** Packets that carry data or open and end a connection; acknowledgements come on top, from the operating system. */
  readonly packets: number;
  /** Bytes of data sent, without headers. */
  readonly bytes: number;
  /** Bytes of answers that are read; more ends the connection. */
  readonly answerBytes: number;
  /** For the whole run on one port. */
  readonly timeoutMs: number;
}

/** One question that SPHINX can put to a device. Each file of `probes/` holds one idea. */
export interface Probe {
  /** Kebab-case, for example `dicom-echo`. */
  readonly id: string;
  readonly title: string;
  /** Protocols (ids of rooms of the wire) whose services it is for; empty: any service of the transport. */
  readonly protocols: readonly string[];
  readonly transport: 'tcp' | 'udp';
  /** Ports at which it is tried where nothing else is known of the service. */
  readonly ports: readonly number[];
  /** What is sent, in words for a person who has to agree to it. One or two sentences. */
  readonly sends: string;
  readonly caution: CautionLevel;
  readonly limits: ProbeLimits;
  /** Only after a person has agreed, whatever the policy of the device's class says. */
  readonly needsPerson?: boolean;
  /** @throws ProbeStopped when a limit, a deadline or the signal ends it; everything else a server does is an answer */
  run(context: ProbeContext): Promise<void>;
}

/** What a probe may know of its target and do. */
export interface ProbeContext {
  readonly ip: string;
  readonly port: number;
  /** What the service is known to speak (id of a room of the wire); empty where it is not. */
  readonly protocol: string;
  /** The service talks TLS from the first byte. */
  readonly isTls: boolean;
  /** Names and titles under which others have called the target, for example its AE titles. */
  readonly knownNames: readonly string[];
  /** Default credentials that a person allowed to try; empty otherwise. */
  readonly credentials: readonly Credential[];
  readonly signal: AbortSignal;
  /** A name that this end made up: an answer that repeats it says nothing about the target. @returns the same */
  invent(name: string): string;
  /** Opens a connection, with TLS inside where the service talks it. @returns undefined when nobody answers */
  connect(): Promise<ProbeStream | undefined>;
  /** Opens a connection and nothing on top of it. */
  connectPlain(): Promise<ProbeStream | undefined>;
  datagrams(): Promise<ProbeDatagrams | undefined>;
  /** A fact that no room of the wire reads off the conversation. */
  report(attribute: EvidenceAttribute, value: string): void;
}

/** One entry of `knowledge/default-credentials`. */
export interface Credential {
  readonly id: string;
  readonly product: string;
  /** `ftp`, `http`, `mqtt` or `snmp`. */
  readonly protocol: string;
  /** Empty for a community of SNMP. */
  readonly user: string;
  readonly password: string;
}
