import { latin1 } from '../bytes/text.ts';
import type { Outcome } from '../pairing-reader.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { type Poct1aMessage, readPoct1a } from './message.ts';
import type { Poct1aRecord } from './types.ts';

/** Of a message: the header comes first, results and lists behind. */
const READ_CHARACTERS = 64 * 1024;
/** What may come before a message: a declaration, blanks, a frame byte. */
const MAXIMUM_PROLOGUE = 1024;
const ROOT =
  /^[\s\p{Cc}\xef\xbb\xbf]*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!DOCTYPE[^<>]{0,400}>\s*)?<([A-Z]{3}\.[A-Z0-9]{3,8}(?:\.[A-Z0-9]{2,8})?)[\s>]/u;
const BEGUN = /^[\s\p{Cc}\xef\xbb\xbf]*(?:<[?!][^<>]*>\s*){0,2}(?:<(?:[?!][^<>]*|[A-Z0-9.]*))?$/u;

/** @returns name of the message that begins here; undefined for none, `more` where too little is there */
export function messageTypeAt(text: string): string | 'more' | undefined {
  const root = ROOT.exec(text)?.[1];
  if (root !== undefined) return root;
  return text.length < MAXIMUM_PROLOGUE && BEGUN.test(text) ? 'more' : undefined;
}

interface Waiting {
  readonly message: Poct1aMessage;
  readonly bytes: number;
}

/** What one end sends: messages without a frame, each as long as its outermost element. */
class Half {
  #text = '';
  #root = '';
  #kept = '';
  #dropped = 0;

  /** @returns false where no message can be */
  push(text: string, whole: (type: string, message: string, length: number) => void): boolean {
    this.#text += text;
    for (;;) {
      if (this.#root === '') {
        const root = messageTypeAt(this.#text);
        if (root === undefined || root === 'more') return root === 'more';
        this.#root = root;
      }
      const close = `</${this.#root}>`;
      const end = this.#text.indexOf(close);
      if (end < 0) {
        this.#drop(close.length);
        return true;
      }
      const message = (this.#kept + this.#text.slice(0, end)).slice(0, READ_CHARACTERS);
      whole(this.#root, message, this.#dropped + end + close.length);
      this.#text = this.#text.slice(end + close.length);
      this.#root = this.#kept = '';
      this.#dropped = 0;
    }
  }

  /** Of what was looked through only the last characters may still belong to the end of the message. */
  #drop(closeLength: number): void {
    const looked = this.#text.length - closeLength;
    if (looked <= 0) return;
    if (this.#kept.length < READ_CHARACTERS) this.#kept += this.#text.slice(0, looked);
    this.#dropped += looked;
    this.#text = this.#text.slice(looked);
  }
}

/** POCT01-A2: messages of the device messaging layer, each acknowledged by its control id. */
export class Poct1aParser implements StreamParser {
  readonly #context: ParserContext<Poct1aRecord>;
  readonly #halves: Readonly<Record<Direction, Half>> = { 'to-server': new Half(), 'to-client': new Half() };
  readonly #waiting: Readonly<Record<Direction, PendingRequests<Waiting>>> = {
    'to-server': new PendingRequests(),
    'to-client': new PendingRequests(),
  };

  constructor(context: ParserContext<Poct1aRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const isSound = this.#halves[direction].push(latin1(bytes), (type, text, length) =>
      this.#message(readPoct1a(type, text), length, direction),
    );
    if (isSound) return 'continue';
    this.end();
    return 'failed';
  }

  gap(): StreamState {
    this.end();
    return 'finished';
  }

  end(): void {
    for (const direction of ['to-server', 'to-client'] as const) {
      for (const waiting of this.#waiting[direction].takeAll()) this.#emit(waiting, direction);
    }
  }

  #message(message: Poct1aMessage, bytes: number, direction: Direction): void {
    if (this.#context.inspect !== undefined) this.#context.inspect(direction, view(message));
    const now = this.#context.timeMicros?.();
    if (message.messageType.startsWith('ACK')) {
      const other = opposite(direction);
      const answered = this.#waiting[other].answer(message.answeredId, now);
      if (answered !== undefined) this.#emit(answered.request, other, message, answered.durationMs);
      return;
    }
    const given = this.#waiting[direction].ask(message.controlId, { message, bytes }, now);
    if (given !== undefined) this.#emit(given, direction);
  }

  #emit({ message, bytes }: Waiting, sent: Direction, answer?: Poct1aMessage, durationMs?: number): void {
    const { controlId: _id, answeredId: _answered, isRefusal: _refusal, ...said } = message;
    const outcome: Outcome = answer === undefined ? 'unanswered' : answer.isRefusal ? 'failure' : 'success';
    this.#context.emit(
      {
        protocol: 'poct1-a',
        activity: 'message',
        ...said,
        sentBy: sent === 'to-server' ? 'client' : 'server',
        outcome,
        errorCode: answer?.errorCode ?? '',
        bytes,
        durationMs,
      },
      answer === undefined ? sent : opposite(sent),
    );
  }
}

function opposite(direction: Direction): Direction {
  return direction === 'to-server' ? 'to-client' : 'to-server';
}

function view({ messageType, topic, vendor, model, observations }: Poct1aMessage) {
  const text = { 'poct1_a.message_type': messageType, 'poct1_a.topic': topic, 'poct1_a.device': [vendor, model] };
  return transactionView('poct1-a', text, { 'poct1_a.observations': observations });
}
