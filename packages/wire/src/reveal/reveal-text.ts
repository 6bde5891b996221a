import type { Shown } from './shown.ts';

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** Fields of HTTP by name; of those with `true` the value, too. All others may carry whom a request is about. */
const HTTP_FIELDS: Readonly<Record<string, boolean>> = {
  accept: true,
  'accept-encoding': true,
  'accept-language': true,
  allow: true,
  authorization: false,
  'cache-control': true,
  connection: true,
  'content-encoding': true,
  'content-length': true,
  'content-type': true,
  cookie: false,
  date: true,
  etag: false,
  expires: true,
  host: true,
  'last-modified': true,
  location: false,
  pragma: true,
  referer: false,
  server: true,
  'set-cookie': false,
  'transfer-encoding': true,
  upgrade: true,
  'user-agent': true,
  'www-authenticate': false,
  'x-powered-by': true,
};

/** Methods of RFC 9110 §9 and RFC 5789, then the version, and status lines; the target in between stays hidden. */
const REQUEST_LINE = /((?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) )\S+( HTTP\/1\.[01]\r?\n)/y;
const STATUS_LINE = /HTTP\/1\.[01] \d{3}[ A-Za-z-]{0,40}\r?\n/y;
const FIELD_LINE = /([A-Za-z-]{1,60}):[^\r\n]*\r?\n/y;
const CHUNK_SIZE = /([0-9A-Fa-f]{1,8})[^\r\n]{0,100}\r?\n/y;

/** Heads of HTTP/1 without targets (RFC 9112); bodies are stepped over, and nothing is shown once one has no known end. */
export function revealHttp(bytes: Uint8Array, shown: Shown): void {
  const text = latin1(bytes);
  for (let at = 0; at < text.length; ) {
    const start = revealStartLine(text, at, shown);
    if (start === undefined) return;
    const head = revealFields(text, start, shown);
    if (head === undefined) return;
    const next = head.isChunked ? endOfChunks(text, head.end) : head.end + head.length;
    if (next === undefined) return;
    at = next;
  }
}

/** Matches where it stands and nowhere else. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** @returns where the fields begin; undefined where no message does */
function revealStartLine(text: string, at: number, shown: Shown): number | undefined {
  const request = matchAt(REQUEST_LINE, text, at);
  if (request !== null) {
    const [line, method = '', version = ''] = request;
    shown.show(at, at + method.length);
    shown.show(at + line.length - version.length, at + line.length);
    return at + line.length;
  }
  const status = matchAt(STATUS_LINE, text, at);
  if (status === null) return undefined;
  shown.show(at, at + status[0].length);
  return at + status[0].length;
}

/** @returns where the body begins and how long it is; undefined for a head that is not whole or of another form */
function revealFields(
  text: string,
  start: number,
  shown: Shown,
): { readonly end: number; readonly length: number; readonly isChunked: boolean } | undefined {
  let length = 0;
  let isChunked = false;
  for (let at = start; ; ) {
    const empty = text.startsWith('\r\n', at) ? 2 : text.startsWith('\n', at) ? 1 : 0;
    if (empty > 0) {
      shown.show(at, at + empty);
      return { end: at + empty, length, isChunked };
    }
    const field = matchAt(FIELD_LINE, text, at);
    if (field === null) return undefined;
    const [line, name = ''] = field;
    const key = name.toLowerCase();
    const isValueShown = Object.hasOwn(HTTP_FIELDS, key) ? HTTP_FIELDS[key] : undefined;
    if (isValueShown !== undefined) shown.show(at, at + (isValueShown ? line.length : name.length + 1));
    if (key === 'content-length') length = Number.parseInt(line.slice(name.length + 1), 10) || 0;
    if (key === 'transfer-encoding') isChunked = /chunked/i.test(line);
    at += line.length;
  }
}

/** @returns where the next message begins; undefined where the chunks do not end here */
function endOfChunks(text: string, start: number): number | undefined {
  for (let at = start; at < text.length; ) {
    const size = matchAt(CHUNK_SIZE, text, at);
    if (size === null) return undefined;
    const length = Number.parseInt(size[1] ?? '', 16);
    at += size[0].length + length + 2;
    if (length === 0) return at;
  }
  return undefined;
}

const HL7_SEGMENTS = new Set(
  'MSH MSA ERR EVN PID PD1 NK1 PV1 PV2 ORC OBR OBX NTE AL1 DG1 GT1 IN1 IN2 RXA RXC RXE RXO RXR SPM TQ1 TXA QRD QRF QPD RCP QAK SCH AIG AIL AIP AIS RGS MRG ZDS FT1 DSC BHS BTS FHS FTS'.split(
    ' ',
  ),
);
/** Fields of MSH (HL7 v2.9 §2.15.9) that name applications, facilities, time, type, processing and version. */
const MSH_SHOWN = new Set([2, 3, 4, 5, 6, 7, 9, 11, 12]);

/** Names of segments, delimiters, and of MSH what says which systems talk; no other field. */
export function revealHl7(bytes: Uint8Array, shown: Shown): void {
  // The two bytes around a message (MLLP) end segments, too.
  const text = latin1(bytes).replaceAll('\x0b', '\r').replaceAll('\x1c', '\r');
  let start = 0;
  for (const segment of text.split(/[\r\n]/)) {
    const name = segment.slice(0, 3);
    const end = start + segment.length;
    shown.show(end, end + 1);
    if (HL7_SEGMENTS.has(name) && (segment.length === 3 || segment[3] === '|')) {
      shown.show(start, start + 3);
      let field = name === 'MSH' ? 1 : 0;
      let at = start + 3;
      for (const value of segment.slice(4).split('|')) {
        field += 1;
        shown.show(at, at + 1);
        if (name === 'MSH' && MSH_SHOWN.has(field)) shown.show(at + 1, at + 1 + value.length);
        at += value.length + 1;
      }
    }
    start = end + 1;
  }
}

/** Commands of FTP, SMTP, POP3 and IMAP, and codes of answers; never what follows them. */
const COMMAND =
  /^((?:[A-Za-z]{0,4}\d{1,8} )?(?:USER|PASS|ACCT|CWD|QUIT|PORT|PASV|EPSV|EPRT|TYPE|RETR|STOR|DELE|LIST|NLST|FEAT|SYST|HELO|EHLO|MAIL FROM:|RCPT TO:|DATA|RSET|NOOP|STARTTLS|AUTH|STAT|UIDL|TOP|CAPA|LOGIN|SELECT|FETCH|LOGOUT|CAPABILITY|SEARCH|OK|BAD|NO)\b|\d{3}[ -]|\+OK|-ERR)/gim;

/** Lines of text protocols without their arguments. */
export function revealLines(bytes: Uint8Array, shown: Shown): void {
  for (const { index, 0: command } of latin1(bytes).matchAll(COMMAND)) shown.show(index, index + command.length);
}
