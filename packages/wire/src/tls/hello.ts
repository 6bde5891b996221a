import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';

const EXTENSION_SERVER_NAME = 0;
const EXTENSION_GROUPS = 10;
const EXTENSION_POINT_FORMATS = 11;
const EXTENSION_SIGNATURES = 13;
const EXTENSION_ALPN = 16;
const EXTENSION_VERSIONS = 43;
const MAXIMUM_EXTENSIONS = 128;
/** SHA-256 of `HelloRetryRequest`, the random of a hello that asks for another one (RFC 8446 §4.1.3). */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** What a hello of either side says (RFC 8446 §4.1.2, §4.1.3; RFC 5246 §7.4.1). GREASE values (RFC 8701) are kept. */
export interface Hello {
  readonly legacyVersion: number;
  readonly cipherSuites: readonly number[];
  /** In their order. */
  readonly extensions: readonly number[];
  readonly serverName: string;
  /** As Latin-1: they are bytes, and a fingerprint needs every one of them. */
  readonly applicationProtocols: readonly string[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly supportedVersions: readonly number[];
}

export function parseClientHello(body: Uint8Array): Hello | undefined {
  const cursor = new ByteCursor(body);
  const legacyVersion = cursor.uint16();
  cursor.skip(32);
  cursor.skip(cursor.uint8());
  const cipherSuites = uint16List(cursor.nested(cursor.uint16()));
  cursor.skip(cursor.uint8());
  if (cursor.isBroken) return undefined;
  return { legacyVersion, cipherSuites, ...readExtensions(cursor, true) };
}

export function parseServerHello(body: Uint8Array): (Hello & { readonly isRetryRequest: boolean }) | undefined {
  const cursor = new ByteCursor(body);
  const legacyVersion = cursor.uint16();
  const isRetryRequest = RETRY_RANDOM.equals(cursor.slice(32));
  cursor.skip(cursor.uint8());
  const cipherSuites = [cursor.uint16()];
  cursor.skip(1);
  if (cursor.isBroken) return undefined;
  return { legacyVersion, cipherSuites, isRetryRequest, ...readExtensions(cursor, false) };
}

function readExtensions(cursor: ByteCursor, isClient: boolean): Omit<Hello, 'legacyVersion' | 'cipherSuites'> {
  const extensions: number[] = [];
  let serverName = '';
  let applicationProtocols: string[] = [];
  let groups: number[] = [];
  let pointFormats: number[] = [];
  let signatureAlgorithms: number[] = [];
  let supportedVersions: number[] = [];
  const list = cursor.remaining >= 2 ? cursor.nested(cursor.uint16()) : cursor;
  while (list.remaining >= 4 && extensions.length < MAXIMUM_EXTENSIONS) {
    const type = list.uint16();
    const content = list.nested(list.uint16());
    extensions.push(type);
    switch (type) {
      case EXTENSION_SERVER_NAME:
        if (isClient) serverName = readServerName(content);
        break;
      case EXTENSION_GROUPS:
        groups = uint16List(content.nested(content.uint16()));
        break;
      case EXTENSION_POINT_FORMATS:
        pointFormats = [...content.slice(content.uint8())];
        break;
      case EXTENSION_SIGNATURES:
        signatureAlgorithms = uint16List(content.nested(content.uint16()));
        break;
      case EXTENSION_ALPN:
        applicationProtocols = readProtocolNames(content);
        break;
      case EXTENSION_VERSIONS:
        supportedVersions = isClient ? uint16List(content.nested(content.uint8())) : [content.uint16()];
        break;
      default:
    }
  }
  return { extensions, serverName, applicationProtocols, groups, pointFormats, signatureAlgorithms, supportedVersions };
}

/** RFC 6066 §3. */
function readServerName(content: ByteCursor): string {
  content.skip(3);
  return cleanText(latin1(content.slice(content.uint16())), 255).toLowerCase();
}

/** RFC 7301 §3.1. */
function readProtocolNames(content: ByteCursor): string[] {
  const names: string[] = [];
  const list = content.nested(content.uint16());
  while (list.remaining > 1 && names.length < 16) names.push(latin1(list.slice(list.uint8())));
  return names.filter((name) => name !== '');
}

function uint16List(cursor: ByteCursor): number[] {
  const values: number[] = [];
  while (cursor.remaining >= 2 && values.length < 512) values.push(cursor.uint16());
  return values;
}

/** RFC 8701: reserved values that keep implementations tolerant. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
}

/** The highest version that a client offers. */
export function offeredVersion(hello: Hello): number {
  const versions = hello.supportedVersions.filter((version) => !isGrease(version));
  return versions.length === 0 ? hello.legacyVersion : Math.max(...versions);
}
