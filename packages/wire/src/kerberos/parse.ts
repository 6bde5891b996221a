import { ByteCursor } from '../bytes/byte-cursor.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { type BerElement, berInteger, readBer } from '../snmp/ber.ts';
import { ENCRYPTION_TYPES, MESSAGE_TYPES } from './names.ts';

const SEQUENCE = 0x30;
const MAXIMUM_FIELDS = 32;
const MAXIMUM_ENCRYPTION_TYPES = 16;
/** Data that prove who asks: time stamp, public key, armour, challenge (RFC 4120 §7.5.2, RFC 4556, RFC 6113). */
const PROOFS = new Set([2, 16, 17, 136, 138]);

/** One message. Names of clients are accounts and never read. */
export interface KerberosMessage {
  /** `as-request`, `tgs-reply`, `error` … */
  readonly type: string;
  readonly realm: string;
  /** Service that a ticket is for, with its host: `cifs/files.example.org`; empty for accounts. */
  readonly service: string;
  /** Asked for by a client, or of the ticket that a reply gives. */
  readonly encryptionTypes: readonly string[];
  readonly hasPreAuthentication: boolean;
  readonly errorCode: number;
}

type Fields = ReadonlyMap<number, ByteCursor>;

/** @returns undefined for what is no whole Kerberos message */
export function parseKerberos(bytes: Uint8Array): KerberosMessage | undefined {
  const message = readBer(new ByteCursor(bytes));
  const type = MESSAGE_TYPES[message?.tag ?? 0];
  const fields = message === undefined ? undefined : readFields(message.content);
  if (type === undefined || fields === undefined) return undefined;
  const empty = { type, realm: '', service: '', encryptionTypes: [], hasPreAuthentication: false, errorCode: 0 };
  switch (type) {
    case 'as-request':
    case 'tgs-request':
      return numberOf(fields, 1) === 5 ? { ...empty, ...readRequest(fields) } : undefined;
    case 'as-reply':
    case 'tgs-reply':
      return numberOf(fields, 0) === 5 ? { ...empty, ...readReply(fields) } : undefined;
    case 'error': {
      const errorCode = numberOf(fields, 6) ?? 0;
      const realm = textOf(fields, 9);
      return numberOf(fields, 0) === 5 ? { ...empty, errorCode, realm, service: nameOf(fields.get(10)) } : undefined;
    }
    default:
      return numberOf(fields, 0) === 5 ? empty : undefined;
  }
}

/** §5.4.1: version, type, pre-authentication data, body with realm (2), service (3), encryption types (8). */
function readRequest(fields: Fields): Partial<KerberosMessage> {
  const body = fields.get(4);
  const inner = body === undefined ? undefined : readFields(body);
  if (inner === undefined) return {};
  const list = sequenceIn(inner.get(8));
  const types: string[] = [];
  while (list !== undefined && list.remaining > 0 && types.length < MAXIMUM_ENCRYPTION_TYPES) {
    const type = readBer(list);
    if (type === undefined) break;
    types.push(encryptionName(type));
  }
  return {
    realm: textOf(inner, 2),
    service: nameOf(inner.get(3)),
    encryptionTypes: types,
    hasPreAuthentication: hasPreAuthentication(fields.get(3)),
  };
}

function hasPreAuthentication(field: ByteCursor | undefined): boolean {
  const list = sequenceIn(field);
  for (let count = 0; list !== undefined && list.remaining > 0 && count < MAXIMUM_FIELDS; count++) {
    const fields = readFields(list);
    if (fields === undefined) return false;
    if (PROOFS.has(numberOf(fields, 1) ?? 0)) return true;
  }
  return false;
}

/** §5.4.2: the ticket (5) has realm (1), service (2) and encrypted part (3), whose type comes first. */
function readReply(fields: Fields): Partial<KerberosMessage> {
  const ticket = fields.get(5);
  const element = ticket === undefined ? undefined : readBer(ticket);
  const inner = element === undefined ? undefined : readFields(element.content);
  if (inner === undefined) return {};
  const encrypted = inner.get(3);
  const parts = encrypted === undefined ? undefined : readFields(encrypted);
  const type = parts?.get(0);
  const element0 = type === undefined ? undefined : readBer(type);
  return {
    realm: textOf(inner, 1),
    service: nameOf(inner.get(2)),
    encryptionTypes: element0 === undefined ? [] : [encryptionName(element0)],
  };
}

/** A sequence of fields with context tags. */
function readFields(cursor: ByteCursor): Fields | undefined {
  const sequence = readBer(cursor);
  if (sequence?.tag !== SEQUENCE) return undefined;
  const fields = new Map<number, ByteCursor>();
  while (sequence.content.remaining > 0 && fields.size < MAXIMUM_FIELDS) {
    const field = readBer(sequence.content);
    if (field === undefined) break;
    fields.set(field.tag & 0x1f, field.content);
  }
  return fields;
}

function numberOf(fields: Fields, tag: number): number | undefined {
  const field = fields.get(tag);
  return field === undefined ? undefined : berInteger(readBer(field));
}

function textOf(fields: Fields, tag: number): string {
  const field = fields.get(tag);
  const element = field === undefined ? undefined : readBer(field);
  return element === undefined ? '' : text(element.content);
}

function sequenceIn(field: ByteCursor | undefined): ByteCursor | undefined {
  const element = field === undefined ? undefined : readBer(field);
  return element?.tag === SEQUENCE ? element.content : undefined;
}

/** §5.2.2: type, then texts; a service has at least two (RFC 4120 §6.2), an account one. */
function nameOf(field: ByteCursor | undefined): string {
  const name = field === undefined ? undefined : readFields(field);
  const list = sequenceIn(name?.get(1));
  const parts: string[] = [];
  while (list !== undefined && list.remaining > 0 && parts.length < 4) {
    const part = readBer(list);
    if (part === undefined) break;
    parts.push(text(part.content));
  }
  return parts.length < 2 ? '' : parts.join('/');
}

function encryptionName(element: BerElement): string {
  const type = element.content.remaining === 1 ? (element.content.uint8() << 24) >> 24 : (berInteger(element) ?? 0);
  return ENCRYPTION_TYPES[type] ?? `type-${type}`;
}

function text(cursor: ByteCursor): string {
  return cleanText(latin1(cursor.slice(cursor.remaining)), 128);
}
