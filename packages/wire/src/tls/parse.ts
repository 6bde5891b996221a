import { ByteCollector } from '../bytes/byte-collector.ts';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText } from '../bytes/text.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { carriedProtocol } from './carried.ts';
import { readCertificate } from './certificate.ts';
import { cipherSuiteName, tlsVersionName } from './cipher-suites.ts';
import { ja3, ja3s, ja4 } from './fingerprint.ts';
import { offeredVersion, parseClientHello, parseServerHello } from './hello.ts';
import { helloOfV2, helloV2Length } from './hello-v2.ts';
import { RecordFrames } from './record-frames.ts';
import type { TlsRecord } from './types.ts';
import { TlsViews } from './views.ts';

const CHANGE_CIPHER_SPEC = 20;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const RECORD_HEADER_BYTES = 5;
const HANDSHAKE_HEADER_BYTES = 4;
/** Certificate chains of real servers stay below; what is longer is given up. */
const MAXIMUM_HANDSHAKE_BYTES = 128 * 1024;
/** What the two bytes of a record's length can say. */
const MAXIMUM_RECORD_BYTES = 64 * 1024;

type MessageHandler = (type: number, body: Uint8Array) => void;

/** One direction: handshake messages out of records. */
class HandshakeStream {
  readonly #onMessage: MessageHandler;

  readonly #header = new ByteCollector(RECORD_HEADER_BYTES);
  readonly #messages = new ByteCollector(MAXIMUM_HANDSHAKE_BYTES + MAXIMUM_RECORD_BYTES);
  #isBegun: boolean;
  #type = 0;
  #remaining = 0;
  #isCipherChanged = false;
  /** Length of the record at hand, as long as it may be cipher text. */
  #unproved = 0;
  isEncrypted = false;
  isBroken = false;

  /** @param mayBeOld the first message may be a hello of SSL 2 */
  constructor(onMessage: MessageHandler, mayBeOld: boolean) {
    this.#onMessage = onMessage;
    this.#isBegun = !mayBeOld;
  }

