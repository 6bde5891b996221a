import { LineSplitter } from './bytes/line-splitter.ts';
import type { Direction, ProtocolRecord, StreamParser, StreamState } from './protocol.ts';

/** What a session of one mailbox protocol has to tell; the lines come without their ends. */
export interface MailSession {
  /** @returns false when nothing more of interest will come */
  clientLine(line: string): boolean;
  serverLine(line: string): boolean;
}

/** Leads the lines of both ends to a session. */
export class MailSessionParser implements StreamParser {
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  readonly #session: MailSession;

  constructor(session: MailSession) {
    this.#session = session;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    for (const line of this.#lines[direction].push(bytes)) {
      const isWanted = direction === 'to-server' ? this.#session.clientLine(line) : this.#session.serverLine(line);
      if (!isWanted) return 'finished';
    }
    return 'continue';
  }

  gap(direction: Direction): StreamState {
    this.#lines[direction].clear();
    return 'continue';
  }

  end(): void {}
}

/** A record of what happened in a mailbox session. */
export interface MailRecord extends ProtocolRecord {
  readonly activity: 'greeting' | 'capability' | 'starttls' | 'login' | 'login-refused';
  /** Greeting, or name of a capability. */
  readonly text: string;
  /** Of a login: `clear-text`, `challenge` (no password crosses), or the SASL mechanism. */
  readonly method: string;
}
