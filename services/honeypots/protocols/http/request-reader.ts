import { GrowingBytes } from '../growing-bytes.ts';

// HTTP/1.1 messages of clients (RFC 9112), as much of it as a decoy needs.

const MAXIMUM_HEAD_BYTES = 16 * 1024;
const MAXIMUM_BODY_BYTES = 2 * 1024 * 1024;
const MAXIMUM_CHUNK_LINE = 64;
const MAXIMUM_HEADERS = 100;
const LINE_END = '\r\n';

export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Names in lower case; of repeated ones the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly isBodyCut: boolean;
}

type State =
  | { readonly kind: 'head' }
  | { readonly kind: 'body'; remaining: number }
  | { readonly kind: 'chunk-line' | 'chunk-end' | 'trailer' }
  | { readonly kind: 'chunk'; remaining: number }
  | { readonly kind: 'broken' };

/** Cuts the bytes of one connection into requests. Never throws; holds at most a head and a body. */
export class HttpRequestReader {
  readonly #take: (request: HttpRequest) => void;
  readonly #broken: () => void;
  #state: State = { kind: 'head' };
  #line = '';
  #head: Omit<HttpRequest, 'body' | 'isBodyCut'> | undefined;
  #body = new GrowingBytes(MAXIMUM_BODY_BYTES);

  /** @param broken told once when what comes is no HTTP; nothing is read behind it */
  constructor(take: (request: HttpRequest) => void, broken: () => void) {
    this.#take = take;
    this.#broken = broken;
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && this.#state.kind !== 'broken'; ) at = this.#step(bytes, at);
  }

  #step(bytes: Buffer, at: number): number {
    const state = this.#state;
    switch (state.kind) {
      case 'head':
        return this.#readUntil(bytes, at, `${LINE_END}${LINE_END}`, MAXIMUM_HEAD_BYTES, (text) => this.#endHead(text));
      case 'chunk-line':
        return this.#readUntil(bytes, at, LINE_END, MAXIMUM_CHUNK_LINE, (text) => this.#beginChunk(text));
      case 'chunk-end':
        return this.#readUntil(bytes, at, LINE_END, 2, () => {
          this.#state = { kind: 'chunk-line' };
        });
      case 'trailer':
        return this.#readUntil(bytes, at, LINE_END, MAXIMUM_HEAD_BYTES, (text) => {
          if (text === '') this.#endRequest();
        });
      case 'body':
      case 'chunk': {
        const taken = Math.min(state.remaining, bytes.length - at);
        this.#body.add(bytes.subarray(at, at + taken));
        state.remaining -= taken;
        if (state.remaining === 0) {
          if (state.kind === 'body') this.#endRequest();
          else this.#state = { kind: 'chunk-end' };
        }
        return at + taken;
      }
      case 'broken':
        return bytes.length;
      default:
        return state satisfies never;
    }
  }

  /** @returns where to go on reading */
  #readUntil(bytes: Buffer, at: number, mark: string, limit: number, done: (text: string) => void): number {
    const before = this.#line.length;
    const room = limit + mark.length - before;
    this.#line += bytes.toString('latin1', at, at + room);
    const end = this.#line.indexOf(mark, Math.max(0, before - mark.length));
    // Clients that end lines with a line feed alone, as people at telnet do.
    const bare = mark.length > 2 ? this.#line.indexOf('\n\n') : -1;
    if (end < 0 && bare < 0) {
      if (this.#line.length >= limit) this.#fail();
      return Math.min(bytes.length, at + room);
    }
    const isBare = end < 0 || (bare >= 0 && bare < end);
    const text = this.#line.slice(0, isBare ? bare : end);
    const consumed = text.length + (isBare ? 2 : mark.length) - before;
    this.#line = '';
    done(text);
    return at + Math.max(consumed, 0);
  }

  #endHead(text: string): void {
    const [first = '', ...lines] = text.replace(/^(\r?\n)+/, '').split(/\r?\n/);
    const start = /^([A-Z_-]{1,32}) (\S{1,8192})(?: (HTTP\/\d\.\d))?$/.exec(first);
    if (start === null) {
      this.#fail();
      return;
    }
    const [, method = '', target = '', version = 'HTTP/0.9'] = start;
    const headers = new Map<string, string>();
    for (const line of lines.slice(0, MAXIMUM_HEADERS)) {
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
      if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
    }
    this.#head = { method, target, version, headers };
    const length = Number(headers.get('content-length') ?? 0);
    if (/chunked/i.test(headers.get('transfer-encoding') ?? '')) this.#state = { kind: 'chunk-line' };
    else if (Number.isSafeInteger(length) && length > 0) this.#state = { kind: 'body', remaining: length };
    else this.#endRequest();
  }

  #beginChunk(text: string): void {
    const length = /^[0-9A-Fa-f]{1,8}/.exec(text)?.[0];
    if (length === undefined) this.#fail();
    else if (Number.parseInt(length, 16) === 0) this.#state = { kind: 'trailer' };
    else this.#state = { kind: 'chunk', remaining: Number.parseInt(length, 16) };
  }

  #endRequest(): void {
    const head = this.#head;
    const isBodyCut = this.#body.isCut;
    const body = this.#body.take();
    this.#body = new GrowingBytes(MAXIMUM_BODY_BYTES);
    this.#head = undefined;
    this.#state = { kind: 'head' };
    if (head !== undefined) this.#take({ ...head, body, isBodyCut });
  }

  #fail(): void {
    this.#state = { kind: 'broken' };
    this.#line = '';
    this.#broken();
  }
}
