import { declaredTypeOf } from '../files/body-files.ts';
import { decodeContent } from '../files/content-coding.ts';
import { fileNameOf, nameOfTarget, parameterOf } from '../files/field-values.ts';
import { fileFacts } from '../files/file-view.ts';
import { MultipartReader } from '../files/multipart.ts';
import type { FileRecord } from '../files/types.ts';
import type { TransactionView } from '../inspector.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { transactionView, type ViewText } from '../transaction-view.ts';
import { type BodyOddity, requestEvents, responseEvents } from './events.ts';
import { codingsOf } from './fields.ts';
import type { HttpFiles } from './files.ts';
import type { MessageHead } from './message-head.ts';
import type { MessageHandler } from './message-stream.ts';
import { splitRequestLine } from './request-line.ts';

/** Bytes of a body that rules may look at; Suricata's default for both directions. */
const MAXIMUM_BODY_BYTES = 100 * 1024;

/** What rules see of HTTP messages: buffers `http.*` and `file.*` as Suricata names them, docs/rules.md. */
export class HttpViews {
  readonly #context: Pick<ParserContext, 'inspect' | 'serverPort'>;
  readonly #files: HttpFiles | undefined;
  #lastUri = '';
  #lastRequest: MessageHead | undefined;
  /** Head of the last answer, and what came behind it that should not be there. */
  #lastAnswer: MessageHead | undefined;
  #stray: Uint8Array[] = [];
  #strayLength = 0;
  readonly #pending: (() => void)[] = [];
  readonly #oddities = { 'to-server': new Set<BodyOddity>(), 'to-client': new Set<BodyOddity>() };

  /** @param files where the bodies are followed as files; it watches before this does */
  constructor(context: Pick<ParserContext, 'inspect' | 'serverPort'>, files: HttpFiles | undefined) {
    this.#context = context;
    this.#files = files;
  }

