import { ByteCursor } from '../bytes/byte-cursor.ts';
import { utf8 } from '../bytes/text.ts';
import type { TransactionDetail } from '../inspector.ts';
import { type BerElement, berInteger, readBer } from '../snmp/ber.ts';

const MAXIMUM_LIST = 100;
const SEQUENCE = 0x30;
const CONTROLS = 0xa0;
const SASL = 0xa3;
const REFERRAL = 0xa3;
const PRESENT_FILTER = 0x87;
const BOOLEAN = 1;

export interface LdapAttribute {
  readonly name: string;
  readonly values: readonly Uint8Array[];
}

/** RFC 4511 §4.1.9. */
export interface LdapResult {
  readonly code: number;
  readonly matchedName: string;
  readonly message: string;
}

/** What one message asks or answers (RFC 4511 §4.2 to §4.14). */
export type LdapOperation =
  | {
      readonly kind: 'bind-request';
      readonly version: number;
      readonly name: string;
      readonly mechanism: string | undefined;
      readonly credentials: Uint8Array | undefined;
    }
  | {
      readonly kind: 'search-request';
      readonly base: string;
      readonly scope: number;
      readonly dereferencing: number;
      readonly sizeLimit: number;
      readonly timeLimit: number;
      readonly isTypesOnly: boolean;
      /** Attribute whose presence is all that is asked for. */
      readonly presentAttribute: string | undefined;
      readonly attributes: readonly string[];
    }
  | {
      readonly kind: 'modify-request';
      readonly name: string;
      readonly changes: readonly { readonly operation: number; readonly attribute: LdapAttribute }[];
    }
  | { readonly kind: 'add-request'; readonly name: string; readonly attributes: readonly LdapAttribute[] }
  | { readonly kind: 'delete-request'; readonly name: string }
  | {
      readonly kind: 'modify-name-request';
      readonly name: string;
      readonly newName: string;
      readonly deletesOldName: boolean;
      readonly newSuperior: string | undefined;
    }
  | {
      readonly kind: 'compare-request';
      readonly name: string;
      readonly attribute: string;
      readonly value: Uint8Array;
    }
  | { readonly kind: 'extended-request'; readonly name: string; readonly value: Uint8Array | undefined }
  | { readonly kind: 'unbind-request' | 'abandon-request' | 'search-reference' }
  | { readonly kind: 'search-entry'; readonly name: string; readonly attributes: readonly LdapAttribute[] }
  | {
      readonly kind: 'bind-response';
      readonly result: LdapResult;
      readonly credentials: Uint8Array | undefined;
    }
  | {
      readonly kind:
        | 'search-done'
        | 'modify-response'
        | 'add-response'
        | 'delete-response'
        | 'modify-name-response'
        | 'compare-response';
      readonly result: LdapResult;
    }
  | {
      readonly kind: 'extended-response';
      readonly result: LdapResult;
      readonly name: string | undefined;
      readonly value: Uint8Array | undefined;
    }
  | {
      readonly kind: 'intermediate-response';
      readonly name: string | undefined;
      readonly value: Uint8Array | undefined;
    };

export interface LdapControl {
  readonly type: string;
  readonly isCritical: boolean;
  readonly value: Uint8Array | undefined;
}

/** One message with all that is in it. */
export interface LdapPart {
  readonly id: number;
  readonly operation: LdapOperation;
  readonly controls: readonly LdapControl[];
}

/** A request with everything that answered it. */
export interface LdapDetail extends TransactionDetail {
  readonly protocol: 'ldap';
  readonly request: LdapPart | undefined;
  readonly responses: readonly LdapPart[];
}

/** @returns undefined for what is no message, or has an operation that the standard does not name */
export function readPart(bytes: Uint8Array): LdapPart | undefined {
  const message = readBer(new ByteCursor(bytes));
  if (message?.tag !== SEQUENCE) return undefined;
  const id = berInteger(readBer(message.content));
  const element = readBer(message.content);
  const operation = element === undefined ? undefined : readOperation(element);
  if (id === undefined || operation === undefined) return undefined;
  const controls = message.content.remaining > 0 ? readBer(message.content) : undefined;
  return { id, operation, controls: controls?.tag === CONTROLS ? readControls(controls.content) : [] };
}