  push(bytes: Uint8Array): void {
    const start = this.#isBegun ? 0 : this.#begin(bytes);
    for (let offset = start; offset < bytes.length && !this.isEncrypted && !this.isBroken; ) {
      const isHeader = this.#remaining === 0;
      const wanted = isHeader ? RECORD_HEADER_BYTES - this.#header.length : this.#remaining;
      const part = bytes.subarray(offset, offset + wanted);
      offset += part.length;
      if (isHeader) this.#takeHeader(part);
      else {
        this.#remaining -= part.length;
        if (this.#type === HANDSHAKE) this.#takeHandshake(part);
      }
    }
  }

  /** The first message may be a hello of SSL 2. @returns how many bytes were taken */
  #begin(bytes: Uint8Array): number {
    this.#isBegun = this.#messages.length === 0 && helloV2Length(bytes) === undefined;
    if (this.#isBegun) return 0;
    this.#messages.add(bytes);
    const begun = this.#messages.view();
    const length = helloV2Length(begun);
    const isWhole = length !== undefined && length > 0 && begun.length >= length;
    if (length !== undefined && !isWhole) return bytes.length;
    this.#isBegun = true;
    if (isWhole) this.#onMessage(CLIENT_HELLO, helloOfV2(begun.subarray(0, length)));
    const rest = isWhole ? begun.slice(length) : begun.slice();
    this.#messages.clear();
    this.push(rest);
    return bytes.length;
  }

  #takeHeader(part: Uint8Array): void {
    this.#header.add(part);
    if (!this.#header.isFull) return;
    const header = new ByteCursor(this.#header.view());
    this.#type = header.uint8();
    header.skip(2);
    this.#remaining = header.uint16();
    this.#header.clear();
    this.isEncrypted = this.#type === APPLICATION_DATA;
    if (this.#type === CHANGE_CIPHER_SPEC) this.#isCipherChanged = true;
    this.#unproved = this.#isCipherChanged && this.#type === HANDSHAKE ? this.#remaining : 0;
  }

  #takeHandshake(part: Uint8Array): void {
    this.#messages.add(part);
    const cursor = new ByteCursor(this.#messages.view());
    if (this.#unproved > 0 && !this.#proveClear(cursor)) return;
    let taken = 0;
    while (cursor.remaining >= HANDSHAKE_HEADER_BYTES) {
      const type = cursor.uint8();
      const length = cursor.uint24();
      if (length > MAXIMUM_HANDSHAKE_BYTES) this.isBroken = true;
      if (this.isBroken || cursor.remaining < length) break;
      this.#onMessage(type, cursor.slice(length));
      taken = cursor.offset;
    }
    this.#messages.drop(taken);
  }

  /**
   * A change of the cipher means nothing in TLS 1.3, and a second hello may follow in the clear (RFC 8446 §4.1.2, annex
   * D.4); in TLS 1.2 everything behind it is encrypted. A record that is one hello from end to end is no cipher text.
   *
   * @returns false while too little of it is there, or when it is encrypted
   */
  #proveClear(record: ByteCursor): boolean {
    if (record.remaining < HANDSHAKE_HEADER_BYTES) return false;
    const header = new ByteCursor(record.bytes);
    const type = header.uint8();
    const isHello = type === CLIENT_HELLO || type === SERVER_HELLO;
    if (isHello && header.uint24() + HANDSHAKE_HEADER_BYTES === this.#unproved) {
      this.#unproved = 0;
      return true;
    }
    this.isEncrypted = true;
    return false;
  }
}

/** TLS up to the point where it is encrypted (RFC 8446 §5, RFC 5246 §6, §7). */
export class TlsParser implements StreamParser {
  readonly #context: ParserContext<TlsRecord>;
  readonly #streams: Readonly<Record<Direction, HandshakeStream>>;

  readonly #views: TlsViews | undefined;
  /** Where rules look at records too, encrypted ones as well. */
  readonly #frames: RecordFrames | undefined;
  /** Application protocols that the client offered. */
  #offered: readonly string[] = [];

  constructor(context: ParserContext<TlsRecord>) {
    this.#context = context;
    this.#streams = {
      'to-server': new HandshakeStream((type, body) => this.#message(type, body, 'to-server'), true),
      'to-client': new HandshakeStream((type, body) => this.#message(type, body, 'to-client'), false),
    };
    if (context.frame !== undefined) this.#frames = new RecordFrames(context.frame);
    if (context.inspect !== undefined) this.#views = new TlsViews((...view) => context.inspect?.(...view));
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const stream = this.#streams[direction];
    if (!stream.isEncrypted) stream.push(bytes);
    if (stream.isBroken) return 'failed';
    this.#frames?.push(direction, bytes);
    const isOver = this.#streams['to-client'].isEncrypted && this.#frames === undefined;
    return isOver ? 'finished' : 'continue';
  }

  gap(): StreamState {
    this.#frames?.lose();
    return 'finished';
  }

  end(): void {}

  #message(type: number, body: Uint8Array, direction: Direction): void {
    this.#views?.message(type, body, direction);
    if (type === CLIENT_HELLO) this.#clientHello(body, direction);
    else if (type === SERVER_HELLO) this.#serverHello(body, direction);
    else if (type === CERTIFICATE && direction === 'to-client') this.#certificate(body, direction);
  }

  #clientHello(body: Uint8Array, direction: Direction): void {
    const hello = parseClientHello(body);
    if (hello === undefined) return;
    this.#offered = hello.applicationProtocols.map(readable);
    this.#context.emit(
      {
        protocol: 'tls',
        activity: 'client-hello',
        version: tlsVersionName(offeredVersion(hello)),
        serverName: hello.serverName,
        applicationProtocols: this.#offered,
        cipherSuites: hello.cipherSuites,
        ja3: ja3(hello),
        ja4: ja4(hello, 't'),
      },
      direction,
    );
  }

  #serverHello(body: Uint8Array, direction: Direction): void {
    const hello = parseServerHello(body);
    if (hello === undefined) return;
    // The hello that the next one of the client gets tells what was agreed on.
    if (hello.isRetryRequest) return;
    const applicationProtocol = readable(hello.applicationProtocols[0] ?? '');
    this.#context.emit(
      {
        protocol: 'tls',
        activity: 'server-hello',
        version: tlsVersionName(hello.supportedVersions[0] ?? hello.legacyVersion),
        cipherSuite: cipherSuiteName(hello.cipherSuites[0] ?? 0),
        applicationProtocol,
        carries: carriedProtocol(applicationProtocol, this.#offered, this.#context.serverPort),
        ja3s: ja3s(hello),
      },
      direction,
    );
  }

  #certificate(body: Uint8Array, direction: Direction): void {
    const cursor = new ByteCursor(body);
    cursor.skip(3);
    const leaf = cursor.slice(cursor.uint24());
    const certificate = cursor.isBroken ? undefined : readCertificate(leaf);
    if (certificate !== undefined) this.#context.emit(certificate, direction);
  }
}

function readable(applicationProtocol: string): string {
  return cleanText(applicationProtocol, 32);
}
