import type { EventData, SessionEventKind } from '../sessions/session-event.ts';

/** What a protocol writes down about a session. */
export interface SessionNotes {
  note(kind: SessionEventKind, text: string, data?: EventData): void;
  logOn(attempt: LogOnAttempt): void;
  /** Something that was left behind; goes to the quarantine and nowhere else. */
  sample(name: string, bytes: Uint8Array): void;
  /** What a terminal showed (`o`) or was typed (`i`), for the replay. */
  frame(direction: 'o' | 'i', text: string): void;
  /** Clear text that the bytes on the wire do not show, for example inside SSH: planted values are looked for in it. */
  reveal(text: string): void;
}

export interface LogOnAttempt {
  readonly user: string;
  readonly secret: string;
  /** For example `password`, `publickey`, `basic`, `form`. */
  readonly method: string;
  readonly isAccepted: boolean;
}

/** One connection in the hands of a protocol. Nothing in it can open a connection. */
export interface Peer extends SessionNotes {
  /** Address and port of the decoy that were called. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  send(bytes: Uint8Array | string): void;
  /** Closes when everything is sent. */
  end(): void;
  /** Does something later, unless the connection has ended. */
  later(ms: number, work: () => void): void;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Bytes nobody can guess. */
  random(length: number): Buffer;
  /** Waits for one more connection to the same decoy address, for the data of FTP. @returns its port, 0 where there is none */
  expectData(take: (channel: DataChannel) => void): Promise<number>;
}

/** A second connection that belongs to a session. */
export interface DataChannel {
  send(bytes: Uint8Array | string): void;
  end(): void;
  /** Everything that came until the other side closed, cut at the limit of samples. */
  readonly received: Promise<Buffer>;
}

/**
 * One side of a protocol over bytes: `receive` never throws whatever it is given, holds a bounded amount of memory, and
 * answers through its peer.
 */
export interface Conversation {
  receive(bytes: Buffer): void;
  /** The other side has closed. */
  ended?(): void;
}
