import type { Incident, Severity } from '@sphinx/schema';

/** What is told of an incident, in the forms that receivers want. No data of patients is in an incident. */
export interface Message {
  readonly event: 'opened' | 'updated' | 'closed' | 'test';
  readonly time: number;
  readonly incident: Incident;
}

const EVENT_WORDS: Readonly<Record<Message['event'], string>> = {
  opened: 'opened',
  updated: 'changed',
  closed: 'closed',
  test: 'is a test, nothing happened',
};
/** Severity of CEF, 0 to 10, and of RFC 5424 §6.2.1. */
const CEF_SEVERITIES: Readonly<Record<Severity, number>> = {
  informational: 1,
  low: 3,
  medium: 5,
  high: 8,
  critical: 10,
};
const SYSLOG_SEVERITIES: Readonly<Record<Severity, number>> = {
  informational: 6,
  low: 5,
  medium: 4,
  high: 3,
  critical: 2,
};
/** Facility "security" of RFC 5424 §6.2.1. */
const FACILITY = 4;

export function subjectOf({ event, incident }: Message): string {
  return `[${incident.severity}] INC-${incident.number} ${EVENT_WORDS[event]}: ${incident.title}`.replace(
    /[\r\n]+/g,
    ' ',
  );
}

export function plainText(message: Message): string {
  const { incident } = message;
  return [
    subjectOf(message),
    '',
    incident.summary,
    ...(incident.clinicalImpact === '' ? [] : [`For patients: ${incident.clinicalImpact}`]),
    '',
    `Status: ${incident.status}. Owner: ${incident.owner ?? 'nobody'}. Last seen: ${new Date(incident.lastSeen).toISOString()}.`,
    ...(incident.isSample ? ['Of the sample hospital, not of a real one.'] : []),
  ].join('\n');
}

/** Payload of a Teams workflow webhook: an adaptive card (schema 1.4). */
export function teamsCard(message: Message): object {
  const text = (value: string, more: object = {}) => ({ type: 'TextBlock', text: value, wrap: true, ...more });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      text(subjectOf(message), { weight: 'Bolder', size: 'Medium' }),
      text(plainText(message).split('\n').slice(2).join('\n\n')),
    ],
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}

/** Payload of a Slack incoming webhook. */
export function slackBlocks(message: Message): object {
  const escaped = (value: string) => value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const section = (value: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: escaped(value).slice(0, 2900) },
  });
  return {
    text: escaped(subjectOf(message)),
    blocks: [section(subjectOf(message)), section(plainText(message).split('\n').slice(2).join('\n'))],
  };
}

/** Event `m.room.message` of the Matrix client-server API. */
export function matrixEvent(message: Message): object {
  return { msgtype: 'm.text', body: plainText(message) };
}

/** Common Event Format, version 0 (ArcSight, 2017). */
export function cefText(message: Message): string {
  const { incident, event } = message;
  const header = (value: string) => value.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
  const value = (text: string) => text.replace(/[\\=]/g, '\\$&').replace(/\r?\n/g, '\\n');
  const extension = [
    `externalId=INC-${incident.number}`,
    `rt=${message.time}`,
    `start=${incident.firstSeen}`,
    `end=${incident.lastSeen}`,
    `cnt=${incident.signals}`,
    `act=${event}`,
    `msg=${value(incident.summary)}`,
  ].join(' ');
  return `CEF:0|SPHINX|SPHINX|0.1.0|incident.${event}|${header(incident.title)}|${CEF_SEVERITIES[incident.severity]}|${extension}`;
}

/** A line of syslog (RFC 5424) around a text. */
export function syslogLine(message: Message, format: 'rfc5424' | 'cef'): string {
  const priority = FACILITY * 8 + SYSLOG_SEVERITIES[message.incident.severity];
  const text = format === 'cef' ? cefText(message) : plainText(message).replace(/\n+/g, ' ');
  return `<${priority}>1 ${new Date(message.time).toISOString()} - SPHINX - incident.${message.event} - ${text}`;
}
