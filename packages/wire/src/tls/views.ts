import { hash, X509Certificate } from 'node:crypto';
import { ByteCursor } from '../bytes/byte-cursor.ts';
import type { TransactionView } from '../inspector.ts';
import type { Direction } from '../protocol.ts';
import { transactionView } from '../transaction-view.ts';
import { readCertificate } from './certificate.ts';
import { ja3, ja3s, ja3sText, ja3Text, ja4 } from './fingerprint.ts';
import { summariseHello, type TlsHandshakeSide } from './handshake-side.ts';
import { type Hello, offeredVersion, parseClientHello, parseServerHello } from './hello.ts';
import { readPlainNames } from './names.ts';
import type { TlsCertificate } from './types.ts';

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_KEY_EXCHANGE = 12;
const CLIENT_KEY_EXCHANGE = 16;
const SERVER_NAME = 0;
const MAXIMUM_CERTIFICATES = 16;
const RANDOM_OFFSET = 2;
const RANDOM_BYTES = 32;
/** States of `ssl_state` as bits. */
const STATES: Readonly<Record<number, number>> = { 1: 1, 2: 2, 16: 4, 12: 8 };

/** What rules see of a TLS handshake: buffers `tls.*`, `ja3.*`, `ja4.*` as Suricata names them. What one side shows grows. */
export class TlsViews {
  readonly #show: (direction: Direction, view: TransactionView) => void;
  readonly #text: Record<Direction, Record<string, string | readonly string[]>> = { 'to-server': {}, 'to-client': {} };
  readonly #numbers: Record<Direction, Record<string, number>> = { 'to-server': {}, 'to-client': {} };

  readonly #events = { 'to-server': new Set<string>(), 'to-client': new Set<string>() };

  readonly #hellos: Partial<Record<Direction, Hello>> = {};
  readonly #leaves: Partial<Record<Direction, TlsCertificate | undefined>> = {};

  /** A handshake is one transaction: what its later messages show is added to what was shown. */
  readonly #isBegun: Record<Direction, boolean> = { 'to-server': false, 'to-client': false };

  constructor(show: (direction: Direction, view: TransactionView) => void) {
    this.#show = show;
  }

  message(type: number, body: Uint8Array, direction: Direction): void {
    switch (type) {
      case CLIENT_HELLO:
        this.#clientHello(body, direction);
        break;
      case SERVER_HELLO:
        this.#serverHello(body, direction);
        break;
      case CERTIFICATE:
        this.#certificates(body, direction);
        break;
      case SERVER_KEY_EXCHANGE:
      case CLIENT_KEY_EXCHANGE:
        break;
      default:
        return;
    }
    this.#numbers[direction]['tls.state'] = STATES[type] ?? 0;
    const events = [...this.#events[direction]];
    const view = transactionView('tls', this.#text[direction], this.#numbers[direction], events);
    this.#show(direction, { ...view, record: () => this.#side(direction), isContinuation: this.#isBegun[direction] });
    this.#isBegun[direction] = true;
  }

  /** Made for who writes a log: a summary has the fingerprints once more. */
  #side(direction: Direction): TlsHandshakeSide {
    const hello = this.#hellos[direction];
    return {
      protocol: 'tls',
      activity: 'handshake',
      sentBy: direction === 'to-server' ? 'client' : 'server',
      hello: hello === undefined ? undefined : summariseHello(hello, direction),
      certificate: this.#leaves[direction],
    };
  }

  #invalidCertificate(direction: Direction): void {
    this.#events[direction].add('tls.invalid_certificate').add('tls.invalid_handshake_message');
  }

