import type { Outcome } from '../pairing-reader.ts';
import type { ParserContext } from '../protocol.ts';
import type { MailContent, SmtpDetail, SmtpRecord } from './types.ts';
import { mailView } from './views.ts';

const MAXIMUM_ADDRESS = 2048;
const MAXIMUM_RECIPIENTS = 1000;
const FIRST_REFUSAL = 400;
const MAXIMUM_SENT = 64;

/** A mail as its commands and answers make it up. */
interface Mail {
  sender: string | undefined;
  readonly recipients: string[];
  recipientCount: number;
  beganMicros: number | undefined;
  messageBytes: number;
  attachments: number;
  hasMessage: boolean;
  content: MailContent | undefined;
  /** Rules have seen the begin of it. */
  isShown: boolean;
  /** Of the answer that decided so far. */
  replyCode: number;
}

/**
 * Follows the transactions of a session (RFC 5321 §3.3): from `MAIL` to the answer to its message. `RSET` and a greeting in the
 * middle give a mail up (§4.1.1.5, §4.1.4). Each is told once.
 */
export class SmtpMails {
  readonly #context: ParserContext<SmtpRecord>;
  #greetedAs = '';
  #mail: Mail | undefined;
  /** Their messages are there and wait for their answers: with pipelining, the next mail begins before (RFC 2920). */
  readonly #sent: Mail[] = [];

  constructor(context: ParserContext<SmtpRecord>) {
    this.#context = context;
  }

  /** @param verb in capitals */
  command(verb: string, argument: string): void {
    switch (verb) {
      case 'HELO':
      case 'EHLO':
      case 'LHLO':
        if (this.#hasBegun()) this.#end('unanswered');
        this.#greetedAs = argument.trim().slice(0, MAXIMUM_ADDRESS);
        this.#mail ??= emptyMail();
        this.#show(this.#mail);
        return;
      case 'MAIL': {
        if (this.#mail?.sender !== undefined) this.#end('unanswered');
        const mail = this.#current();
        mail.sender = addressOf(argument);
        mail.beganMicros = this.#context.timeMicros?.();
        this.#show(mail);
        return;
      }
      case 'RCPT': {
        const mail = this.#current();
        mail.recipientCount += 1;
        if (mail.recipients.length < MAXIMUM_RECIPIENTS) mail.recipients.push(addressOf(argument));
        this.#show(mail);
        return;
      }
      case 'DATA':
      case 'BDAT':
        this.#current().hasMessage = true;
        return;
      case 'RSET':
        if (this.#hasBegun()) this.#end('unanswered');
    }
  }

  /** What a command was answered, where it may decide about the mail. */
  reply(verb: string, code: number): void {
    if (this.#mail !== undefined && (verb === 'MAIL' || verb === 'DATA')) this.#mail.replyCode = code;
  }

  messageBytes(length: number): void {
    if (this.#mail !== undefined) this.#mail.messageBytes += length;
  }

  attachment(): void {
    if (this.#mail !== undefined) this.#mail.attachments += 1;
  }

  /** Rules see a mail grow, and speak of it once. */
  #show(mail: Mail): void {
    if (this.#context.inspect === undefined) return;
    const { sender, recipients, content } = mail;
    const view = mailView({ greetedAs: this.#greetedAs, sender, recipients, message: content }, mail.isShown);
    mail.isShown = true;
    this.#context.inspect('to-server', view);
  }

  /** @param isWhole the message is there; else what came of it */
  message(content: MailContent | undefined, isWhole: boolean): void {
    const mail = this.#mail;
    if (mail === undefined) return;
    mail.content = content;
    if (content !== undefined) this.#show(mail);
    if (!isWhole) return;
    this.#mail = undefined;
    this.#sent.push(mail);
    if (this.#sent.length > MAXIMUM_SENT) this.answered(0);
  }

  /** The answer to the oldest message that has none; 0 where none will come. */
  answered(code: number): void {
    const mail = this.#sent.shift();
    if (mail === undefined) return;
    mail.replyCode = code;
    this.#tell(mail, code === 0 ? 'unanswered' : code >= FIRST_REFUSAL ? 'failure' : 'success');
  }

  /** No command will follow. */
  end(): void {
    while (this.#sent.length > 0) this.answered(0);
    if (this.#mail !== undefined) this.#end('unanswered');
  }

  #hasBegun(): boolean {
    return this.#mail !== undefined && hasEnvelope(this.#mail);
  }

  #current(): Mail {
    this.#mail ??= emptyMail();
    return this.#mail;
  }

  #end(outcome: Outcome): void {
    const mail = this.#mail;
    this.#mail = undefined;
    if (mail !== undefined) this.#tell(mail, outcome);
  }

  #tell(mail: Mail, outcome: Outcome): void {
    const { sender, recipients, recipientCount, replyCode, content, messageBytes, attachments, beganMicros } = mail;
    if (hasEnvelope(mail)) {
      const isRefused = outcome === 'unanswered' && replyCode >= FIRST_REFUSAL;
      const now = this.#context.timeMicros?.();
      const durationMs = beganMicros === undefined || now === undefined ? undefined : (now - beganMicros) / 1000;
      const record: SmtpRecord = {
        protocol: 'smtp',
        activity: 'mail',
        recipients: recipientCount,
        messageBytes,
        attachments,
        outcome: isRefused ? 'failure' : outcome,
        replyCode,
        durationMs: outcome === 'unanswered' ? undefined : durationMs,
      };
      this.#context.emit(record, 'to-client');
    }
    if (this.#context.detail !== undefined) {
      const greetedAs = this.#greetedAs;
      const detail: SmtpDetail = { protocol: 'smtp', greetedAs, sender, recipients, message: content };
      this.#context.detail('to-server', detail);
    }
  }
}

function hasEnvelope({ sender, recipientCount, hasMessage }: Mail): boolean {
  return sender !== undefined || recipientCount > 0 || hasMessage;
}

function emptyMail(): Mail {
  return {
    sender: undefined,
    recipients: [],
    recipientCount: 0,
    beganMicros: undefined,
    messageBytes: 0,
    attachments: 0,
    hasMessage: false,
    content: undefined,
    isShown: false,
    replyCode: 0,
  };
}

/** @param argument `FROM:<a@b> SIZE=10`. @returns the address as it stands there, without parameters */
function addressOf(argument: string): string {
  const text = argument.slice(argument.indexOf(':') + 1).trim();
  const end = text.startsWith('<') ? text.indexOf('>') + 1 : text.indexOf(' ');
  return (end > 0 ? text.slice(0, end) : text).slice(0, MAXIMUM_ADDRESS);
}
