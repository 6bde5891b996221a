import { PendingRequests } from '../pending-requests.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { readMessages } from './message.ts';
import type { Hl7Message } from './types.ts';
import { hl7View } from './views.ts';

const MICROS_PER_MS = 1000;

/**
 * Tells the messages of one connection, acknowledgements with what they answer and how long that took: MSA-2 names the
 * control id of the message (HL7 v2.9 chapter 2 §2.9.2). Control ids go into no record.
 */
export class Hl7Conversation {
  readonly #context: ParserContext<Hl7Message>;
  readonly #waiting = {
    client: new PendingRequests<string>(),
    server: new PendingRequests<string>(),
  };

  constructor(context: ParserContext<Hl7Message>) {
    this.#context = context;
  }

  /**
   * @param text head of one frame: a message or a batch of them
   * @param bytes length of the whole frame
   */
  frame(text: string, bytes: number, direction: Direction): void {
    const sentBy = direction === 'to-server' ? 'client' : 'server';
    const now = this.#context.timeMicros?.();
    for (const { message, segments, controlId, answeredId } of readMessages(text, bytes, sentBy)) {
      const asked = this.#waiting[sentBy === 'client' ? 'server' : 'client'];
      const answered = message.activity === 'acknowledgement' ? asked.answer(answeredId, now) : undefined;
      // In enhanced mode what is taken for safe keeping is answered a second time (chapter 2 §2.9.3).
      if (answered !== undefined && message.acknowledgementCode === 'CA') {
        asked.ask(answeredId, answered.request, askedAt(now, answered.durationMs));
      }
      // An answer that carries data is acknowledged in turn; a mere acknowledgement never is.
      if (!message.messageType.startsWith('ACK') && controlId !== '') {
        this.#waiting[sentBy].ask(controlId, message.messageType, now);
      }
      const told = { ...message, acknowledgedType: answered?.request, durationMs: answered?.durationMs };
      if (this.#context.inspect !== undefined) this.#context.inspect(direction, hl7View(told, segments));
      this.#context.emit(told, direction);
    }
  }
}

function askedAt(now: number | undefined, durationMs: number | undefined): number | undefined {
  return now === undefined || durationMs === undefined ? undefined : now - durationMs * MICROS_PER_MS;
}
