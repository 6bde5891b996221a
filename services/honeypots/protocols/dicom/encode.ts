// Upper layer (PS3.8 §9.3) and messages (PS3.7 §6.3, PS3.5 §7) of DICOM as a server sends them.

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
export const PDU = { accept: 2, reject: 3, data: 4, releaseReply: 6, abort: 7 } as const;
/** What dcmtk and most archives offer. */
const MAXIMUM_PDU_BYTES = 16_384;
const NO_DATA_SET = 0x0101;
const HAS_DATA_SET = 0x0102;
const COMMAND_LAST = 3;
const DATA_LAST = 2;
/** Message control header and PDV length within a PDU. */
const ITEM_OVERHEAD = 6;

/** An element of a data set: tag, value representation, value. */
export type Element = readonly [tag: number, representation: string, value: string];

export interface AcceptedPresentation {
  readonly id: number;
  /** 0 acceptance, 3 abstract syntax not supported, 4 transfer syntaxes not supported (PS3.8 table 9-18). */
  readonly result: number;
  readonly transferSyntax: string;
}

export function pdu(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(6);
  head[0] = type;
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

/** A-ASSOCIATE-AC (PS3.8 §9.3.3): both titles come back as they were sent. */
export function associateAccept(
  titles: Uint8Array,
  contexts: readonly AcceptedPresentation[],
  implementation: { readonly uid: string; readonly version: string },
): Buffer {
  const maximum = Buffer.alloc(4);
  maximum.writeUInt32BE(MAXIMUM_PDU_BYTES);
  return pdu(
    PDU.accept,
    Buffer.from([0, 1, 0, 0]),
    titles,
    Buffer.alloc(32),
    item(0x10, Buffer.from(APPLICATION_CONTEXT)),
    ...contexts.map(({ id, result, transferSyntax }) =>
      item(0x21, Buffer.from([id, 0, result, 0]), item(0x40, Buffer.from(transferSyntax))),
    ),
    item(
      0x50,
      item(0x51, maximum),
      item(0x52, Buffer.from(implementation.uid)),
      item(0x55, Buffer.from(implementation.version)),
    ),
  );
}

/** A-ASSOCIATE-RJ, permanent, by the service user (PS3.8 §9.3.4). @param reason 7: called AE title not recognised */
export function associateReject(reason: number): Buffer {
  return pdu(PDU.reject, Buffer.from([0, 1, 1, reason]));
}

export interface Answer {
  readonly contextId: number;
  /** Command field of the answer, for example 0x8020. */
  readonly field: number;
  readonly messageId: number;
  readonly sopClass: string;
  readonly sopInstance?: string;
  readonly status: number;
  readonly failed?: number;
}

/** An answer with or without a data set (PS3.7 §9.3). */
export function answer(fields: Answer, dataSet?: Uint8Array): Buffer {
  const { contextId, field, messageId, sopClass, sopInstance, status, failed } = fields;
  const elements = [
    commandElement(0x0002, uidBytes(sopClass)),
    commandElement(0x0100, word(field)),
    commandElement(0x0120, word(messageId)),
    commandElement(0x0800, word(dataSet === undefined ? NO_DATA_SET : HAS_DATA_SET)),
    commandElement(0x0900, word(status)),
    ...(sopInstance === undefined ? [] : [commandElement(0x1000, uidBytes(sopInstance))]),
    ...(failed === undefined ? [] : [commandElement(0x1021, word(0)), commandElement(0x1022, word(failed))]),
  ];
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  const command = dataTransfer(contextId, COMMAND_LAST, Buffer.concat([commandElement(0, length), body]));
  return dataSet === undefined ? command : Buffer.concat([command, dataTransfer(contextId, DATA_LAST, dataSet)]);
}

/** Data set in implicit or explicit little endian, elements in the order of their tags. */
export function encodeDataSet(elements: readonly Element[], isExplicit: boolean): Buffer {
  const ordered = [...elements].sort(([left], [right]) => left - right);
  return Buffer.concat(
    ordered.map(([tag, representation, value]) => {
      const bytes = padded(Buffer.from(value, 'latin1'), representation === 'UI' ? 0 : 0x20);
      const head = Buffer.alloc(8);
      head.writeUInt16LE(Math.floor(tag / 0x10000), 0);
      head.writeUInt16LE(tag % 0x10000, 2);
      if (isExplicit) {
        head.write(representation, 4, 'latin1');
        head.writeUInt16LE(bytes.length, 6);
      } else head.writeUInt32LE(bytes.length, 4);
      return Buffer.concat([head, bytes]);
    }),
  );
}

function dataTransfer(contextId: number, control: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(ITEM_OVERHEAD);
  head.writeUInt32BE(bytes.length + 2);
  head[4] = contextId;
  head[5] = control;
  return pdu(PDU.data, head, bytes);
}

function item(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function commandElement(element: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(element, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
}

function uidBytes(uid: string): Buffer {
  return padded(Buffer.from(uid, 'latin1'), 0);
}

function padded(bytes: Buffer, filler: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([filler])]);
}
