import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { Direction, ParserContext, StreamParser, StreamState } from '../protocol.ts';
import { readCertificate } from './certificate.ts';
import { cipherSuiteName, tlsVersionName } from './cipher-suites.ts';
import { ja3, ja3s, ja4 } from './fingerprint.ts';
import { offeredVersion, parseClientHello, parseServerHello } from './hello.ts';
import type { TlsRecord } from './types.ts';

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

/** One direction: handshake messages out of records. */
class HandshakeStream {
  #records: Uint8Array = new Uint8Array(0);
  #messages: Uint8Array = new Uint8Array(0);
  isEncrypted = false;
  isBroken = false;

  /** @returns complete handshake messages: type and body */
  push(bytes: Uint8Array): { type: number; body: Uint8Array }[] {
    this.#records = join(this.#records, bytes);
    while (!this.isEncrypted && !this.isBroken && this.#records.length >= RECORD_HEADER_BYTES) {
      const header = new ByteCursor(this.#records);
      const type = header.uint8();
      header.skip(2);
      const length = header.uint16();
      if (header.remaining < length) break;
      const body = header.slice(length);
      this.#records = this.#records.slice(header.offset);
      if (type === CHANGE_CIPHER_SPEC || type === APPLICATION_DATA) this.isEncrypted = true;
      else if (type === HANDSHAKE) this.#messages = join(this.#messages, body);
    }
    if (this.#records.length + this.#messages.length > MAXIMUM_HANDSHAKE_BYTES) this.isBroken = true;
    return this.#takeMessages();
  }

  #takeMessages(): { type: number; body: Uint8Array }[] {
    const messages: { type: number; body: Uint8Array }[] = [];
    for (;;) {
      const cursor = new ByteCursor(this.#messages);
      const type = cursor.uint8();
      const length = cursor.uint24();
      if (this.#messages.length < HANDSHAKE_HEADER_BYTES || cursor.remaining < length) return messages;
      messages.push({ type, body: cursor.slice(length) });
      this.#messages = this.#messages.slice(cursor.offset);
    }
  }
}

/** TLS up to the point where it is encrypted (RFC 8446 §5, RFC 5246 §6, §7). */
export class TlsParser implements StreamParser {
  readonly #context: ParserContext<TlsRecord>;
  readonly #streams: Readonly<Record<Direction, HandshakeStream>> = {
    'to-server': new HandshakeStream(),
    'to-client': new HandshakeStream(),
  };

  constructor(context: ParserContext<TlsRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    const stream = this.#streams[direction];
    if (!stream.isEncrypted) for (const { type, body } of stream.push(bytes)) this.#message(type, body, direction);
    if (stream.isBroken) return 'failed';
    return this.#streams['to-client'].isEncrypted ? 'finished' : 'continue';
  }

  gap(): StreamState {
    return 'finished';
  }

  end(): void {}

  #message(type: number, body: Uint8Array, direction: Direction): void {
    if (type === CLIENT_HELLO) this.#clientHello(body, direction);
    else if (type === SERVER_HELLO) this.#serverHello(body, direction);
    else if (type === CERTIFICATE && direction === 'to-client') this.#certificate(body, direction);
  }

  #clientHello(body: Uint8Array, direction: Direction): void {
    const hello = parseClientHello(body);
    if (hello === undefined) return;
    this.#context.emit(
      {
        protocol: 'tls',
        activity: 'client-hello',
        version: tlsVersionName(offeredVersion(hello)),
        serverName: hello.serverName,
        applicationProtocols: hello.applicationProtocols,
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
    this.#context.emit(
      {
        protocol: 'tls',
        activity: 'server-hello',
        version: tlsVersionName(hello.supportedVersions[0] ?? hello.legacyVersion),
        cipherSuite: cipherSuiteName(hello.cipherSuites[0] ?? 0),
        applicationProtocol: hello.applicationProtocols[0] ?? '',
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

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second.slice();
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
