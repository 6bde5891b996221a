import { cleanText } from '../bytes/text.ts';
import { Hl7Conversation } from '../hl7/conversation.ts';
import { tellNtlmOfField } from '../ntlm/parse.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { TunnelledStream } from '../tunnelled-stream.ts';
import { type BodyReader, keptText } from './body.ts';
import { describeCarried } from './carried.ts';
import { requestBody, responseBody, TITLE_BYTES } from './carried-body.ts';
import { authorizationOf, mediaType } from './fields.ts';
import { HttpFiles } from './files.ts';
import { headerOrder } from './header-order.ts';
import { MessageFrames } from './message-frames.ts';
import type { MessageHead } from './message-head.ts';
import { type BodyFraming, type MessageHandler, MessageStream } from './message-stream.ts';
import { splitRequestLine } from './request-line.ts';
import { maskLocation, maskTarget } from './target.ts';
import type { HttpExchange, HttpRecord } from './types.ts';
import { HttpViews } from './views.ts';

/** Requests that wait for their answer (pipelining). */
const MAXIMUM_WAITING_REQUESTS = 64;
/** Requests ahead of their answers whose bodies are read: who sends more of them ahead does not care for the answers. */
const MAXIMUM_READ_REQUESTS = 4;
const MICROS_PER_MS = 1000;
const MAXIMUM_VALUE = 200;
const LF = 10;
const CR = 13;

interface PendingRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly askedMicros: number | undefined;
  readonly body: BodyReader | undefined;
  bytes: number;
  hasGap: boolean;
}

interface PendingResponse {
  readonly version: string;
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly request: PendingRequest | undefined;
  readonly durationMs: number | undefined;
  readonly body: BodyReader | undefined;
  hasGap: boolean;
}

/** Rooms by the name of the protocol (RFC 9110 §7.8, IANA upgrade token registry). */
const UPGRADES: ReadonlyMap<string, string> = new Map([
  ['websocket', 'websocket'],
  ['h2c', 'http2'],
]);

/** HTTP/1.0 and 1.1 (RFC 9110, RFC 9112), with FHIR, DICOMweb and HL7 v2 as they travel over it. */
export class HttpParser implements StreamParser {
  readonly #context: ParserContext<HttpRecord>;
  readonly #requests: PendingRequest[] = [];
  readonly #streams: Readonly<Record<Direction, MessageStream>>;
  readonly #views: HttpViews | undefined;
  readonly #files: HttpFiles | undefined;
  /** Where rules look at messages as they were on the wire. */
  readonly #frames: Readonly<Record<Direction, MessageFrames>> | undefined;
  #hl7: Hl7Conversation | undefined;
  #reading: PendingRequest | undefined;
  #response: PendingResponse | undefined;
  /** Messages may be lost: which answers belong to the requests that wait is not known. */
  #isAstray = false;
  /** Two requests came at once: their answers are told apart by their order alone. */
  #isPipelined = false;
  #requestHeads = 0;
  #isUpgraded = false;
  #isConnected = false;
  /** The room that reads what follows the upgrade. */
  #upgradedTo: string | undefined;
  /** What goes through this proxy (RFC 9110 §9.3.6). */
  #tunnel: TunnelledStream | undefined;

