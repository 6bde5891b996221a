import { word32 } from '../bytes/match.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import { cipherSuiteName } from '../tls/cipher-suites.ts';
import { ja3, ja3s, ja3sText, ja3Text, ja4 } from '../tls/fingerprint.ts';
import { parseClientHello, parseServerHello } from '../tls/hello.ts';
import { transactionView, type ViewText } from '../transaction-view.ts';
import { CryptoStream } from './crypto-stream.ts';
import { googleVersion, readGoogleHello } from './google.ts';
import { deriveInitialKeys, type InitialKeys, type LongPacket, openInitial, readLongPacket } from './packet.ts';
import type { QuicHandshakeSide, QuicRecord } from './types.ts';
import { isReservedVersion, versionName } from './versions.ts';

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
/** Initial packets of a flow that are opened at most: a client's hello takes two or three. */
const MAXIMUM_INITIALS = 16;
const MAXIMUM_PACKETS_PER_DATAGRAM = 8;
const EMPTY = {
  protocol: 'quic',
  serverName: '',
  applicationProtocols: [],
  ja3: '',
  ja4: '',
  userAgent: '',
  cipherSuite: '',
} as const;

/** One connection: the first connection id gives the keys of all its Initial packets. */
export class QuicFlow {
  readonly #streams = { 'to-server': new CryptoStream(), 'to-client': new CryptoStream() };
  readonly #isRead = { 'to-server': false, 'to-client': false };
  /** By sender, version and id; at most two for each Initial packet that is opened. */
  readonly #keys = new Map<string, InitialKeys>();
  #firstId: Uint8Array | undefined;
  #initials = 0;
  #version = 0;

  datagram(datagram: Uint8Array, direction: Direction, context: ParserContext<QuicRecord>): void {
    if (this.#isRead['to-server'] && this.#isRead['to-client']) return;
    const google = googleVersion(datagram);
    if (google !== '') {
      this.#googleHello(google, datagram, direction, context);
      return;
    }
    let offset = 0;
    for (let count = 0; count < MAXIMUM_PACKETS_PER_DATAGRAM && offset < datagram.length; count++) {
      const packet = readLongPacket(datagram, offset);
      if (packet === undefined) return;
      this.#packet(datagram, packet, direction, context);
      offset = packet.end;
    }
  }

  #packet(datagram: Uint8Array, packet: LongPacket, direction: Direction, context: ParserContext<QuicRecord>): void {
    const version = versionName(packet.version);
    this.#version = packet.version;
    switch (packet.type) {
      case 'version-negotiation':
        context.emit(
          { ...EMPTY, activity: 'version-negotiation', version: offeredVersions(datagram, packet) },
          direction,
        );
        return;
      case 'retry':
        // The client starts again with the id that the server gave it (RFC 9001 §5.2).
        this.#firstId = packet.sourceId.slice();
        context.emit({ ...EMPTY, activity: 'retry', version }, direction);
        return;
      case 'initial':
        if (!this.#isRead[direction]) this.#initial(datagram, packet, version, direction, context);
        return;
      default:
    }
  }

  #initial(
    datagram: Uint8Array,
    packet: LongPacket,
    version: string,
    direction: Direction,
    context: ParserContext<QuicRecord>,
  ): void {
    this.#initials += 1;
    if (this.#initials > MAXIMUM_INITIALS) return;
    const frames = this.#open(datagram, packet, direction);
    if (frames === undefined) return;
    const stream = this.#streams[direction];
    stream.add(frames);
    if (version === 'Q050') this.#googleHello(version, frames, direction, context);
    else if (direction === 'to-server') this.#clientHello(version, stream, context);
    else this.#serverHello(version, stream, context);
  }

  #open(datagram: Uint8Array, packet: LongPacket, direction: Direction): Uint8Array | undefined {
    const sender = direction === 'to-server' ? 'client' : 'server';
    this.#firstId ??= sender === 'client' ? packet.destinationId.slice() : undefined;
    const firstId = this.#firstId;
    const frames = firstId === undefined ? undefined : this.#openWith(firstId, datagram, packet, sender);
    if (frames !== undefined || sender === 'server') return frames;
    if (firstId !== undefined && Buffer.compare(firstId, packet.destinationId) === 0) return undefined;
    // A capture may begin behind a Retry, or a port be used again.
    const opened = this.#openWith(packet.destinationId, datagram, packet, sender);
    if (opened !== undefined) this.#firstId = packet.destinationId.slice();
    return opened;
  }

