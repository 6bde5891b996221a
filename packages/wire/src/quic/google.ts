import { hasText, littleWord16, littleWord32, word32 } from '../bytes/match.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { versionName } from './versions.ts';

/** Public flags of Google's first versions: a version follows, the connection id has eight bytes. */
const HAS_VERSION = 0x01;
const HAS_CONNECTION_ID = 0x08;
const VERSION_OFFSET = 9;
const MAXIMUM_TAGS = 128;
const TAG_BYTES = 8;

/** Client hello of Google's own handshake: tags with values (Chromium, "QUIC Crypto"). */
export interface GoogleHello {
  readonly serverName: string;
  readonly userAgent: string;
}

/** @returns the version in a packet of Google's before the invariants (Q046 and older); empty where there is none */
export function googleVersion(datagram: Uint8Array): string {
  const flags = datagram[0] ?? 0;
  // Q046 has a long header, but lengths of connection ids of its own.
  if ((flags & 0x80) !== 0) return versionName(word32(datagram, 1)) === 'Q046' ? 'Q046' : '';
  const isPublic = (flags & HAS_VERSION) !== 0 && (flags & HAS_CONNECTION_ID) !== 0;
  const name = isPublic ? versionName(word32(datagram, VERSION_OFFSET)) : '';
  return name.startsWith('Q0') ? name : '';
}

/** Finds the hello, which these versions do not encrypt, in a datagram or in its frames. */
export function readGoogleHello(bytes: Uint8Array): GoogleHello | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('CHLO', 0, 'latin1');
  if (start < 0) return undefined;
  const count = Math.min(littleWord16(bytes, start + 4), MAXIMUM_TAGS);
  const values = start + TAG_BYTES + count * TAG_BYTES;
  let begin = 0;
  let serverName = '';
  let userAgent = '';
  for (let index = 0; index < count; index++) {
    const tag = start + TAG_BYTES + index * TAG_BYTES;
    const end = littleWord32(bytes, tag + 4);
    if (end < begin || values + end > bytes.length) break;
    if (hasText(bytes, 'SNI\0', tag)) serverName = cleanText(latin1(bytes, values + begin, values + end), 255);
    if (hasText(bytes, 'UAID', tag)) userAgent = cleanText(latin1(bytes, values + begin, values + end), 128);
    begin = end;
  }
  return { serverName: serverName.toLowerCase(), userAgent };
}
