import { word32 } from '../bytes/match.ts';
import type { TransactionView } from '../inspector.ts';
import type { Direction } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import {
  CONTINUATION,
  DATA,
  type Frame,
  HEADER_BYTES,
  HEADERS,
  MAXIMUM_FRAME_BYTES,
  RST_STREAM,
  SETTINGS,
} from './frame.ts';
import type { Field } from './hpack.ts';

const PRIORITY = 2;
const GOAWAY = 7;
const WINDOW_UPDATE = 8;
const PRIORITY_FLAG = 0x20;
const PADDED_FLAG = 0x08;
const SETTING_BYTES = 6;
const MAXIMUM_SETTINGS = 64;

/** What rules see of the fields of a message (RFC 9113 §8): buffers as Suricata names them. */
export function fieldsView(
  frame: Frame,
  bytes: Uint8Array,
  fields: readonly Field[],
  direction: Direction,
): TransactionView {
  const isRequest = direction === 'to-server';
  const map = new Map<string, string>();
  for (const [name, value] of fields) if (!map.has(name)) map.set(name, value);
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  const host = map.get(':authority') ?? map.get('host');
  const common = {
    'http.header': lines.map((line) => `${line}\r\n`).join(''),
    'http.header.raw': lines.map((line) => `${line}\r\n`).join(''),
    'http.header_names': `\r\n${fields.map(([name]) => name).join('\r\n')}\r\n\r\n`,
    'http2.header_name': fields.map(([name]) => name),
    'http.content_type': map.get('content-type'),
    'http.content_len': map.get('content-length'),
    'http.protocol': 'HTTP/2',
  };
  const own = isRequest
    ? {
        'http.request_header': lines,
        'http.method': map.get(':method'),
        'http.uri': map.get(':path'),
        'http.uri.raw': map.get(':path'),
        'http.host': host?.replace(/^.*@/, '').replace(/:\d+$/, '').toLowerCase(),
        'http.host.raw': host,
        'http.user_agent': map.get('user-agent'),
        'http.referer': map.get('referer'),
        'http.accept': map.get('accept'),
        'http.accept_enc': map.get('accept-encoding'),
        'http.accept_lang': map.get('accept-language'),
        'http.cookie': fields.flatMap(([name, value]) => (name === 'cookie' ? [value] : [])),
      }
    : {
        'http.response_header': lines,
        'http.stat_code': map.get(':status'),
        'http.server': map.get('server'),
        'http.location': map.get('location'),
        'http.cookie': fields.flatMap(([name, value]) => (name === 'set-cookie' ? [value] : [])),
      };
  const events = [...frameEvents(frame), ...(isRequest ? authorityEvents(map) : [])];
  return transactionView('http2', { ...common, ...own }, frameNumbers(frame, bytes), events);
}

/** What rules see of a frame without fields. */
export function frameView(frame: Frame, bytes: Uint8Array): TransactionView {
  return transactionView('http2', {}, frameNumbers(frame, bytes), frameEvents(frame));
}

/** What cannot be decoded. */
export function brokenView(): TransactionView {
  return transactionView('http2', {}, {}, ['http2.failed_decompression']);
}

/** Numbers of the header and of the few frames whose payload is numbers (RFC 9113 §6). */
function frameNumbers(
  { type, payload }: Frame,
  bytes: Uint8Array,
): Record<string, number | readonly number[] | undefined> {
  const body = bytes.subarray(HEADER_BYTES);
  return {
    'http2.frametype': type,
    'http2.errorcode':
      type === RST_STREAM && body.length >= 4
        ? word32(body, 0)
        : type === GOAWAY && body.length >= 8
          ? word32(body, 4)
          : undefined,
    'http2.window': type === WINDOW_UPDATE && body.length >= 4 ? word32(body, 0) & 0x7fff_ffff : undefined,
    'http2.priority': priorityOf(type, bytes),
    ...(type === SETTINGS ? settingsOf(payload) : {}),
  };
}

function priorityOf(type: number, bytes: Uint8Array): number | undefined {
  if (type === PRIORITY) return bytes[HEADER_BYTES + 4];
  const flags = bytes[4] ?? 0;
  if (type !== HEADERS || (flags & PRIORITY_FLAG) === 0) return undefined;
  return bytes[HEADER_BYTES + ((flags & PADDED_FLAG) === 0 ? 0 : 1) + 4];
}

/** `http2.settings.3`: values of the setting with this number. */
function settingsOf(payload: Uint8Array): Record<string, readonly number[]> {
  const settings: Record<string, number[]> = {};
  const count = Math.min(MAXIMUM_SETTINGS, Math.floor(payload.length / SETTING_BYTES));
  for (let index = 0; index < count; index++) {
    const at = index * SETTING_BYTES;
    const name = `http2.settings.${((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0)}`;
    settings[name] = [...(settings[name] ?? []), word32(payload, at + 2)];
  }
  return settings;
}

function frameEvents({ type, length }: Frame): string[] {
  const isLong = length > MAXIMUM_FRAME_BYTES && type !== DATA && type !== CONTINUATION;
  return isLong ? ['http2.long_frame_data'] : [];
}

/** RFC 9113 §8.3.1: `host` says the same as `:authority`, which names no user. */
function authorityEvents(fields: ReadonlyMap<string, string>): string[] {
  const authority = fields.get(':authority');
  const host = fields.get('host');
  if (authority === undefined) return [];
  return [
    ...(host !== undefined && host.toLowerCase() !== authority.toLowerCase() ? ['http2.authority_host_mismatch'] : []),
    ...(authority.includes('@') ? ['http2.userinfo_in_uri'] : []),
  ];
}
