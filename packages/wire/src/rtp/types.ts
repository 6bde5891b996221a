import type { ProtocolRecord } from '../protocol.ts';

/** How the samples of a payload type are encoded. */
export interface Codec {
  /** As RFC 3551 or the session description names it: `PCMA`, `opus`, `telephone-event`. */
  readonly name: string;
  /** Ticks of the media clock in a second; 0 where it is not known. */
  readonly clockRate: number;
}

/** What a session description says of one medium (RFC 8866 §5.14). */
export interface MediaDescription {
  /** `audio`, `video`, `application` … */
  readonly kind: string;
  /** Address and port where it is awaited. */
  readonly ip: string;
  readonly port: number;
  readonly codecs: ReadonlyMap<number, Codec>;
  /** It is to be encrypted: SRTP (RFC 3711). */
  readonly isEncrypted: boolean;
}

/** Media that one source sent (RFC 3550 §3), from its first to its last packet. */
export interface RtpStreamRecord extends ProtocolRecord {
  readonly protocol: 'rtp';
  readonly activity: 'stream';
  /** Source identifier, eight hexadecimal digits: chosen by chance for each session. */
  readonly source: string;
  readonly sentBy: 'client' | 'server';
  /** `audio`, `video` …; empty where neither a description nor the payload type tells it. */
  readonly kind: string;
  readonly payloadType: number;
  /** Empty where nothing tells it. */
  readonly codec: string;
  /** A session description announced it; otherwise it was recognised by its packets. */
  readonly isAnnounced: boolean;
  /** As announced; undefined where nobody announced it, because its packets look the same. */
  readonly isEncrypted: boolean | undefined;
  readonly packets: number;
  /** Of payload. */
  readonly bytes: number;
  /** Expected less received packets (RFC 3550 appendix A.3), never less than 0. */
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** Variation of arrival (RFC 3550 §6.4.1) in milliseconds; undefined without a clock rate or without time. */
  readonly jitterMs: number | undefined;
  readonly durationMs: number | undefined;
  /** Keys that were pressed (RFC 4733): how many, never which. */
  readonly telephoneEvents: number;
}
