import { ByteCursor } from '../bytes/byte-cursor.ts';
import { latin1 } from '../bytes/text.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OBJECT_IDENTIFIER = 0x06;
const EXPLICIT_VERSION = 0xa0;
const MAXIMUM_ATTRIBUTES = 64;

/** Short names of attributes (RFC 4519 §2), as published rules expect them. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '550403': 'CN',
  '550404': 'SN',
  '550405': 'serialNumber',
  '550406': 'C',
  '550407': 'L',
  '550408': 'ST',
  '55040a': 'O',
  '55040b': 'OU',
  '2a864886f70d010901': 'emailAddress',
  '0992268993f22c640119': 'DC',
};

/** What a certificate says in fields that need no more than their places to be found. */
export interface PlainNames {
  /** Hexadecimal, in pairs with colons. */
  readonly serial: string;
  readonly issuer: string;
  /** `C=US, O=Example, CN=a.example`; bytes as they stand, NUL too. */
  readonly subject: string;
}

/** Reads names of certificates that stricter readers refuse (RFC 5280 §4.1). @returns undefined where it is no certificate */
export function readPlainNames(der: Uint8Array): PlainNames | undefined {
  const certificate = enter(new ByteCursor(der), SEQUENCE);
  const content = certificate === undefined ? undefined : enter(certificate, SEQUENCE);
  if (content === undefined) return undefined;
  if (content.bytes[content.offset] === EXPLICIT_VERSION) element(content);
  const serial = element(content);
  if (serial?.tag !== INTEGER) return undefined;
  element(content);
  const issuer = element(content);
  element(content);
  const subject = element(content);
  if (issuer === undefined || subject === undefined || content.isBroken) return undefined;
  const hex = Buffer.from(serial.body)
    .toString('hex')
    .replace(/^00(?=..)/, '')
    .toUpperCase();
  return {
    serial: hex.match(/../g)?.join(':') ?? '',
    issuer: nameOf(issuer.body),
    subject: nameOf(subject.body),
  };
}

interface Element {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** The next value of DER (X.690 §8.1). */
function element(cursor: ByteCursor): Element | undefined {
  if (cursor.remaining < 2) return undefined;
  const tag = cursor.uint8();
  let length = cursor.uint8();
  if (length > 0x80) {
    let bytes = length & 0x7f;
    if (bytes > 4) return undefined;
    length = 0;
    for (; bytes > 0; bytes--) length = length * 256 + cursor.uint8();
  }
  if (cursor.isBroken || length > cursor.remaining) return undefined;
  return { tag, body: cursor.slice(length) };
}

function enter(cursor: ByteCursor, tag: number): ByteCursor | undefined {
  const found = element(cursor);
  return found?.tag === tag ? new ByteCursor(found.body) : undefined;
}

/** RFC 5280 §4.1.2.4: a sequence of sets of pairs of attribute and value. */
function nameOf(body: Uint8Array): string {
  const cursor = new ByteCursor(body);
  const parts: string[] = [];
  while (cursor.remaining > 0 && parts.length < MAXIMUM_ATTRIBUTES) {
    const set = element(cursor);
    const pair = set === undefined ? undefined : enter(new ByteCursor(set.body), SEQUENCE);
    const type = pair === undefined ? undefined : element(pair);
    const value = pair === undefined ? undefined : element(pair);
    if (type?.tag !== OBJECT_IDENTIFIER || value === undefined) break;
    const id = Buffer.from(type.body).toString('hex');
    parts.push(`${ATTRIBUTES[id] ?? id}=${latin1(value.body)}`);
  }
  return parts.join(', ');
}
