import { counted, join, u16, u32 } from './binary.ts';

// Upper layer and C-ECHO of DICOM: PS3.8 §9.3, PS3.7 §9.3.5. No object and no query is ever built here.

export const SOP_CLASS = {
  verification: '1.2.840.10008.1.1',
  secondaryCaptureStorage: '1.2.840.10008.5.1.4.1.1.7',
  studyRootFind: '1.2.840.10008.5.1.4.1.2.2.1',
} as const;

/** Transfer syntaxes that devices differ in (PS3.6 annex A). */
export const TRANSFER_SYNTAXES = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.5',
] as const;
export const IMPLICIT_LITTLE_ENDIAN = TRANSFER_SYNTAXES[0];

const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
/** A UUID under the root for such (PS3.5 §B.2), drawn once for SPHINX. */
const IMPLEMENTATION_CLASS = '2.25.180904117526914412057306843113968127321';
const IMPLEMENTATION_VERSION = 'SPHINX_PROBE';
const MAXIMUM_PDU_BYTES = 16_384;
const PDU = { associateRequest: 1, associateAccept: 2, associateReject: 3, data: 4, releaseRequest: 5 } as const;
const TITLE_LENGTH = 16;

export interface PresentationContext {
  readonly sopClass: string;
  readonly transferSyntaxes: readonly string[];
}

/** @param contexts get the odd numbers from 1 as their ids */
export function associateRequest(called: string, calling: string, contexts: readonly PresentationContext[]): Buffer {
  const items = [
    item(0x10, APPLICATION_CONTEXT),
    ...contexts.map(({ sopClass, transferSyntaxes }, index) =>
      item(0x20, 2 * index + 1, 0, 0, 0, item(0x30, sopClass), ...transferSyntaxes.map((uid) => item(0x40, uid))),
    ),
    item(
      0x50,
      item(0x51, u32(MAXIMUM_PDU_BYTES)),
      item(0x52, IMPLEMENTATION_CLASS),
      item(0x55, IMPLEMENTATION_VERSION),
    ),
  ];
  return pdu(PDU.associateRequest, u16(1), u16(0), title(called), title(calling), Buffer.alloc(32), ...items);
}

/** C-ECHO-RQ in a presentation context (PS3.7 §9.3.5.1, table 9.3-12), command set in implicit little endian. */
export function echoRequest(contextId: number): Buffer {
  const elements = join(
    element(0x0002, Buffer.from(`${SOP_CLASS.verification}\0`)),
    element(0x0100, Buffer.from([0x30, 0])),
    element(0x0110, Buffer.from([1, 0])),
    element(0x0800, Buffer.from([1, 1])),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(elements.length);
  const command = join(element(0x0000, length), elements);
  // Message control header: command, last fragment (PS3.8 §E.2).
  return pdu(PDU.data, u32(command.length + 2), contextId, 3, command);
}

export function releaseRequest(): Buffer {
  return pdu(PDU.releaseRequest, u32(0));
}

export type AssociationAnswer =
  | { readonly kind: 'accepted'; readonly contextIds: readonly number[] }
  | { readonly kind: 'rejected'; readonly source: number; readonly reason: number };

/** @returns undefined when the answer is neither an acceptance nor a rejection */
export function readAssociationAnswer(bytes: Buffer): AssociationAnswer | undefined {
  if (!isPduWhole(bytes)) return undefined;
  if (bytes[0] === PDU.associateReject && bytes.length >= 10) {
    return { kind: 'rejected', source: bytes[8] ?? 0, reason: bytes[9] ?? 0 };
  }
  if (bytes[0] !== PDU.associateAccept) return undefined;
  const contextIds: number[] = [];
  for (let at = 74; at + 4 <= bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) {
    const isAccepted = bytes[at] === 0x21 && bytes[at + 6] === 0;
    if (isAccepted) contextIds.push(bytes[at + 4] ?? 0);
  }
  return { kind: 'accepted', contextIds };
}

/** Whether the first PDU of the answer is there. */
export function isPduWhole(bytes: Buffer): boolean {
  return bytes.length >= 6 && bytes.length >= 6 + bytes.readUInt32BE(2);
}

function pdu(type: number, ...parts: readonly (number | string | Uint8Array)[]): Buffer {
  const body = join(...parts);
  return join(type, 0, u32(body.length), body);
}

function item(type: number, ...parts: readonly (number | string | Uint8Array)[]): Buffer {
  return join(type, 0, counted(2, ...parts));
}

/** Of group 0000: tag, length, value. */
function element(number: number, value: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
}

function title(text: string): Buffer {
  return Buffer.from(text.slice(0, TITLE_LENGTH).padEnd(TITLE_LENGTH), 'latin1');
}
