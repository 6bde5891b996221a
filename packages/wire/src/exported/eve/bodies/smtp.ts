import { hash } from 'node:crypto';
import type { MailContent, SmtpDetail } from '../../../smtp/types.ts';
import { type EveBody, type EveMembers, present } from '../eve-event.ts';

const STATES: Readonly<Record<MailContent['state'], string>> = {
  header: 'HEADER_STARTED',
  body: 'BODY_STARTED',
  whole: 'PARSE_DONE',
  broken: 'PARSE_ERROR',
};
/** Fields that are told once, by their names in EVE. */
const SINGLE_FIELDS: Readonly<Record<string, string>> = {
  date: 'date',
  importance: 'importance',
  'in-reply-to': 'in_reply_to',
  'message-id': 'message_id',
  organization: 'organization',
  priority: 'priority',
  'reply-to': 'reply_to',
  sensitivity: 'sensitivity',
  subject: 'subject',
  'user-agent': 'user_agent',
  'x-mailer': 'x_mailer',
  'x-originating-ip': 'x_originating_ip',
};

/** A mail with its envelope and its message: all of it but whether it is whole is about persons. */
export function smtpBody(detail: SmtpDetail, withContent: boolean): EveBody {
  const { greetedAs, sender, recipients, message } = detail;
  const envelope = withContent ? { helo: greetedAs, mail_from: sender, rcpt_to: recipients } : {};
  const email = message === undefined ? {} : { email: emailMembers(message, withContent) };
  return { type: 'smtp', members: present(envelope), beside: email };
}

function emailMembers({ state, fields, attachments, urls, bodyMd5 }: MailContent, withContent: boolean): EveMembers {
  if (!withContent) return { status: STATES[state] };
  const fieldOf = (name: string) => fields.find(([field]) => field === name)?.[1];
  const subject = fieldOf('subject');
  const single = Object.entries(SINGLE_FIELDS).map(([field, name]) => [name, fieldOf(field)]);
  return {
    status: STATES[state],
    ...present({
      from: fieldOf('from'),
      to: addressesOf(fieldOf('to')),
      cc: addressesOf(fieldOf('cc')),
      bcc: addressesOf(fieldOf('bcc')),
      ...Object.fromEntries(single),
      received: fields.filter(([field]) => field === 'received').map(([, value]) => value),
      attachment: attachments,
      url: urls,
      subject_md5: subject === undefined ? undefined : hash('md5', subject),
      body_md5: bodyMd5,
    }),
  };
}

/** @returns addresses of a list; commas within quotes divide nothing (RFC 5322 §3.4) */
function addressesOf(list: string | undefined): readonly string[] {
  const parts = list?.match(/(?:"(?:[^"\\]|\\.)*"?|[^",])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
