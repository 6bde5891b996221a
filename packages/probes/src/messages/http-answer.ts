const HEAD_END = '\r\n\r\n';
const MAXIMUM_HEADERS = 100;

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of several of one name the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** As far as it came, without chunk sizes. */
  readonly body: Buffer;
}

/** @returns undefined when it is no answer of HTTP/1 (RFC 9112 §4) */
export function readHttpAnswer(bytes: Buffer): HttpAnswer | undefined {
  const end = bytes.indexOf(HEAD_END);
  const head = bytes.subarray(0, end === -1 ? bytes.length : end).toString('latin1');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) return undefined;
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n').slice(1, MAXIMUM_HEADERS)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  const rest = end === -1 ? Buffer.alloc(0) : bytes.subarray(end + HEAD_END.length);
  const isChunked = (headers.get('transfer-encoding') ?? '').toLowerCase().includes('chunked');
  return { status: Number(status), headers, body: isChunked ? withoutChunkSizes(rest) : rest };
}

/** For answers whose length is told: whether all has come. Others end with the connection. */
export function isAnswerWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return false;
  const length = /\r\ncontent-length: *(\d{1,9})/i.exec(bytes.subarray(0, end).toString('latin1'))?.[1];
  return length !== undefined && bytes.length >= end + HEAD_END.length + Number(length);
}

/** RFC 9112 §7.1. */
function withoutChunkSizes(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) break;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
