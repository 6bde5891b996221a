import { latin1 } from '../bytes/text.ts';
import type { TransactionView } from '../inspector.ts';
import { transactionView, type ViewText } from '../transaction-view.ts';

/** Headers that rules look at, by long and compact name (RFC 3261 §7.3.3, §20). */
const HEADERS: Readonly<Record<string, string>> = {
  from: 'sip.from',
  f: 'sip.from',
  to: 'sip.to',
  t: 'sip.to',
  via: 'sip.via',
  v: 'sip.via',
  'user-agent': 'sip.user_agent',
  'content-type': 'sip.content_type',
  c: 'sip.content_type',
  'content-length': 'sip.content_length',
  l: 'sip.content_length',
};

/** Lines of a session description (RFC 8866 §5): those of the session, and those of each media description. */
const SESSION_LINES: Readonly<Record<string, string>> = {
  o: 'sdp.origin',
  s: 'sdp.session_name',
  i: 'sdp.session_info',
  u: 'sdp.uri',
  e: 'sdp.email',
  p: 'sdp.phone_number',
  c: 'sdp.connection_data',
  b: 'sdp.bandwidth',
  t: 'sdp.time',
  r: 'sdp.repeat_time',
  z: 'sdp.timezone',
  k: 'sdp.encryption_key',
  a: 'sdp.attribute',
};
const MEDIA_LINES: Readonly<Record<string, string>> = {
  m: 'sdp.media.media',
  i: 'sdp.media.media_info',
  c: 'sdp.media.connection_data',
  k: 'sdp.media.encryption_key',
};

/** What rules see of a SIP message and of the session description in it: buffers `sip.*` and `sdp.*` as Suricata names them. */
export function sipView(message: Uint8Array): TransactionView {
  const text = latin1(message);
  const headEnd = /\r?\n\r?\n/.exec(text);
  const [startLine = '', ...lines] = text.slice(0, headEnd?.index).split(/\r?\n/);
  const view: Record<string, string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    add(view, HEADERS[line.slice(0, colon).trim().toLowerCase()], line.slice(colon + 1).trim());
  }
  const isSession = view['sip.content_type']?.[0]?.toLowerCase().startsWith('application/sdp') === true;
  if (isSession && headEnd !== null) {
    const description = text.slice(headEnd.index + headEnd[0].length);
    view['sdp.description'] = [description];
    addSession(view, description);
  }
  return transactionView('sip', { ...startView(startLine), ...view });
}

function startView(line: string): ViewText {
  const [first = '', second = '', ...rest] = line.split(' ');
  return first.startsWith('SIP/')
    ? { 'sip.response_line': line, 'sip.protocol': first, 'sip.stat_code': second, 'sip.stat_msg': rest.join(' ') }
    : { 'sip.request_line': line, 'sip.method': first, 'sip.uri': second, 'sip.protocol': rest.join(' ') };
}

function addSession(view: Record<string, string[]>, description: string): void {
  let names = SESSION_LINES;
  for (const line of description.split(/\r?\n/)) {
    const kind = line.slice(0, line.indexOf('='));
    if (kind === 'm') names = MEDIA_LINES;
    add(view, names[kind], line.slice(2));
  }
}

function add(view: Record<string, string[]>, name: string | undefined, value: string): void {
  if (name === undefined) return;
  view[name] ??= [];
  view[name].push(value);
}

const LF = 10;

/** @returns start line, header fields and body of a message, each as it was on the wire (RFC 3261 §7) */
export function sipFrames(message: Uint8Array): readonly (readonly [string, Uint8Array])[] {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const lineEnd = bytes.indexOf(LF) + 1;
  if (lineEnd === 0) return [['pdu', message]];
  const side = bytes.toString('latin1', 0, 4) === 'SIP/' ? 'response' : 'request';
  const blank = bytes.indexOf('\r\n\r\n');
  const headEnd = blank < 0 ? bytes.length : blank + 2;
  const body = blank < 0 ? bytes.subarray(bytes.length) : bytes.subarray(blank + 4);
  return [
    ['pdu', message],
    [`${side}.line`, message.subarray(0, lineEnd)],
    [`${side}.headers`, message.subarray(lineEnd, Math.max(lineEnd, headEnd))],
    ...(body.length > 0 ? ([[`${side}.body`, body]] as const) : []),
  ];
}
