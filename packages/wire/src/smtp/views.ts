import type { TransactionView } from '../inspector.ts';
import { transactionView, type ViewText } from '../transaction-view.ts';
import type { MailContent } from './types.ts';

const MAXIMUM_BOUNDARY = 254;
const MAXIMUM_FILE_NAME = 255;
const MAXIMUM_FIELD_NAME = 128;
const MAXIMUM_FIELD_VALUE = 2000;

/** Buffers of fields that stand once in a message, by the names of the fields (RFC 5322 §3.6). */
const FIELDS: Readonly<Record<string, string>> = {
  from: 'email.from',
  to: 'email.to',
  cc: 'email.cc',
  subject: 'email.subject',
  date: 'email.date',
  'message-id': 'email.message_id',
  'x-mailer': 'email.x_mailer',
};

/** What is known of a mail so far. */
export interface MailSoFar {
  readonly greetedAs: string;
  readonly sender: string | undefined;
  readonly recipients: readonly string[];
  readonly message: MailContent | undefined;
}

/** What rules see of a mail: buffers as Suricata names them. */
export function mailView(
  { greetedAs, sender, recipients, message }: MailSoFar,
  isContinuation: boolean,
): TransactionView {
  const text: ViewText = {
    'smtp.helo': greetedAs,
    'smtp.mail_from': withoutBrackets(sender ?? ''),
    'smtp.rcpt_to': recipients.map(withoutBrackets),
    ...(message === undefined ? {} : messageText(message)),
  };
  const events = message === undefined ? [] : messageEvents(message);
  return { ...transactionView('smtp', text, {}, events), isContinuation };
}

/** What is odd about a command or a reply, by itself. */
export function oddView(event: string): TransactionView {
  return transactionView('smtp', {}, {}, [`smtp.${event}`]);
}

function withoutBrackets(address: string): string {
  return /^<(.*)>$/.exec(address)?.[1] ?? address;
}

function messageText({ fields, urls, bodyMd5 }: MailContent): ViewText {
  const text: Record<string, string> = {};
  const received: string[] = [];
  for (const [name, value] of fields) {
    if (name === 'received') received.push(value);
    const buffer = FIELDS[name];
    if (buffer !== undefined) text[buffer] ??= value;
  }
  return { ...text, 'email.received': received, 'email.url': urls, 'email.body_md5': bodyMd5 };
}

function messageEvents({ fields, attachments }: MailContent): string[] {
  const events: string[] = [];
  const boundary = /boundary="?([^";]*)/i.exec(fields.find(([name]) => name === 'content-type')?.[1] ?? '')?.[1] ?? '';
  if (boundary.length > MAXIMUM_BOUNDARY) events.push('mime_long_boundary');
  if (attachments.some((name) => name.length > MAXIMUM_FILE_NAME)) events.push('mime_long_filename');
  if (fields.some(([name]) => name.length > MAXIMUM_FIELD_NAME)) events.push('mime_long_header_name');
  if (fields.some(([, value]) => value.length > MAXIMUM_FIELD_VALUE)) events.push('mime_long_header_value');
  return events.map((name) => `smtp.${name}`);
}
