import { bytes, le16, le32, u16, u32 } from './bytes.ts';

/** Builders for DICOM messages as PS3.8 §9.3, PS3.7 annex E and PS3.5 §7 draw them. */

export const IMPLICIT = '1.2.840.10008.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';
export const BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const DEFLATED = '1.2.840.10008.1.2.1.99';

export function pdu(type: number, body: Uint8Array): Uint8Array {
  return bytes(type, 0, u32(body.length), body);
}

export function item(type: number, ...content: readonly (number | string | Uint8Array)[]): Uint8Array {
  const body = bytes(...content);
  return bytes(type, 0, u16(body.length), body);
}

export interface Context {
  readonly id: number;
  readonly sopClass: string;
  readonly transferSyntaxes: readonly string[];
}

/** @param user further sub-items of the user information */
export function associateRequest(
  calling: string,
  called: string,
  contexts: readonly Context[],
  user: readonly Uint8Array[] = [],
): Uint8Array {
  const proposed = contexts.map(({ id, sopClass, transferSyntaxes }) =>
    item(0x20, id, 0, 0, 0, item(0x30, sopClass), ...transferSyntaxes.map((uid) => item(0x40, uid))),
  );
  return pdu(1, associateBody(calling, called, proposed, user));
}

export function associateAccept(
  calling: string,
  called: string,
  accepted: readonly { readonly id: number; readonly result?: number; readonly transferSyntax: string }[],
  user: readonly Uint8Array[] = [],
): Uint8Array {
  const contexts = accepted.map(({ id, result = 0, transferSyntax }) =>
    item(0x21, id, 0, result, 0, item(0x40, transferSyntax)),
  );
  return pdu(2, associateBody(calling, called, contexts, user));
}

function associateBody(
  calling: string,
  called: string,
  contexts: readonly Uint8Array[],
  user: readonly Uint8Array[],
): Uint8Array {
  const information = [item(0x51, u32(16384)), item(0x52, '1.2.3.4'), item(0x55, 'TEST_1'), ...user];
  return bytes(
    u16(1),
    u16(0),
    called.padEnd(16),
    calling.padEnd(16),
    new Uint8Array(32),
    item(0x10, '1.2.840.10008.3.1.1.1'),
    ...contexts,
    item(0x50, ...information),
  );
}

/** Element of a command set: implicit VR little endian, group 0000. */
export function commandElement(element: number, value: Uint8Array | string): Uint8Array {
  const content = bytes(value);
  const padded = content.length % 2 === 0 ? content : bytes(content, typeof value === 'string' ? 0 : 0);
  return bytes(le16(0), le16(element), le32(padded.length), padded);
}

/** P-DATA-TF with one fragment. */
export function fragment(contextId: number, flags: number, content: Uint8Array): Uint8Array {
  return pdu(4, bytes(u32(content.length + 2), contextId, flags, content));
}

export interface CommandFields {
  readonly field: number;
  readonly sopClass?: string;
  readonly messageId?: number;
  readonly respondedTo?: number;
  readonly status?: number;
  readonly hasDataSet?: boolean;
  readonly further?: readonly Uint8Array[];
}

/** A command set in one fragment. */
export function command(contextId: number, fields: CommandFields): Uint8Array {
  const { field, sopClass, messageId, respondedTo, status, hasDataSet = false, further = [] } = fields;
  const elements = bytes(
    ...(sopClass === undefined ? [] : [commandElement(0x0002, sopClass)]),
    commandElement(0x0100, le16(field)),
    ...(messageId === undefined ? [] : [commandElement(0x0110, le16(messageId))]),
    ...(respondedTo === undefined ? [] : [commandElement(0x0120, le16(respondedTo))]),
    commandElement(0x0800, le16(hasDataSet ? 0x0001 : 0x0101)),
    ...(status === undefined ? [] : [commandElement(0x0900, le16(status))]),
    ...further,
  );
  return fragment(contextId, 3, bytes(commandElement(0, le32(elements.length)), elements));
}

export function dataSet(contextId: number, content: Uint8Array): Uint8Array {
  return fragment(contextId, 2, content);
}

const LONG = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

export type Element = readonly [tag: number, representation: string, value: string | Uint8Array];

/** A data set in any of the encodings of PS3.5 §7 and annex A. */
export function elements(list: readonly Element[], encoding: 'implicit' | 'explicit' | 'big-endian'): Uint8Array {
  return bytes(...list.map((element) => encodeElement(element, encoding)));
}

function encodeElement([tag, representation, value]: Element, encoding: 'implicit' | 'explicit' | 'big-endian') {
  const isBig = encoding === 'big-endian';
  const short = isBig ? u16 : le16;
  const long = isBig ? u32 : le32;
  const content = bytes(value);
  const padded = content.length % 2 === 0 ? content : bytes(content, ' ');
  const head = bytes(short(tag >>> 16), short(tag & 0xffff));
  if (encoding === 'implicit') return bytes(head, long(padded.length), padded);
  if (LONG.has(representation)) return bytes(head, representation, 0, 0, long(padded.length), padded);
  return bytes(head, representation, short(padded.length), padded);
}
