import { ByteCollector } from '../bytes/byte-collector.ts';
import { cleanText } from '../bytes/text.ts';
import { declaredTypeOf, isClinicalType } from '../files/body-files.ts';
import { fileNameOf, nameOfTarget } from '../files/field-values.ts';
import type { FileTransfer } from '../files/types.ts';
import type { MessageReader } from '../framed-room.ts';
import { Hl7Conversation } from '../hl7/conversation.ts';
import type { BodyReader } from '../http/body.ts';
import { describeCarried } from '../http/carried.ts';
import { requestBody, responseBody } from '../http/carried-body.ts';
import { authorizationOf, mediaType } from '../http/fields.ts';
import { maskTarget } from '../http/target.ts';
import type { HttpExchange } from '../http/types.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { DnsMessages } from './dns-messages.ts';
import {
  CONTINUATION,
  DATA,
  type Frame,
  HEADERS,
  MAXIMUM_FRAME_BYTES,
  PREFACE,
  PUSH_PROMISE,
  RST_STREAM,
  readFrame,
} from './frame.ts';
import { type Field, HpackDecoder } from './hpack.ts';
import type { Http2Exchange, Http2Record } from './types.ts';
import { brokenView, fieldsView, frameView } from './views.ts';

const MAXIMUM_STREAMS = 128;
/** Streams whose bodies are read at a time. */
const MAXIMUM_READ_STREAMS = 4;
/** Streams whose DNS is read at a time. */
const MAXIMUM_DNS_STREAMS = 16;
const MAXIMUM_BLOCK_BYTES = 64 * 1024;
const MAXIMUM_VALUE = 200;
const FIRST_FINAL = 200;
const FIRST_FAILURE = 400;

interface Stream {
  request: ReadonlyMap<string, string> | undefined;
  response: ReadonlyMap<string, string> | undefined;
  requestBytes: number;
  responseBytes: number;
  askedMicros: number | undefined;
  readonly files: Record<Direction, FileTransfer | undefined>;
  /** Present where the stream carries DNS. */
  dns: DnsMessages | undefined;
  readonly bodies: Record<Direction, Body | undefined>;
  readonly isBegun: Record<Direction, boolean>;
}

/** A body that is read. */
interface Body {
  readonly reader: BodyReader;
  /** It wants more. */
  isOpen: boolean;
}