  /** @returns a handler that does what `handler` does, and shows each message once it is whole or its body is long enough */
  watch(direction: Direction, handler: MessageHandler): MessageHandler {
    let head: MessageHead | undefined;
    let body: Uint8Array[] = [];
    let length = 0;
    let isWanted = true;
    let shown: MessageHead | undefined;
    const show = () => {
      const file = this.#files?.takeLast(direction);
      if (head !== undefined) this.#message(direction, head, Buffer.concat(body), file);
      else if (shown !== undefined && file !== undefined) {
        this.#message(direction, shown, Buffer.concat(body), file, true);
      }
      shown = head;
      head = undefined;
    };
    this.#pending.push(show);
    return {
      head: (next) => {
        head = next;
        shown = undefined;
        body = [];
        length = 0;
        isWanted = true;
        this.#oddities[direction].clear();
        return handler.head(next);
      },
      body: (bytes) => {
        isWanted = isWanted && handler.body(bytes);
        if (head !== undefined) {
          const part = bytes.slice(0, MAXIMUM_BODY_BYTES - length);
          body.push(part);
          length += part.length;
          if (length >= MAXIMUM_BODY_BYTES) show();
        }
        return isWanted || head !== undefined;
      },
      // What comes behind is not shown as if it followed.
      lost: (length) => {
        isWanted = handler.lost?.(length) ?? false;
        return isWanted;
      },
      complete: (bytes, isWhole) => {
        show();
        handler.complete(bytes, isWhole);
      },
      odd: (oddity) => this.#oddities[direction].add(oddity),
      ...(handler.stray === undefined
        ? {}
        : { stray: (bytes) => (direction === 'to-server' ? this.#strayBody(bytes) : this.#takeStray(bytes)) }),
    };
  }

  /** Shows what was left unfinished when the connection ended or became unreadable. */
  end(): void {
    for (const show of this.#pending) show();
    this.#showStray();
  }

  /** Shows the head of a message that broke off within it. */
  begun(direction: Direction, head: MessageHead | undefined): void {
    if (head !== undefined) this.#message(direction, head, Buffer.alloc(0), undefined);
  }

  #message(
    direction: Direction,
    head: MessageHead,
    body: Buffer,
    file: FileRecord | undefined,
    isContinuation = false,
  ): void {
    if (direction === 'to-server') {
      this.#lastUri = splitRequestLine(head.startLine).target;
      this.#lastRequest = head;
    } else this.#lastAnswer = head;
    const view = direction === 'to-server' ? requestView(head, body) : responseView(head, body, this.#lastUri);
    const { protocol, buffers, numbers = {} } = withFile(view, file);
    const find = () => this.#eventsOf(direction, head);
    let events: readonly string[] | undefined;
    this.#show(direction, {
      protocol,
      buffers,
      numbers,
      ...(isContinuation ? { isContinuation } : {}),
      // Few rules ask what is odd, and it takes as long to find out as all else.
      get events() {
        events ??= find();
        return events;
      },
    });
  }

  #eventsOf(direction: Direction, head: MessageHead): readonly string[] {
    const oddities = this.#oddities[direction];
    return direction === 'to-server'
      ? requestEvents(head, oddities, this.#context.serverPort)
      : responseEvents(head, oddities);
  }

  #show(direction: Direction, view: TransactionView): void {
    this.#context.inspect?.(direction, view);
  }

  /** What follows a request and is none is taken for its body, as servers may do that count otherwise. */
  #strayBody(bytes: Uint8Array): void {
    if (this.#lastRequest === undefined) return;
    const view = requestView(this.#lastRequest, Buffer.from(bytes.slice(0, MAXIMUM_BODY_BYTES)));
    this.#show('to-server', { ...view, events: ['http.request_body_unexpected'], isContinuation: true });
  }

  /** Browsers take it as the body of the answer before it, or as an answer without a head (HTTP/0.9). */
  #takeStray(bytes: Uint8Array): void {
    if (this.#strayLength >= MAXIMUM_BODY_BYTES) return;
    const part = bytes.slice(0, MAXIMUM_BODY_BYTES - this.#strayLength);
    this.#stray.push(part);
    this.#strayLength += part.length;
    if (this.#strayLength >= MAXIMUM_BODY_BYTES) this.#showStray();
  }

  #showStray(): void {
    const body = Buffer.concat(this.#stray.splice(0));
    if (body.length === 0) return;
    const content = this.#lastAnswer === undefined ? body : decoded(body, this.#lastAnswer);
    const view = fileView(content, answerName(this.#lastAnswer?.fields, this.#lastUri));
    const shown = transactionView('http', view, { filesize: content.length });
    this.#show('to-client', withFile(shown, this.#files?.endStray()));
  }
}

function answerName(fields: ReadonlyMap<string, string> | undefined, uri: string): string {
  return fileNameOf(fields?.get('content-disposition') ?? '', '') || nameOfTarget(uri);
}

function decoded(body: Buffer, head: MessageHead): Buffer {
  return decodeContent(body, codingsOf(head).join(','), 4 * MAXIMUM_BODY_BYTES).bytes;
}

/** What is known of the body as a file, now that it has ended. */
function withFile(view: TransactionView, file: FileRecord | undefined): TransactionView {
  if (file === undefined) return view;
  const buffers = { ...fileFacts(file, ''), ...view.buffers };
  return { ...view, buffers, numbers: { ...view.numbers, filesize: [file.sizeBytes] } };
}

function requestView(head: MessageHead, body: Buffer): TransactionView {
  const { startLine, fields } = head;
  const { method, target, protocol } = splitRequestLine(startLine);
  const host = fields.get('host') ?? hostOf(target);
  const field = (name: string) => fields.get(name);
  const isUpload = body.length > 0 && (method === 'PUT' || method === 'POST');
  const view = transactionView(
    'http',
    {
      ...common(head),
      'http.method': method,
      'http.uri': normalizeUri(target),
      'http.uri.raw': target,
      'http.protocol': protocol,
      'http.request_line': startLine,
      'http.host': host.replace(/:\d+$/, '').toLowerCase(),
      'http.host.raw': host,
      'http.user_agent': field('user-agent'),
      'http.referer': field('referer'),
      'http.accept': field('accept'),
      'http.accept_enc': field('accept-encoding'),
      'http.accept_lang': field('accept-language'),
      'http.cookie': field('cookie'),
      'http.request_header': headerLines(head),
      'http.request_body': body.toString('latin1'),
      ...(isUpload ? uploadView(body, fields, target) : {}),
    },
    isUpload ? { filesize: body.length } : {},
  );
  return withEmptyFields(view, fields, REQUEST_FIELDS);
}

const REQUEST_FIELDS = [
  ['user-agent', 'http.user_agent'],
  ['referer', 'http.referer'],
  ['accept', 'http.accept'],
  ['accept-encoding', 'http.accept_enc'],
  ['accept-language', 'http.accept_lang'],
  ['cookie', 'http.cookie'],
  ['content-type', 'http.content_type'],
  ['connection', 'http.connection'],
] as const;

/** A field that is there and says nothing is an empty buffer, which is not the same as none. */
function withEmptyFields(
  view: TransactionView,
  fields: ReadonlyMap<string, string>,
  names: readonly (readonly [string, string])[],
): TransactionView {
  const empty = names.filter(([field]) => fields.get(field) === '');
  if (empty.length === 0) return view;
  const buffers = Object.fromEntries(empty.map(([, buffer]) => [buffer, [new Uint8Array(0)]]));
  return { ...view, buffers: { ...view.buffers, ...buffers } };
}

/** Files of a form each by itself; any other body is one file. */
function uploadView(body: Buffer, fields: ReadonlyMap<string, string>, target: string): ViewText {
  const parts = formFiles(fields.get('content-type') ?? '', body);
  if (parts.length > 1) {
    return {
      'file.data': parts.map(({ content }) => content.toString('latin1')),
      'file.name': parts.map(({ name }) => name),
    };
  }
  return fileView(body, uploadName(fields, body) ?? nameOfTarget(target));
}

/** RFC 7578 §4.2. */
function formFiles(contentType: string, body: Buffer): readonly { name: string; content: Buffer }[] {
  const boundary = parameterOf(contentType, 'boundary');
  if (boundary === undefined || boundary === '' || declaredTypeOf(contentType) !== 'multipart/form-data') return [];
  const files: { name: string; content: Buffer }[] = [];
  const reader = new MultipartReader(boundary, (fields) => {
    const name = parameterOf(fields.get('content-disposition') ?? '', 'filename');
    if (name === undefined) return undefined;
    const pieces: Uint8Array[] = [];
    return {
      write: (bytes) => pieces.push(bytes.slice()),
      gap: () => {},
      end: () => files.push({ name, content: Buffer.concat(pieces) }),
    };
  });
  reader.push(body);
  reader.end(true);
  return files;
}

function responseView(head: MessageHead, body: Buffer, uri: string): TransactionView {
  const { startLine, fields } = head;
  const [, protocol = '', status = '', message = ''] = /^(\S*)\s*(\S*)\s*(.*)$/.exec(startLine) ?? [];
  const content = decoded(body, head);
  return transactionView(
    'http',
    {
      ...common(head),
      'http.stat_code': status,
      'http.stat_msg': message,
      'http.protocol': protocol,
      'http.response_line': startLine,
      'http.server': fields.get('server'),
      'http.location': fields.get('location'),
      'http.cookie': fields.get('set-cookie'),
      'http.response_header': headerLines(head),
      ...(content.length === 0 ? {} : fileView(content, answerName(fields, uri))),
    },
    content.length === 0 ? {} : { filesize: content.length },
  );
}

function common(head: MessageHead): ViewText {
  const { fields, startLine } = head;
  const lines = headerLines(head).filter((line) => !/^(set-)?cookie:/i.test(line));
  const names = headNames(head);
  return {
    'http.header': lines.map((line) => `${line}\r\n`).join(''),
    'http.header.raw': headerLines(head)
      .map((line) => `${line}\r\n`)
      .join(''),
    'http.header_names': names.length === 0 ? '' : `\r\n${names.join('\r\n')}\r\n\r\n`,
    'http.start': `${startLine}\r\n${headerLines(head).join('\r\n')}\r\n\r\n`,
    'http.content_type': fields.get('content-type'),
    'http.content_len': fields.get('content-length'),
    'http.connection': fields.get('connection'),
  };
}

function headNames(head: MessageHead): string[] {
  return fieldLines(head).map((line) => line.slice(0, nameLength(line)));
}

function fieldLines({ fieldText }: MessageHead): string[] {
  return fieldText.split(/\r?\n/).filter((line) => line !== '');
}

function nameLength(line: string): number {
  const colon = line.indexOf(':');
  return colon < 0 ? line.length : colon;
}

/** Fields as they stand, blanks around the value taken away. */
function headerLines(head: MessageHead): string[] {
  return fieldLines(head).map((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? line : `${line.slice(0, colon)}: ${line.slice(colon + 1).trim()}`;
  });
}

function fileView(content: Buffer, name: string): ViewText {
  return { 'file.data': content.toString('latin1'), 'file.name': name };
}

function uploadName(fields: ReadonlyMap<string, string>, body: Buffer): string | undefined {
  const given = parameterOf(fields.get('content-disposition') ?? '', 'filename');
  if (given !== undefined) return given;
  if (!/multipart\/form-data/i.test(fields.get('content-type') ?? '')) return undefined;
  return /filename="([^"]{1,255})"/i.exec(body.toString('latin1', 0, 4096))?.[1];
}

function hostOf(target: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1] ?? '';
}

/** Path and query as a server understands them: percent signs decoded once, dot segments and doubled slashes removed. */
function normalizeUri(target: string): string {
  const relative = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/';
  const question = relative.indexOf('?');
  const path = decodePercent(question < 0 ? relative : relative.slice(0, question));
  const query = question < 0 ? '' : relative.slice(question);
  return `${removeDots(path.replaceAll('\\', '/').replace(/\/{2,}/g, '/'))}${decodePercent(query)}`;
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** RFC 3986 §5.2.4. */
function removeDots(path: string): string {
  if (!path.includes('/.')) return path;
  const output: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') output.splice(Math.max(1, output.length - 1));
    else if (segment !== '.') output.push(segment);
    if ((segment === '.' || segment === '..') && isLast) output.push('');
  }
  return output.join('/');
}