  constructor(context: ParserContext<HttpRecord>) {
    this.#context = context;
    const requests: MessageHandler = {
      head: (head) => this.#requestHead(head),
      body: (bytes) => this.#reading?.body?.take(bytes) ?? false,
      lost: () => this.#lost(this.#reading),
      complete: (bytes, isWhole) => {
        if (isWhole === false) this.#lost(this.#reading);
        this.#requestComplete(bytes);
      },
      stray: () => {},
    };
    const responses: MessageHandler = {
      head: (head) => this.#responseHead(head),
      body: (bytes) => this.#response?.body?.take(bytes) ?? false,
      lost: () => this.#lost(this.#response),
      complete: (bytes, isWhole) => {
        if (isWhole === false) this.#lost(this.#response);
        this.#responseComplete(bytes);
      },
      stray: () => {},
    };
    const { inspect, files: sink, frame } = context;
    const framesOf = (direction: Direction) => new MessageFrames(direction, frame ?? (() => {}));
    const frames =
      frame === undefined ? undefined : { 'to-server': framesOf('to-server'), 'to-client': framesOf('to-client') };
    this.#frames = frames;
    const files = sink === undefined ? undefined : new HttpFiles(sink, () => this.#response?.request?.target ?? '');
    const views = inspect === undefined ? undefined : new HttpViews(context, files);
    this.#views = views;
    this.#files = files;
    const watched = (direction: Direction, handler: MessageHandler): MessageStream => {
      const viewed = views?.watch(direction, handler) ?? handler;
      const side = direction === 'to-server' ? 'request' : 'response';
      const followed = files?.watch(direction, viewed) ?? viewed;
      return new MessageStream(frames?.[direction].watch(followed) ?? followed, side);
    };
    this.#streams = { 'to-server': watched('to-server', requests), 'to-client': watched('to-client', responses) };
  }

  get findsWayAgain(): boolean {
    return this.#tunnel === undefined;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#tunnel !== undefined) return this.#tunnel.push(direction, bytes);
    this.#requestHeads = 0;
    const taken = this.#streams[direction].push(bytes);
    if (this.#requestHeads > 1) this.#isPipelined = true;
    if (this.#upgradedTo !== undefined) {
      this.#context.handOver(this.#upgradedTo, bytes.subarray(taken));
      return 'continue';
    }
    if (this.#isConnected) return this.#goThrough(direction, bytes.subarray(taken));
    if (this.#isUpgraded) return 'finished';
    if (!this.#streams[direction].isBroken) return 'continue';
    this.end();
    return 'failed';
  }

  /** The answer that opened the way has been told. */
  #goThrough(direction: Direction, rest: Uint8Array): StreamState {
    this.#tunnel ??= new TunnelledStream(this.#context as ParserContext);
    // Blank lines too many belong to the answer.
    const start = rest.findIndex((byte) => byte !== CR && byte !== LF);
    return start < 0 ? 'continue' : this.#tunnel.push(direction, rest.subarray(start));
  }

  gap(direction: Direction, length: number): StreamState {
    if (this.#tunnel !== undefined) return this.#tunnel.gap(direction, length);
    if (!this.#streams[direction].gap(length)) this.#isAstray = true;
    this.#frames?.[direction].show();
    return this.#isUpgraded ? 'finished' : 'continue';
  }

  #lost(message: { hasGap: boolean } | undefined): boolean {
    if (message !== undefined) message.hasGap = true;
    return false;
  }

  skippable(direction: Direction): number {
    return this.#tunnel === undefined ? this.#streams[direction].skippable : 0;
  }

  skipped(direction: Direction, length: number): void {
    this.#streams[direction].skipped(length);
  }

  end(): void {
    this.#tunnel?.end();
    this.#streams['to-server'].end();
    this.#streams['to-client'].end();
    this.#frames?.['to-server'].show();
    this.#frames?.['to-client'].show();
    this.#views?.end();
    this.#files?.endStray();
    for (const direction of ['to-server', 'to-client'] as const) {
      this.#views?.begun(direction, this.#streams[direction].begunHead);
    }
    // Requests that were never answered still tell about the client.
    for (const request of this.#requests.splice(0)) {
      request.hasGap ||= this.#isAstray;
      this.#emit(request, undefined, 0);
    }
  }

  #requestHead({ startLine, fields }: MessageHead): BodyFraming {
    this.#tellLogOn(fields, 'to-server', 'authorization');
    const { method, target, protocol: version } = splitRequestLine(startLine);
    const askedMicros = this.#context.timeMicros?.();
    this.#reading = {
      method: cleanText(method, 16),
      target,
      version: versionOf(version),
      fields,
      askedMicros,
      body: this.#requestBody(fields),
      bytes: 0,
      hasGap: false,
    };
    this.#requestHeads += 1;
    if (this.#requests.length < MAXIMUM_WAITING_REQUESTS) this.#requests.push(this.#reading);
    return framingOf(fields, { kind: 'none' });
  }

  /** NTLM, with the server or with a proxy (RFC 9110 §11.6, §11.7). */
  #tellLogOn(fields: ReadonlyMap<string, string>, direction: Direction, kind: 'authorization' | 'authenticate'): void {
    const own = fields.get(kind === 'authorization' ? kind : 'www-authenticate');
    const context = this.#context as ParserContext;
    tellNtlmOfField(own, direction, context);
    tellNtlmOfField(fields.get(`proxy-${kind}`), direction, context);
  }

  #requestComplete(bytes: number): void {
    if (this.#reading === undefined) return;
    this.#reading.bytes = bytes;
    if (!this.#reading.hasGap) this.#reading.body?.complete?.(bytes);
    this.#reading = undefined;
  }

  #responseHead({ startLine, fields }: MessageHead): BodyFraming {
    const [version = '', code = ''] = startLine.split(' ');
    this.#tellLogOn(fields, 'to-client', 'authenticate');
    const status = Number.parseInt(code, 10) || 0;
    const isInterim = status >= 100 && status < 200 && status !== 101;
    if (isInterim) {
      this.#response = undefined;
      return { kind: 'none' };
    }
    const request = this.#isAstray ? this.#findRequest() : this.#requests.shift();
    const hl7 = (text: string, bytes: number) => this.#hl7Message(text, bytes, 'to-client');
    const body = responseBody(request?.target ?? '', fields, hl7);
    const durationMs = elapsedMs(request?.askedMicros, this.#context.timeMicros?.());
    const common = { version: versionOf(version), status, fields, durationMs, body };
    this.#response = { ...common, request, hasGap: request === undefined };
    const isConnected = request?.method === 'CONNECT' && status >= 200 && status < 300;
    const isSwitched = status === 101 && framingOf(fields, { kind: 'none' }).kind === 'none';
    if (isSwitched || isConnected) this.#isUpgraded = true;
    if (isSwitched) this.#upgradedTo = UPGRADES.get(fields.get('upgrade')?.toLowerCase() ?? '');
    this.#isConnected = isConnected;
    if (this.#isUpgraded) return { kind: 'last' };
    const hasNoBody = request?.method === 'HEAD' || status === 204 || status === 304;
    return hasNoBody ? { kind: 'none' } : framingOf(fields, { kind: 'until-close' });
  }

  /**
   * The request of the first answer behind a loss. Clients mostly ask again only when they were answered: it is the last
   * one. Of those that were sent ahead, nobody knows.
   */
  #findRequest(): PendingRequest | undefined {
    const request = this.#isPipelined ? undefined : this.#requests.pop();
    for (const unanswered of this.#requests.splice(0)) {
      unanswered.hasGap = true;
      this.#emit(unanswered, undefined, 0);
    }
    this.#isAstray = this.#isPipelined;
    return request;
  }

  #requestBody(fields: ReadonlyMap<string, string>): BodyReader | undefined {
    const hasBody = fields.has('content-length') || fields.has('transfer-encoding');
    if (!hasBody || this.#requests.length >= MAXIMUM_READ_REQUESTS) return undefined;
    return requestBody(fields, (text, bytes) => this.#hl7Message(text, bytes, 'to-server'));
  }

  #hl7Message(text: string, bytes: number, direction: Direction): void {
    this.#hl7 ??= new Hl7Conversation(this.#context as ParserContext);
    this.#hl7.frame(text, bytes, direction);
  }

  #responseComplete(bytes: number): void {
    const response = this.#response;
    this.#response = undefined;
    if (response === undefined) return;
    this.#emit(response.request, response, bytes);
    if (!response.hasGap) response.body?.complete?.(bytes);
  }

  #emit(request: PendingRequest | undefined, response: PendingResponse | undefined, responseBytes: number): void {
    const { path, queryNames } = maskTarget(request?.target ?? '');
    const ask = (name: string) => cleanText(request?.fields.get(name) ?? '', MAXIMUM_VALUE);
    const answer = (name: string) => cleanText(response?.fields.get(name) ?? '', MAXIMUM_VALUE);
    const challenge = answer('www-authenticate');
    const body = keptText(response?.body);
    const exchange: HttpExchange = {
      protocol: 'http',
      activity: 'exchange',
      method: request?.method ?? '',
      version: request?.version ?? response?.version ?? '',
      host: ask('host'),
      path,
      queryNames,
      status: response?.status,
      userAgent: ask('user-agent'),
      headerOrder: request === undefined ? '' : headerOrder(request.fields),
      server: answer('server'),
      poweredBy: answer('x-powered-by') || answer('x-generator'),
      redirect: maskLocation(answer('location')),
      requestType: mediaType(ask('content-type')),
      responseType: mediaType(answer('content-type')),
      authorization: authorizationOf(request?.fields),
      challenge: challenge.split(/[ ,]/, 1)[0] ?? '',
      realm: cleanText(/realm="([^"]*)"/i.exec(challenge)?.[1] ?? '', 80),
      title: cleanText(/<title[^>]{0,200}>([^<]{1,200})</i.exec(body.slice(0, TITLE_BYTES))?.[1] ?? '', 100),
      durationMs: response?.durationMs,
      requestBytes: request?.bytes ?? 0,
      responseBytes,
      hasGap: request?.hasGap === true || response?.hasGap === true,
    };
    const direction = response === undefined ? 'to-server' : 'to-client';
    this.#context.emit(exchange, direction);
    const messages = {
      target: request?.target ?? '',
      requestFields: request?.fields,
      responseFields: response?.fields,
      // What is known of a body is known of all of it.
      requestBody: request?.hasGap === true ? undefined : request?.body,
      responseBody: response?.hasGap === true ? undefined : response?.body,
    };
    describeCarried(exchange, messages, direction, this.#context);
  }
}

function versionOf(text: string): string {
  return /^HTTP\/\d\.\d$/.test(text) ? text : '';
}

function elapsedMs(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from) / MICROS_PER_MS;
}

function framingOf(fields: ReadonlyMap<string, string>, otherwise: BodyFraming): BodyFraming {
  if (/chunked/i.test(fields.get('transfer-encoding') ?? '')) return { kind: 'chunked' };
  const length = fields.get('content-length');
  if (length === undefined) return otherwise;
  const bytes = Number(length);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? { kind: 'length', bytes } : otherwise;
}