/** Follows the streams of one connection (RFC 9113 §5, §8), with FHIR, DICOMweb and HL7 v2 as they travel over them. */
export class Http2Reader implements MessageReader<Http2Record> {
  readonly #decoders = { 'to-server': new HpackDecoder(), 'to-client': new HpackDecoder() };
  readonly #blocks = {
    'to-server': new ByteCollector(MAXIMUM_BLOCK_BYTES),
    'to-client': new ByteCollector(MAXIMUM_BLOCK_BYTES),
  };
  readonly #streams = new Map<number, Stream>();
  #hl7: Hl7Conversation | undefined;
  /** The frame whose block goes on in CONTINUATION frames (§6.10). */
  readonly #opened: Record<Direction, Frame | undefined> = { 'to-server': undefined, 'to-client': undefined };

  message(bytes: Uint8Array, direction: Direction, context: ParserContext<Http2Record>): boolean {
    if (bytes.length === PREFACE.length && bytes[0] === 0x50) return true;
    const frame = readFrame(bytes);
    switch (frame.type) {
      case HEADERS:
      case PUSH_PROMISE:
        this.#blocks[direction].clear();
        this.#opened[direction] = frame;
        return this.#block(frame, bytes, direction, context);
      case CONTINUATION:
        return this.#block(frame, bytes, direction, context);
      case DATA:
        this.#data(frame, direction, context);
        return true;
      case RST_STREAM:
        context.inspect?.(direction, frameView(frame, bytes));
        this.#close(frame.stream, direction, context);
        return true;
      default:
        context.inspect?.(direction, frameView(frame, bytes));
        return true;
    }
  }

  end(context: ParserContext<Http2Record>): void {
    for (const stream of [...this.#streams.keys()]) this.#close(stream, 'to-server', context);
  }

  /** @returns false when the fields cannot be followed any more */
  #block(frame: Frame, bytes: Uint8Array, direction: Direction, context: ParserContext<Http2Record>): boolean {
    const opened = this.#opened[direction];
    const block = this.#blocks[direction];
    if (opened === undefined) return false;
    block.add(frame.payload);
    if (block.isFull) return false;
    if (!frame.endsHeaders) return true;
    const fields = this.#decoders[direction].decode(block.view());
    block.clear();
    this.#opened[direction] = undefined;
    if (fields === undefined) {
      context.inspect?.(direction, brokenView());
      return false;
    }
    if (context.inspect !== undefined) context.inspect(direction, fieldsView(opened, bytes, fields, direction));
    if (opened.type === HEADERS) this.#fields(opened, fields, direction, context);
    return true;
  }

  #fields(frame: Frame, fields: readonly Field[], direction: Direction, context: ParserContext<Http2Record>): void {
    const map = new Map<string, string>();
    for (const [name, value] of fields) if (!map.has(name)) map.set(name, value);
    const stream = this.#stream(frame.stream, context);
    if (direction === 'to-server') {
      // Later fields are trailers (§8.1).
      stream.request ??= map;
      stream.askedMicros ??= context.timeMicros?.();
    } else if (Number(map.get(':status') ?? FIRST_FINAL) >= FIRST_FINAL) stream.response ??= map;
    this.#dns(stream, map, direction, context as ParserContext);
    if (frame.endsStream && direction === 'to-server') complete(stream, direction);
    if (frame.endsStream && direction === 'to-client') this.#close(frame.stream, direction, context);
  }

  /** DNS over HTTPS: its messages are read, and rules see them. */
  #dns(stream: Stream, fields: ReadonlyMap<string, string>, direction: Direction, context: ParserContext): void {
    const path = direction === 'to-server' ? (fields.get(':path') ?? '') : '';
    if (!DnsMessages.isCarried(fields) && !path.includes('dns=')) return;
    if (stream.dns === undefined && this.#dnsStreams() >= MAXIMUM_DNS_STREAMS) return;
    stream.dns ??= new DnsMessages();
    stream.dns.asked(path, context);
  }

  #data(frame: Frame, direction: Direction, context: ParserContext<Http2Record>): void {
    const stream = this.#streams.get(frame.stream);
    if (stream === undefined) return;
    if (direction === 'to-server') stream.requestBytes += frame.length;
    else stream.responseBytes += frame.length;
    if (context.files !== undefined) transfer(stream, frame, direction, context);
    const fields = direction === 'to-server' ? stream.request : stream.response;
    if (stream.dns !== undefined && DnsMessages.isCarried(fields)) {
      stream.dns.data(frame.payload, direction, context as ParserContext);
      if (frame.endsStream) stream.dns.ended(direction, context as ParserContext);
    }
    this.#read(stream, frame, direction, context);
    if (frame.endsStream && direction === 'to-server') complete(stream, direction);
    if (frame.endsStream && direction === 'to-client') this.#close(frame.stream, direction, context);
  }

  /** Of a body whose frames are longer than what is read of one, only the beginning is read. */
  #read(stream: Stream, frame: Frame, direction: Direction, context: ParserContext<Http2Record>): void {
    const body = this.#body(stream, direction, context);
    if (body?.isOpen !== true || frame.payload.length === 0) return;
    body.isOpen = body.reader.take(frame.payload) && frame.length <= MAXIMUM_FRAME_BYTES;
  }

  #body(stream: Stream, direction: Direction, context: ParserContext<Http2Record>): Body | undefined {
    const fields = direction === 'to-server' ? stream.request : stream.response;
    const bytes = direction === 'to-server' ? stream.requestBytes : stream.responseBytes;
    const known = stream.bodies[direction];
    // Whether it is read is decided once, when its first frame comes.
    const isFirst = known === undefined && fields !== undefined && bytes > 0 && !stream.isBegun[direction];
    stream.isBegun[direction] = true;
    if (!isFirst || this.#readStreams() >= MAXIMUM_READ_STREAMS) return known;
    const hl7 = (text: string, length: number) => this.#hl7Message(text, length, direction, context);
    const target = stream.request?.get(':path') ?? '';
    const reader = direction === 'to-server' ? requestBody(fields, hl7) : responseBody(target, fields, hl7);
    if (reader !== undefined) stream.bodies[direction] = { reader, isOpen: true };
    return stream.bodies[direction];
  }

  #dnsStreams(): number {
    let count = 0;
    for (const { dns } of this.#streams.values()) if (dns !== undefined) count += 1;
    return count;
  }

  #readStreams(): number {
    let count = 0;
    for (const { bodies } of this.#streams.values()) {
      if (bodies['to-server'] !== undefined || bodies['to-client'] !== undefined) count += 1;
    }
    return count;
  }

  #hl7Message(text: string, bytes: number, direction: Direction, context: ParserContext<Http2Record>): void {
    this.#hl7 ??= new Hl7Conversation(context as unknown as ConstructorParameters<typeof Hl7Conversation>[0]);
    this.#hl7.frame(text, bytes, direction);
  }

  #stream(id: number, context: ParserContext<Http2Record>): Stream {
    const known = this.#streams.get(id);
    if (known !== undefined) return known;
    const [oldest] = this.#streams.keys();
    if (this.#streams.size >= MAXIMUM_STREAMS && oldest !== undefined) this.#close(oldest, 'to-server', context);
    const stream = {
      request: undefined,
      response: undefined,
      requestBytes: 0,
      responseBytes: 0,
      askedMicros: undefined,
      files: { 'to-server': undefined, 'to-client': undefined },
      dns: undefined,
      bodies: { 'to-server': undefined, 'to-client': undefined },
      isBegun: { 'to-server': false, 'to-client': false },
    };
    this.#streams.set(id, stream);
    return stream;
  }

  #close(id: number, direction: Direction, context: ParserContext<Http2Record>): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    stream.dns?.closed(context as ParserContext);
    stream.files['to-server']?.end(false);
    stream.files['to-client']?.end(false);
    const exchange = exchangeOf(stream, context.timeMicros?.());
    context.emit(exchange, direction);
    const { protocol: _protocol, outcome: _outcome, ...common } = exchange;
    const plain: HttpExchange = {
      protocol: 'http',
      version: 'HTTP/2',
      redirect: '',
      ...common,
      poweredBy: '',
      challenge: '',
      realm: '',
      title: '',
      headerOrder: '',
      hasGap: false,
    };
    const messages = {
      target: stream.request?.get(':path') ?? '',
      requestFields: stream.request,
      responseFields: stream.response,
      requestBody: stream.bodies['to-server']?.reader,
      responseBody: stream.bodies['to-client']?.reader,
    };
    describeCarried(plain, messages, direction, context);
    complete(stream, 'to-client');
  }
}

