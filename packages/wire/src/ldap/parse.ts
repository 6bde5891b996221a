import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import type { Detection } from '../protocol.ts';
import { berInteger, readBer } from '../snmp/ber.ts';
import { EXTENDED, FINAL_ANSWERS, OTHER_ANSWERS, REQUESTS, SEARCH_ENTRY } from './operations.ts';

const SEQUENCE = 0x30;
const SIMPLE = 0x80;
const SASL = 0xa3;
const EXTENDED_NAME = 0x80;
const MAXIMUM_ATTRIBUTES = 16;
const SCOPES = ['base', 'one-level', 'subtree', 'subordinate'] as const;
/** Attributes of the root entry that tell the server, not what it holds (RFC 4512 §5.1, RFC 3045, MS-ADTS §3.1.1.3.2). */
const SERVER_ATTRIBUTES = new Set([
  'dnsHostName',
  'defaultNamingContext',
  'vendorName',
  'vendorVersion',
  'domainFunctionality',
]);

/** One message. */
export interface LdapMessage {
  readonly isRequest: boolean;
  readonly id: number;
  readonly operation: string;
  /** Of a bind request: `anonymous`, `simple`, or the SASL mechanism. */
  readonly authentication: string;
  /** Scope of a search, and whether it asks for the root entry of the server. */
  readonly scope: string;
  readonly isRootSearch: boolean;
  /** Names of the attributes that a search asks for. */
  readonly attributes: readonly string[];
  readonly resultCode: number;
  /** `name=value` of the root entry's attributes that tell the server. */
  readonly server: readonly string[];
}

const EMPTY = {
  authentication: '',
  scope: '',
  isRootSearch: false,
  attributes: [],
  resultCode: 0,
  server: [],
} as const;

/** @returns undefined for what is no LDAP message, and for entries and references of other searches */
export function parseLdap(bytes: Uint8Array): LdapMessage | undefined {
  const message = readBer(new ByteCursor(bytes));
  if (message?.tag !== SEQUENCE) return undefined;
  const id = berInteger(readBer(message.content));
  const operation = readBer(message.content);
  if (id === undefined || operation === undefined) return undefined;
  const request = REQUESTS[operation.tag];
  if (request !== undefined) return { ...EMPTY, id, isRequest: true, operation: request, ...readRequest(operation) };
  const answer = FINAL_ANSWERS[operation.tag];
  if (answer !== undefined) {
    return { ...EMPTY, id, isRequest: false, operation: answer, resultCode: enumerated(operation.content) };
  }
  const server = operation.tag === SEARCH_ENTRY ? readRootEntry(operation.content) : [];
  return server.length === 0 ? undefined : { ...EMPTY, id, isRequest: false, operation: 'root-entry', server };
}

/** @returns whether the first message is an LDAP message of either end: identifier, then a known operation */
export function isLdap(bytes: Uint8Array): boolean {
  const cursor = new ByteCursor(bytes, 1);
  const first = cursor.uint8();
  if ((first & 0x80) !== 0) cursor.skip(first & 0x7f);
  const isIdentifier = cursor.uint8() === 2;
  const length = cursor.uint8();
  cursor.skip(length);
  const operation = cursor.uint8();
  const isKnown = operation in REQUESTS || operation in FINAL_ANSWERS || OTHER_ANSWERS.includes(operation);
  return !cursor.isBroken && isIdentifier && length >= 1 && length <= 4 && isKnown;
}

/** Longest beginning that tells: outer length, identifier, operation and its length. */
const TELLING_BYTES = 18;

/** Whether a message surely begins there: what it carries must fit into the length that it says (RFC 4511 §4.1.1). */
export function ldapStartsAt(bytes: Uint8Array, offset: number): Detection {
  if (bytes[offset] !== SEQUENCE) return 'reject';
  const first = bytes[offset + 1] ?? 0;
  const telling = first < 0x80 ? Math.min(first + 2, TELLING_BYTES) : TELLING_BYTES;
  if (bytes.length < offset + telling) return 'undecided';
  const head = bytes.subarray(offset, offset + telling);
  const outer = isLdap(head) ? berHeader(head, 0) : undefined;
  const identifier = outer === undefined ? undefined : berHeader(head, outer.end);
  const operation = identifier === undefined ? undefined : berHeader(head, identifier.end + identifier.length);
  if (outer === undefined || operation === undefined) return 'reject';
  // Behind the operation there may be controls.
  return operation.end + operation.length <= outer.end + outer.length ? 'match' : 'reject';
}

/** @returns where the contents begin, and how long they are (X.690 §8.1.3) */
function berHeader(bytes: Uint8Array, offset: number): { readonly end: number; readonly length: number } | undefined {
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return { end: offset + 2, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  let length = 0;
  for (let index = 0; index < count; index++) length = length * 256 + (bytes[offset + 2 + index] ?? 0);
  return { end: offset + 2 + count, length };
}

interface Operation {
  readonly tag: number;
  readonly content: ByteCursor;
}

/** Names of entries are never read: they may name persons. */
function readRequest({ tag, content }: Operation): Partial<LdapMessage> {
  switch (REQUESTS[tag]) {
    case 'bind': {
      readBer(content);
      const isNameless = readBer(content)?.content.remaining === 0;
      const choice = readBer(content);
      if (choice?.tag === SIMPLE) {
        return { authentication: isNameless && choice.content.remaining === 0 ? 'anonymous' : 'simple' };
      }
      const mechanism = choice?.tag === SASL ? readBer(choice.content) : undefined;
      return { authentication: mechanism === undefined ? '' : cleanText(text(mechanism.content), 32) };
    }
    case 'search':
      return readSearch(content);
    case 'extended': {
      const name = readBer(content);
      const identifier = name?.tag === EXTENDED_NAME ? cleanText(text(name.content), 64) : '';
      return { operation: EXTENDED[identifier] ?? 'extended' };
    }
    default:
      return {};
  }
}

/** §4.5.1: base, scope, aliases, limits, types only, filter, attributes. */
function readSearch(content: ByteCursor): Partial<LdapMessage> {
  const base = readBer(content);
  const scope = SCOPES[enumerated(content)] ?? '';
  for (let index = 0; index < 5; index++) readBer(content);
  const selection = readBer(content);
  const attributes: string[] = [];
  while (selection !== undefined && selection.content.remaining > 0 && attributes.length < MAXIMUM_ATTRIBUTES) {
    const attribute = readBer(selection.content);
    if (attribute === undefined) break;
    attributes.push(cleanText(text(attribute.content), 64));
  }
  return { scope, isRootSearch: scope === 'base' && base?.content.remaining === 0, attributes };
}

/** §4.5.2: only the entry without a name, which is the server's own. */
function readRootEntry(content: ByteCursor): readonly string[] {
  if (readBer(content)?.content.remaining !== 0) return [];
  const list = readBer(content)?.content;
  const facts: string[] = [];
  while (list !== undefined && list.remaining > 0) {
    const attribute = readBer(list)?.content;
    if (attribute === undefined) break;
    const name = text(readBer(attribute)?.content ?? attribute);
    const values = readBer(attribute)?.content;
    const value = values === undefined ? undefined : readBer(values);
    if (value !== undefined && SERVER_ATTRIBUTES.has(name))
      facts.push(`${name}=${cleanText(text(value.content), 128)}`);
  }
  return facts;
}

function enumerated(content: ByteCursor): number {
  return readBer(content)?.content.uint8() ?? 0;
}

function text(cursor: ByteCursor): string {
  return latin1(cursor.slice(cursor.remaining));
}
