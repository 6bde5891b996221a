import type { LogOnAttempt, SessionNotes } from '../protocols/conversation.ts';
import type { EventData, SessionEvent, SessionEventKind, TerminalFrame } from '../sessions/session-event.ts';
import type { NeedleFinder } from './needle-finder.ts';

const MAXIMUM_EVENTS = 1000;
const MAXIMUM_TEXT = 2000;
const MAXIMUM_FRAME_BYTES = 256 * 1024;
const MAXIMUM_SAMPLES = 20;
const MAXIMUM_SAMPLE_BYTES = 32 * 1024 * 1024;
/** Characters that neither a person nor a store can read, but for line breaks and tabs. */
const CONTROL = /(?![\n\t])\p{Cc}/gu;

export interface RecordedParts {
  readonly now: () => number;
  readonly startedAt: number;
  readonly needles: NeedleFinder;
  readonly tell: (events: readonly SessionEvent[]) => void;
  readonly keep: (name: string, content: Uint8Array) => void;
}

/** Writes down what happens in one session, up to limits that it says when it reaches them. */
export class SessionRecorder implements SessionNotes {
  readonly frames: TerminalFrame[] = [];
  readonly #parts: RecordedParts;
  readonly #tokens = new Set<string>();
  #events = 0;
  #frameBytes = 0;
  #samples = 0;
  #sampleBytes = 0;
  #last = '';
  #tail = '';

  constructor(parts: RecordedParts) {
    this.#parts = parts;
  }

  note(kind: SessionEventKind, text: string, data?: EventData): void {
    // Tools say who they are with every request.
    const sameness = kind === 'client' ? `${kind}${text}` : '';
    if (sameness !== '' && sameness === this.#last) return;
    if (sameness !== '') this.#last = sameness;
    if (this.#events > MAXIMUM_EVENTS) return;
    this.#events += 1;
    if (this.#events > MAXIMUM_EVENTS)
      this.#tell('limit', `more than ${MAXIMUM_EVENTS} steps; the rest is not written down`);
    else this.#tell(kind, text, data);
  }

  logOn({ user, secret, method, isAccepted }: LogOnAttempt): void {
    this.note('log-on', `tried ${user === '' ? 'nobody' : user} by ${method}${isAccepted ? ', and was let in' : ''}`, {
      user: readable(user),
      secret: readable(secret),
      method,
      isAccepted,
    });
    this.reveal(`${user}\n${secret}`);
  }

  sample(name: string, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#samples += 1;
    this.#sampleBytes += bytes.length;
    if (this.#samples > MAXIMUM_SAMPLES || this.#sampleBytes > MAXIMUM_SAMPLE_BYTES) {
      if (this.#samples === MAXIMUM_SAMPLES + 1) this.note('limit', 'left more behind than is kept of one session');
      return;
    }
    this.#parts.keep(readable(name).slice(0, 200), bytes);
  }

  frame(direction: 'o' | 'i', text: string): void {
    if (this.#frameBytes > MAXIMUM_FRAME_BYTES) return;
    this.#frameBytes += text.length;
    // Programs that are typed in byte by byte are in the quarantine; the replay needs readable text only.
    this.frames.push([(this.#parts.now() - this.#parts.startedAt) / 1000, direction, text.slice(0, 16_384)]);
  }

  /** Planted values are looked for over the borders of what came, so that none is missed that comes in two parts. */
  reveal(text: string): void {
    if (this.#parts.needles.isEmpty) return;
    const whole = this.#tail + text.toLowerCase();
    for (const token of this.#parts.needles.find(whole)) {
      if (this.#tokens.has(token)) continue;
      this.#tokens.add(token);
      this.note('token', 'used something that was planted', { token });
    }
    this.#tail = whole.slice(-this.#parts.needles.longest);
  }

  /** Bytes as they came. */
  received(bytes: Buffer): void {
    if (this.#parts.needles.isEmpty) return;
    this.reveal(bytes.toString('latin1'));
    // Text of Windows protocols has two bytes a character.
    if (bytes.includes(0)) this.reveal(bytes.toString('latin1').replaceAll('\0', ''));
  }

  #tell(kind: SessionEventKind, text: string, data?: EventData): void {
    const atMs = Math.max(0, this.#parts.now() - this.#parts.startedAt);
    const event: SessionEvent = { atMs, kind, text: readable(text).slice(0, MAXIMUM_TEXT) };
    this.#parts.tell([data === undefined ? event : { ...event, data: cleaned(data) }]);
  }
}

function cleaned(data: EventData): EventData {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'string' ? readable(value).slice(0, MAXIMUM_TEXT) : value,
    ]),
  );
}

function readable(text: string): string {
  return text.replace(CONTROL, '\u{fffd}').toWellFormed();
}