  #clientHello(body: Uint8Array, direction: Direction): void {
    const hello = parseClientHello(body);
    if (hello === undefined) {
      this.#events[direction].add('tls.invalid_handshake_message');
      return;
    }
    if (hello.extensions.filter((type) => type === SERVER_NAME).length > 1) {
      this.#events[direction].add('tls.multiple_sni_extensions');
    }
    this.#hellos[direction] = hello;
    Object.assign(this.#text[direction], {
      'tls.sni': hello.serverName,
      'tls.alpn': hello.applicationProtocols,
      'ja3.hash': ja3(hello),
      'ja3.string': ja3Text(hello),
      'ja4.hash': ja4(hello, 't'),
      ...random(body),
    });
    this.#numbers[direction]['tls.version'] = offeredVersion(hello);
  }

  #serverHello(body: Uint8Array, direction: Direction): void {
    const hello = parseServerHello(body);
    if (hello === undefined) {
      this.#events[direction].add('tls.invalid_handshake_message');
      return;
    }
    this.#hellos[direction] = hello;
    Object.assign(this.#text[direction], {
      'ja3s.hash': ja3s(hello),
      'ja3s.string': ja3sText(hello),
      'tls.alpn': hello.applicationProtocols,
      ...random(body),
    });
    this.#numbers[direction]['tls.version'] = hello.supportedVersions[0] ?? hello.legacyVersion;
  }

  #certificates(body: Uint8Array, direction: Direction): void {
    const cursor = new ByteCursor(body);
    cursor.skip(3);
    const chain: Uint8Array[] = [];
    while (cursor.remaining > 3 && chain.length < MAXIMUM_CERTIFICATES) chain.push(cursor.slice(cursor.uint24()));
    const [leaf] = chain;
    if (cursor.isBroken || leaf === undefined) {
      if (cursor.isBroken) this.#invalidCertificate(direction);
      return;
    }
    if (readPlainNames(leaf) === undefined) this.#invalidCertificate(direction);
    this.#numbers[direction]['tls.cert_chain_len'] = chain.length;
    this.#text[direction]['tls.certs'] = chain.map((each) => Buffer.from(each).toString('latin1'));
    Object.assign(this.#text[direction], leafBuffers(leaf));
    Object.assign(this.#numbers[direction], leafTimes(leaf));
    this.#leaves[direction] = readCertificate(leaf);
  }
}

function random(body: Uint8Array): Record<string, string> {
  const bytes = Buffer.from(body.subarray(RANDOM_OFFSET, RANDOM_OFFSET + RANDOM_BYTES)).toString('latin1');
  return { 'tls.random': bytes, 'tls.random_time': bytes.slice(0, 4), 'tls.random_bytes': bytes.slice(4) };
}

/** Servers show the same certificate to every client. */
const MAXIMUM_REMEMBERED = 1024;
const remembered = new Map<string, Record<string, string | readonly string[]>>();

function leafBuffers(der: Uint8Array): Record<string, string | readonly string[]> {
  const sha1 = hash('sha1', der);
  const known = remembered.get(sha1);
  if (known !== undefined) return known;
  if (remembered.size >= MAXIMUM_REMEMBERED) remembered.clear();
  const buffers = readLeaf(der, sha1);
  remembered.set(sha1, buffers);
  return buffers;
}

/** Names as `C=US, O=Example, CN=a.example`, serial number and fingerprint with colons: the form that published rules expect. */
function readLeaf(der: Uint8Array, sha1: string): Record<string, string | readonly string[]> {
  try {
    const certificate = new X509Certificate(der);
    const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:DNS|IP Address|email|URI):([^,]+)/g)];
    // Names that hold a NUL are told as they stand: that is what rules look for.
    const plain = der.includes(0) && certificate.subject.includes('\\00') ? readPlainNames(der) : undefined;
    return {
      'tls.cert_subject': plain?.subject ?? nameText(certificate.subject),
      'tls.cert_issuer': plain?.issuer ?? nameText(certificate.issuer),
      'tls.cert_serial': pairs(certificate.serialNumber),
      'tls.cert_fingerprint': pairs(sha1),
      'tls.subjectaltname': names.map(([, name = '']) => name),
    };
  } catch {
    const plain = readPlainNames(der);
    // What is no certificate shows its bytes only.
    if (plain === undefined) return {};
    return {
      'tls.cert_subject': plain.subject,
      'tls.cert_issuer': plain.issuer,
      'tls.cert_serial': plain.serial,
      'tls.cert_fingerprint': pairs(sha1),
    };
  }
}

/** Seconds since the epoch. */
function leafTimes(der: Uint8Array): Record<string, number> {
  const { notBefore = '', notAfter = '' } = readCertificate(der) ?? {};
  const seconds = (text: string) => Date.parse(text) / 1000;
  if (Number.isNaN(seconds(notBefore)) || Number.isNaN(seconds(notAfter))) return {};
  return { 'tls.cert.not_before': seconds(notBefore), 'tls.cert.not_after': seconds(notAfter) };
}

function pairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? '';
}

/** @param name one attribute a line, commas escaped, as OpenSSL prints it */
function nameText(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ').replaceAll('\\,', ',');
}
