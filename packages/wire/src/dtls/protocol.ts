import { ByteCursor } from '../bytes/byte-cursor.ts';
import { defineDatagramRoom, draft } from '../datagram-room.ts';
import type { ProtocolRecord } from '../protocol.ts';
import { cipherSuiteName } from '../tls/cipher-suites.ts';
import { type Hello, parseClientHello, parseServerHello } from '../tls/hello.ts';

/** Type, version, epoch, sequence number, length (RFC 6347 §4.1). */
const HEADER_BYTES = 13;
const HANDSHAKE = 22;
const CONTENT_TYPES: Readonly<Record<number, DtlsRecord['activity']>> = {
  20: 'change-cipher-spec',
  21: 'alert',
  [HANDSHAKE]: 'handshake',
  23: 'application-data',
};
/** One's complement of the version; 0x0100 is what OpenSSL spoke before the standard. */
const VERSIONS: Readonly<Record<number, string>> = {
  65279: 'DTLS 1.0',
  65277: 'DTLS 1.2',
  65276: 'DTLS 1.3',
  256: 'DTLS 0.9',
};
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

export interface DtlsRecord extends ProtocolRecord {
  readonly protocol: 'dtls';
  readonly activity:
    | 'client-hello'
    | 'server-hello'
    | 'handshake'
    | 'change-cipher-spec'
    | 'alert'
    | 'application-data';
  readonly version: string;
  readonly serverName: string;
  readonly applicationProtocols: readonly string[];
  readonly cipherSuite: string;
}

export function parseDtls(bytes: Uint8Array): DtlsRecord | undefined {
  const cursor = new ByteCursor(bytes);
  const type = cursor.uint8();
  const activity = CONTENT_TYPES[type];
  const version = VERSIONS[cursor.uint16()];
  const epoch = cursor.uint16();
  cursor.skip(6);
  const length = cursor.uint16();
  if (activity === undefined || version === undefined || bytes.length < HEADER_BYTES || length === 0) return undefined;
  if (length > cursor.remaining) return undefined;
  const record = {
    protocol: 'dtls',
    activity,
    version,
    serverName: '',
    applicationProtocols: [],
    cipherSuite: '',
  } as const;
  if (type !== HANDSHAKE || epoch !== 0) return record;
  return { ...record, ...readHandshake(cursor.nested(length)) };
}

/** §4.2.2: type, length, sequence, offset and length of the fragment. Only a hello that came in one piece is read. */
function readHandshake(cursor: ByteCursor): Partial<DtlsRecord> {
  const type = cursor.uint8();
  const length = cursor.uint24();
  cursor.skip(2);
  const isWhole = cursor.uint24() === 0 && cursor.uint24() === length && length <= cursor.remaining;
  if (type === CLIENT_HELLO) {
    const hello = isWhole ? parseClientHello(withoutCookie(cursor.slice(length))) : undefined;
    return { activity: 'client-hello', ...helloFacts(hello) };
  }
  if (type !== SERVER_HELLO) return {};
  const hello = isWhole ? parseServerHello(cursor.slice(length)) : undefined;
  const suite = hello?.cipherSuites[0];
  return { activity: 'server-hello', cipherSuite: suite === undefined ? '' : cipherSuiteName(suite) };
}

function helloFacts(hello: Hello | undefined): Partial<DtlsRecord> {
  if (hello === undefined) return {};
  return { serverName: hello.serverName, applicationProtocols: hello.applicationProtocols };
}

/** §4.2.1: a client hello of DTLS has a cookie behind the session id, and is like that of TLS otherwise. */
function withoutCookie(body: Uint8Array): Uint8Array {
  const sessionEnd = 35 + (body[34] ?? 0);
  const cookieEnd = sessionEnd + 1 + (body[sessionEnd] ?? 0);
  return new Uint8Array(Buffer.concat([body.subarray(0, sessionEnd), body.subarray(cookieEnd)]));
}

const room = defineDatagramRoom<DtlsRecord>({
  id: 'dtls',
  title: 'DTLS',
  standards: ['RFC 6347 §4.1 (record), §4.2 (handshake)', 'RFC 9147 §4 (DTLS 1.3)'],
  usualPorts: [],
  firstBytes: [20, 21, 22, 23],
  isEncrypted: true,
  parse: parseDtls,
  evidence: ({ activity, version, serverName, cipherSuite }) =>
    activity === 'client-hello'
      ? draft('dtls.client.sni', serverName, 'client')
      : activity === 'server-hello'
        ? [...draft('dtls.server.version', version, 'server'), ...draft('dtls.server.cipher', cipherSuite, 'server')]
        : [],
});

/** Application data tells nothing more than that it is there. */
export const dtls: typeof room = {
  ...room,
  parseDatagram: (payload, direction, context) => {
    const record = parseDtls(payload);
    if (record !== undefined && record.activity !== 'application-data') context.emit(record, direction);
  },
};
