import type { MessageHead } from './message-head.ts';
import { splitRequestLine } from './request-line.ts';

/** What is odd about the body of a message, found while it is cut out. */
export type BodyOddity = 'chunk-extension' | 'invalid-chunk-length';

const MAXIMUM_FIELDS = 1024;
const MAXIMUM_LAYERS = 2;
const MAXIMUM_FIELD_BYTES = 18_000;
/** A token (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const KNOWN_AUTHENTICATION = /^(basic|digest|bearer)\b/i;
const HOST = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)$/i;

/** @returns what is odd about a request, named as Suricata's `http-events.rules` name it */
export function requestEvents(head: MessageHead, oddities: ReadonlySet<BodyOddity>, serverPort: number): string[] {
  const { fields, startLine } = head;
  const { method, target, protocol } = splitRequestLine(startLine);
  const events = fieldEvents(head, 'request');
  const add = (condition: boolean, name: string) => {
    if (condition) events.push(name);
  };
  add(protocol === '', 'request_line_missing_protocol');
  add(!TOKEN.test(method), 'request_line_invalid');
  add(/^\S+\t/.test(startLine), 'method_delim_non_compliant');
  add(/\t(HTTP\/\S*)$/i.test(startLine), 'uri_delim_non_compliant');
  add(/%25[0-9a-f]{2}/i.test(target), 'double_encoded_uri');
  const authorization = fields.get('authorization');
  add(authorization !== undefined && !KNOWN_AUTHENTICATION.test(authorization), 'request_auth_unrecognized');
  add(oddities.has('chunk-extension'), 'request_chunk_extension');
  add(oddities.has('invalid-chunk-length'), 'invalid_request_chunk_len');
  events.push(...hostEvents(fields.get('host'), target, protocol, serverPort));
  return events.map((name) => `http.${name}`);
}

/** @returns what is odd about an answer */
export function responseEvents(head: MessageHead, oddities: ReadonlySet<BodyOddity>): string[] {
  const { fields, startLine } = head;
  const events = fieldEvents(head, 'response');
  const add = (condition: boolean, name: string) => {
    if (condition) events.push(name);
  };
  const [, protocol = '', status = ''] = /^(\S*)\s*(\S*)/.exec(startLine) ?? [];
  add(!/^HTTP\/\d\.\d$/i.test(protocol), 'response_invalid_protocol');
  add(!/^[1-9]\d\d$/.test(status), 'response_invalid_status');
  add(/chunked/i.test(fields.get('transfer-encoding') ?? '') && /1\.0$/.test(protocol), 'response_chunked_old_proto');
  add(/^multipart\/byteranges/i.test(fields.get('content-type') ?? ''), 'response_multipart_byteranges');
  const codings = (fields.get('content-encoding') ?? '').split(',').filter((coding) => coding.trim() !== '');
  add(codings.length > MAXIMUM_LAYERS, 'too_many_encoding_layers');
  add(
    codings.some((coding) => !KNOWN_CODING.test(coding.trim())),
    'abnormal_ce_header',
  );
  add(oddities.has('invalid-chunk-length'), 'invalid_response_chunk_len');
  return events.map((name) => `http.${name}`);
}

const KNOWN_CODING = /^(x-)?(gzip|deflate|compress|identity|br|zstd|lzma|inflate)$/i;

/** Fields of either side (RFC 9112 §5, §6). */
function fieldEvents({ fields, fieldText }: MessageHead, side: 'request' | 'response'): string[] {
  const events: string[] = [];
  const add = (condition: boolean, name: string) => {
    if (condition) events.push(name);
  };
  const lines = fieldText.split(/\r?\n/).filter((line) => line.trim() !== '');
  const names = lines.map((line) => line.slice(0, Math.max(0, line.indexOf(':'))));
  add(lines.length > MAXIMUM_FIELDS, `${side}_too_many_headers`);
  add(
    lines.some((line) => !line.includes(':')),
    `${side}_field_missing_colon`,
  );
  add(
    names.some((name) => name !== '' && !TOKEN.test(name.trim())),
    `${side}_header_invalid`,
  );
  add(
    lines.some((line) => line.length > MAXIMUM_FIELD_BYTES),
    `${side}_field_too_long`,
  );
  const lengths = names.filter((name) => name.trim().toLowerCase() === 'content-length').length;
  const others = names.map((name) => name.trim().toLowerCase()).filter((name) => !REPEATABLE.has(name));
  add(new Set(others).size < others.length, `${side}_header_repetition`);
  add(lengths > 1, `duplicate_content_length_field_in_${side}`);
  const length = fields.get('content-length');
  add(length !== undefined && !/^\d+$/.test(length), `invalid_content_length_field_in_${side}`);
  const transfer = fields.get('transfer-encoding');
  add(transfer !== undefined && !/^chunked$/i.test(transfer), `invalid_transfer_encoding_value_in_${side}`);
  return events;
}

/** Names that may stand in a head more than once, and the empty one of a line without a colon. */
const REPEATABLE = new Set([
  '',
  'content-length',
  'set-cookie',
  'via',
  'warning',
  'link',
  'www-authenticate',
  'cookie',
]);

/** RFC 9110 §7.2, RFC 9112 §3.2. */
function hostEvents(host: string | undefined, target: string, protocol: string, serverPort: number): string[] {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(target)?.[1];
  if (host === undefined) return authority === undefined && /1\.[1-9]$/.test(protocol) ? ['missing_host_header'] : [];
  const [, name = host, port] = /^(.*?):(\d*)$/.exec(host) ?? [];
  const events: string[] = [];
  if (host.trim() === '' || !HOST.test(name)) events.push('request_header_host_invalid');
  else if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    events.push('request_header_host_invalid');
  else if (port !== undefined && Number(port) !== serverPort) events.push('request_server_port_tcp_port_mismatch');
  if (authority === undefined) return events;
  const asked = authority.replace(/:\d*$/, '').toLowerCase();
  if (!HOST.test(asked)) events.push('request_uri_host_invalid');
  if (asked !== name.toLowerCase()) events.push('host_header_ambiguous');
  return events;
}
