import { LineSplitter } from './bytes/line-splitter.ts';
import type { Direction, ProtocolRecord, StreamParser, StreamState } from './protocol.ts';

/** What a session of one mailbox protocol has to tell; the lines come without their ends. */
export interface MailSession {
  /** @returns false when nothing more of interest will come */
  clientLine(line: string): boolean;
  serverLine(line: string): boolean;
  /** The connection is over. */
  end?(): void;
  /** Where somebody looks at files: what takes the mail that comes between the lines, by direction. */
  readonly mail?: Readonly<Partial<Record<Direction, CarriedMail>>> | undefined;
}

/** Mail between the lines of a session. */
export interface CarriedMail {
  /** What comes next is mail, or other bytes that are no lines. */
  readonly isOpen: boolean;
  /** @returns bytes taken, at least one while it is open */
  push(bytes: Uint8Array): number;
  gap(length: number): void;
  end(): void;
}

const LF = 10;

/** Leads the lines of both ends to a session. */
export class MailSessionParser implements StreamParser {
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  readonly #session: MailSession;

  constructor(session: MailSession) {
    this.#session = session;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const mail = this.#session.mail?.[direction];
    if (mail === undefined) return this.#takeLines(direction, bytes) ? 'continue' : 'finished';
    for (let offset = 0; offset < bytes.length; ) {
      if (mail.isOpen) {
        offset += mail.push(bytes.subarray(offset));
        continue;
      }
      const end = bytes.indexOf(LF, offset);
      const stop = end < 0 ? bytes.length : end + 1;
      if (!this.#takeLines(direction, bytes.subarray(offset, stop))) return 'finished';
      offset = stop;
    }
    return 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    this.#lines[direction].clear();
    this.#session.mail?.[direction]?.gap(length);
    return 'continue';
  }

  end(): void {
    this.#session.end?.();
    this.#session.mail?.['to-server']?.end();
    this.#session.mail?.['to-client']?.end();
  }

  /** @returns false when nothing more of interest will come */
  #takeLines(direction: Direction, bytes: Uint8Array): boolean {
    for (const line of this.#lines[direction].push(bytes)) {
      const isWanted = direction === 'to-server' ? this.#session.clientLine(line) : this.#session.serverLine(line);
      if (!isWanted) return false;
    }
    return true;
  }
}

/** A record of what happened in a mailbox session. */
export interface MailRecord extends ProtocolRecord {
  readonly activity: 'greeting' | 'capability' | 'starttls' | 'login' | 'login-refused';
  /** Greeting, or name of a capability. */
  readonly text: string;
  /** Of a login: `clear-text`, `challenge` (no password crosses), or the SASL mechanism. */
  readonly method: string;
}