function readOperation({ tag, content }: BerElement): LdapOperation | undefined {
  switch (tag) {
    case 0x60: {
      const version = berInteger(readBer(content)) ?? 0;
      const name = nextText(content);
      const choice = readBer(content);
      const isSasl = choice?.tag === SASL;
      const mechanism = isSasl ? nextText(choice.content) : undefined;
      const hasCredentials = isSasl && choice.content.remaining > 0;
      const credentials = hasCredentials ? nextBytes(choice.content) : undefined;
      return { kind: 'bind-request', version, name, mechanism, credentials };
    }
    case 0x61:
      return { kind: 'bind-response', result: readResult(content), credentials: taggedBytes(content, 0x87) };
    case 0x42:
      return { kind: 'unbind-request' };
    case 0x63:
      return readSearch(content);
    case 0x64:
      return { kind: 'search-entry', name: nextText(content), attributes: readAttributes(readBer(content)?.content) };
    case 0x65:
      return { kind: 'search-done', result: readResult(content) };
    case 0x73:
      return { kind: 'search-reference' };
    case 0x66:
      return { kind: 'modify-request', name: nextText(content), changes: readChanges(readBer(content)?.content) };
    case 0x67:
      return { kind: 'modify-response', result: readResult(content) };
    case 0x68:
      return { kind: 'add-request', name: nextText(content), attributes: readAttributes(readBer(content)?.content) };
    case 0x69:
      return { kind: 'add-response', result: readResult(content) };
    case 0x4a:
      return { kind: 'delete-request', name: restText(content) };
    case 0x6b:
      return { kind: 'delete-response', result: readResult(content) };
    case 0x6c: {
      const [name, newName] = [nextText(content), nextText(content)];
      const deletesOldName = nextNumber(content) !== 0;
      const superior = taggedBytes(content, 0x80);
      const newSuperior = superior === undefined ? undefined : utf8(superior);
      return { kind: 'modify-name-request', name, newName, deletesOldName, newSuperior };
    }
    case 0x6d:
      return { kind: 'modify-name-response', result: readResult(content) };
    case 0x6e: {
      const name = nextText(content);
      const assertion = readBer(content)?.content ?? NOTHING;
      return { kind: 'compare-request', name, attribute: nextText(assertion), value: nextBytes(assertion) };
    }
    case 0x6f:
      return { kind: 'compare-response', result: readResult(content) };
    case 0x50:
      return { kind: 'abandon-request' };
    case 0x77: {
      const name = taggedBytes(content, 0x80);
      return { kind: 'extended-request', name: utf8(name ?? new Uint8Array(0)), value: taggedBytes(content, 0x81) };
    }
    case 0x78: {
      const result = readResult(content);
      const name = taggedBytes(content, 0x8a);
      const value = taggedBytes(content, 0x8b);
      return { kind: 'extended-response', result, name: name === undefined ? undefined : utf8(name), value };
    }
    case 0x79: {
      const name = taggedBytes(content, 0x80);
      const value = taggedBytes(content, 0x81);
      return { kind: 'intermediate-response', name: name === undefined ? undefined : utf8(name), value };
    }
    default:
      return undefined;
  }
}

/** §4.5.1. */
function readSearch(content: ByteCursor): LdapOperation {
  const base = nextText(content);
  const [scope, dereferencing, sizeLimit, timeLimit] = [
    nextNumber(content),
    nextNumber(content),
    nextNumber(content),
    nextNumber(content),
  ];
  const isTypesOnly = nextNumber(content) !== 0;
  const filter = readBer(content);
  const presentAttribute = filter?.tag === PRESENT_FILTER ? restText(filter.content) : undefined;
  const selection = readBer(content)?.content;
  const attributes = listOf(selection, (element) => restText(element.content));
  const limits = { scope, dereferencing, sizeLimit, timeLimit };
  return { kind: 'search-request', base, ...limits, isTypesOnly, presentAttribute, attributes };
}

function readChanges(content: ByteCursor | undefined) {
  return listOf(content, (element) => {
    const operation = nextNumber(element.content);
    const attribute = readBer(element.content);
    return { operation, attribute: attributeOf(attribute?.content ?? NOTHING) };
  });
}

function readAttributes(content: ByteCursor | undefined): LdapAttribute[] {
  return listOf(content, (element) => attributeOf(element.content));
}

function attributeOf(content: ByteCursor): LdapAttribute {
  const name = nextText(content);
  return { name, values: listOf(readBer(content)?.content, (element) => restBytes(element.content)) };
}

function readResult(content: ByteCursor): LdapResult {
  return { code: nextNumber(content), matchedName: nextText(content), message: nextText(content) };
}

function readControls(content: ByteCursor): LdapControl[] {
  return listOf(content, (element) => {
    const type = nextText(element.content);
    let next = element.content.remaining > 0 ? readBer(element.content) : undefined;
    const isCritical = next?.tag === BOOLEAN && next.content.uint8() !== 0;
    if (next?.tag === BOOLEAN) next = element.content.remaining > 0 ? readBer(element.content) : undefined;
    return { type, isCritical, value: next === undefined ? undefined : restBytes(next.content) };
  });
}

function listOf<T>(content: ByteCursor | undefined, read: (element: BerElement) => T): T[] {
  const list: T[] = [];
  while (content !== undefined && content.remaining > 0 && list.length < MAXIMUM_LIST) {
    const element = readBer(content);
    if (element === undefined) break;
    list.push(read(element));
  }
  return list;
}

/** @returns bytes of the next element that has the tag; others before it are left out */
function taggedBytes(content: ByteCursor, tag: number): Uint8Array | undefined {
  while (content.remaining > 0) {
    const start = content.offset;
    const element = readBer(content);
    if (element === undefined) return undefined;
    if (element.tag === tag) return restBytes(element.content);
    // What is behind it may be asked for next; referrals are left out.
    if (element.tag > tag && element.tag !== REFERRAL) {
      content.offset = start;
      return undefined;
    }
  }
  return undefined;
}

function nextNumber(content: ByteCursor): number {
  const value = readBer(content)?.content;
  let number = 0;
  while (value !== undefined && value.remaining > 0) number = (number * 256 + value.uint8()) % 0x100000000;
  return number;
}

function nextText(content: ByteCursor): string {
  return utf8(nextBytes(content));
}

function nextBytes(content: ByteCursor): Uint8Array {
  const value = readBer(content)?.content;
  return value === undefined ? new Uint8Array(0) : restBytes(value);
}

function restText(content: ByteCursor): string {
  return utf8(restBytes(content));
}

/** @returns a copy: messages are lent */
function restBytes(content: ByteCursor): Uint8Array {
  return content.slice(content.remaining).slice();
}

const NOTHING = new ByteCursor(new Uint8Array(0));