/** The last byte of a body has passed. */
function complete(stream: Stream, direction: Direction): void {
  const bytes = direction === 'to-server' ? stream.requestBytes : stream.responseBytes;
  stream.bodies[direction]?.reader.complete?.(bytes);
}

/** Bodies are files, both ways. What a frame has beyond what is read of it is lost. */
function transfer(stream: Stream, frame: Frame, direction: Direction, context: ParserContext<Http2Record>): void {
  const fields = direction === 'to-server' ? stream.request : stream.response;
  if (frame.payload.length > 0) {
    const contentType = fields?.get('content-type') ?? '';
    const ownName = fileNameOf(fields?.get('content-disposition') ?? '', '');
    const target = stream.request?.get(':path') ?? '';
    stream.files[direction] ??= context.files?.begin({
      direction,
      ...(ownName === '' ? { name: nameOfTarget(target), isNamedByAddress: true } : { name: ownName }),
      declaredType: declaredTypeOf(contentType),
      isClinical: isClinicalType(contentType),
      codings: fields?.get('content-encoding')?.split(',') ?? [],
    });
    stream.files[direction]?.write(frame.payload);
    if (frame.length > MAXIMUM_FRAME_BYTES) stream.files[direction]?.gap(frame.length - MAXIMUM_FRAME_BYTES);
  }
  if (frame.endsStream) stream.files[direction]?.end(true);
}

function exchangeOf(stream: Stream, nowMicros: number | undefined): Http2Exchange {
  const { request, response, requestBytes, responseBytes, askedMicros } = stream;
  const { path, queryNames } = maskTarget(request?.get(':path') ?? '');
  const ask = (name: string) => cleanText(request?.get(name) ?? '', MAXIMUM_VALUE);
  const answer = (name: string) => cleanText(response?.get(name) ?? '', MAXIMUM_VALUE);
  const status = response === undefined ? undefined : Number(response.get(':status') ?? '0');
  const isTimed = status !== undefined && askedMicros !== undefined && nowMicros !== undefined;
  return {
    protocol: 'http2',
    activity: 'exchange',
    method: ask(':method'),
    host: ask(':authority') || ask('host'),
    path,
    queryNames,
    status,
    outcome: status === undefined ? 'unanswered' : status < FIRST_FAILURE ? 'success' : 'failure',
    userAgent: ask('user-agent'),
    server: answer('server'),
    requestType: mediaType(ask('content-type')),
    responseType: mediaType(answer('content-type')),
    authorization: authorizationOf(request),
    requestBytes,
    responseBytes,
    durationMs: isTimed ? Math.max(0, nowMicros - askedMicros) / 1000 : undefined,
  };
}
