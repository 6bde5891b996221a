import { hash } from 'node:crypto';
import { type Hello, isGrease, offeredVersion } from './hello.ts';

const SERVER_NAME = 0x0000;
const ALPN = 0x0010;
const EMPTY_HASH = '000000000000';
const JA4_VERSIONS: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
};

/** JA3 of a client (Salesforce, 2017): MD5 over version, suites, extensions, groups and point formats. */
export function ja3(hello: Hello): string {
  return hash('md5', ja3Text(hello));
}

/** @returns what JA3 hashes */
export function ja3Text(hello: Hello): string {
  const list = (values: readonly number[]) => values.filter((value) => !isGrease(value)).join('-');
  return [
    hello.legacyVersion,
    list(hello.cipherSuites),
    list(hello.extensions),
    list(hello.groups),
    hello.pointFormats.join('-'),
  ].join(',');
}

/** JA3S of a server (Salesforce, 2017). */
export function ja3s(hello: Hello): string {
  return hash('md5', ja3sText(hello));
}

/** @returns what JA3S hashes */
export function ja3sText(hello: Hello): string {
  return [hello.legacyVersion, hello.cipherSuites[0] ?? 0, hello.extensions.join('-')].join(',');
}

/**
 * JA4, the client fingerprint of TLS (FoxIO technical details, BSD 3-Clause).
 *
 * @param transport `t` for TCP, `q` for QUIC
 */
export function ja4(hello: Hello, transport: 't' | 'q'): string {
  const suites = hello.cipherSuites
    .filter((suite) => !isGrease(suite))
    .map(hex4)
    .sort();
  const extensions = hello.extensions.filter((extension) => !isGrease(extension));
  const version = JA4_VERSIONS[offeredVersion(hello)] ?? '00';
  const target = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const protocol = alpnCharacters(hello.applicationProtocols[0] ?? '');
  const head = `${transport}${version}${target}${count(suites.length)}${count(extensions.length)}${protocol}`;
  const hashed = extensions
    .filter((extension) => extension !== SERVER_NAME && extension !== ALPN)
    .map(hex4)
    .sort();
  const signatures = hello.signatureAlgorithms.filter((value) => !isGrease(value)).map(hex4);
  const text = signatures.length === 0 ? hashed.join(',') : `${hashed.join(',')}_${signatures.join(',')}`;
  return `${head}_${truncatedHash(suites.join(','))}_${hashed.length === 0 ? EMPTY_HASH : truncatedHash(text)}`;
}

/**
 * First and last character. Where they are no ASCII at all, FoxIO's programs and test values write 9 for each, though its
 * text has the hexadecimal form of the whole; for other characters that are no letters and digits the text is followed.
 */
function alpnCharacters(protocol: string): string {
  const [first, last] = [protocol[0], protocol.at(-1)].map((one) => (one !== undefined && one > '\x7f' ? '9' : one));
  if (first === undefined || last === undefined) return '00';
  if (/[0-9A-Za-z]/.test(first) && /[0-9A-Za-z]/.test(last)) return first + last;
  const hex = Buffer.from(protocol, 'latin1').toString('hex');
  return `${hex[0] ?? '0'}${hex.at(-1) ?? '0'}`;
}

function count(value: number): string {
  return String(Math.min(99, value)).padStart(2, '0');
}

function truncatedHash(text: string): string {
  return text === '' ? EMPTY_HASH : hash('sha256', text).slice(0, 12);
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}