  /** Keys are derived once for an id: a hello in several packets has one. */
  #openWith(
    id: Uint8Array,
    datagram: Uint8Array,
    packet: LongPacket,
    sender: 'client' | 'server',
  ): Uint8Array | undefined {
    const name = `${sender} ${packet.version} ${Buffer.from(id).toString('hex')}`;
    let keys = this.#keys.get(name);
    if (keys === undefined) {
      keys = deriveInitialKeys(packet.version, id, sender);
      if (keys === undefined) return undefined;
      this.#keys.set(name, keys);
    }
    return openInitial(datagram, packet, keys);
  }

  #clientHello(version: string, stream: CryptoStream, context: ParserContext<QuicRecord>): void {
    const body = stream.firstMessage(CLIENT_HELLO);
    const hello = body === undefined ? undefined : parseClientHello(body);
    if (hello === undefined) return;
    this.#isRead['to-server'] = true;
    const { serverName, applicationProtocols } = hello;
    const record: QuicRecord = {
      ...EMPTY,
      activity: 'client-hello',
      version,
      serverName,
      applicationProtocols,
      ja3: ja3(hello),
      ja4: ja4(hello, 'q'),
    };
    this.#emit(record, 'to-server', context, hello.extensions, { 'ja3.string': ja3Text(hello) });
  }

  #serverHello(version: string, stream: CryptoStream, context: ParserContext<QuicRecord>): void {
    const body = stream.firstMessage(SERVER_HELLO);
    const hello = body === undefined ? undefined : parseServerHello(body);
    const suite = hello?.cipherSuites[0];
    if (hello === undefined || suite === undefined) return;
    this.#isRead['to-client'] = true;
    this.#emit(
      { ...EMPTY, activity: 'server-hello', version, cipherSuite: cipherSuiteName(suite) },
      'to-client',
      context,
      hello.extensions,
      { 'ja3s.string': ja3sText(hello), 'ja3s.hash': ja3s(hello) },
    );
  }

  #googleHello(version: string, bytes: Uint8Array, direction: Direction, context: ParserContext<QuicRecord>): void {
    const hello = direction === 'to-server' && !this.#isRead[direction] ? readGoogleHello(bytes) : undefined;
    if (hello === undefined) return;
    this.#isRead['to-server'] = true;
    this.#emit({ ...EMPTY, activity: 'client-hello', version, ...hello }, direction, context);
  }

  /** Four bytes as they stand in the packet; Google's versions are text there. */
  #versionBytes(name: string): string {
    if (/^[QT]\d{3}$/.test(name)) return name;
    return String.fromCharCode(...[24, 16, 8, 0].map((shift) => (this.#version >>> shift) & 0xff));
  }

  #emit(
    record: QuicRecord,
    direction: Direction,
    context: ParserContext<QuicRecord>,
    extensions: readonly number[] = [],
    text: ViewText = {},
  ): void {
    context.emit(record, direction);
    context.inspect?.(direction, {
      ...transactionView('quic', {
        'quic.sni': record.serverName,
        'quic.ua': record.userAgent,
        'quic.version': this.#versionBytes(record.version),
        ...text,
        'ja3.hash': record.ja3,
        'ja4.hash': record.ja4,
      }),
      record: (): QuicHandshakeSide => ({ ...record, extensions }),
    });
  }
}

/** RFC 9000 §17.2.1. */
function offeredVersions(datagram: Uint8Array, { numberOffset, end }: LongPacket): string {
  const names: string[] = [];
  for (let offset = numberOffset; offset + 4 <= end && names.length < 16; offset += 4) {
    const version = word32(datagram, offset);
    if (!isReservedVersion(version)) names.push(versionName(version) || `0x${version.toString(16).padStart(8, '0')}`);
  }
  return names.join(' ');
}
