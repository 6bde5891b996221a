const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
const VERIFICATION = '1.2.840.10008.1.1';
const NO_DATA_SET = 0x0101;
const MAXIMUM_PDU_BYTES = 16_384;
const LONG_FORM_REPRESENTATIONS = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

/** An application entity of the sample hospital. */
export interface SampleApplicationEntity {
  readonly title: string;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
}

/** A-ASSOCIATE-RQ and -AC (DICOM PS3.8 §9.3.2, §9.3.3) for one presentation context. */
export function associate(
  caller: SampleApplicationEntity,
  called: SampleApplicationEntity,
  sopClass: string,
): { request: Buffer; accept: Buffer } {
  const abstractSyntax = item(0x30, Buffer.from(sopClass));
  const offered = [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN].map((uid) => item(0x40, Buffer.from(uid)));
  const requestContext = item(0x20, Buffer.concat([Buffer.from([1, 0, 0, 0]), abstractSyntax, ...offered]));
  const chosen = item(0x40, Buffer.from(EXPLICIT_VR_LITTLE_ENDIAN));
  const acceptContext = item(0x21, Buffer.concat([Buffer.from([1, 0, 0, 0]), chosen]));
  const names = Buffer.from(called.title.padEnd(16) + caller.title.padEnd(16));
  const body = (context: Buffer, speaker: SampleApplicationEntity) =>
    Buffer.concat([
      Buffer.from([0, 1, 0, 0]),
      names,
      Buffer.alloc(32),
      item(0x10, Buffer.from(APPLICATION_CONTEXT)),
      context,
      userInformation(speaker),
    ]);
  return { request: pdu(1, body(requestContext, caller)), accept: pdu(2, body(acceptContext, called)) };
}

/** C-ECHO with its answer (PS3.7 §9.3.5). */
export function echo(): { request: Buffer; response: Buffer } {
  return {
    request: presentationData(commandSet(commandElements(VERIFICATION, 0x0030)), true),
    response: presentationData(commandSet(answerElements(VERIFICATION, 0x8030)), true),
  };
}

/**
 * C-FIND without any match (PS3.7 §9.3.2): an invented hospital has nobody to find.
 *
 * @param keys elements of the identifier that are asked for, all empty, in ascending order
 */
export function find(
  sopClass: string,
  keys: readonly (readonly [group: number, element: number, representation: string])[],
): { request: Buffer; response: Buffer } {
  const identifier = Buffer.concat(keys.map(([g, e, vr]) => element(g, e, vr, Buffer.alloc(0))));
  const command = commandSet([
    [0x0002, sopClass],
    [0x0100, 0x0020],
    [0x0110, 1],
    [0x0700, 0],
    [0x0800, 0x0102],
  ]);
  return {
    request: Buffer.concat([presentationData(command, true), presentationData(identifier, false)]),
    response: presentationData(commandSet(answerElements(sopClass, 0x8020)), true),
  };
}

/** P-DATA-TF PDUs of a C-STORE with its answer (PS3.7 §9.3.1). */
export function store(
  sopClass: string,
  instanceUid: string,
  attributes: readonly (readonly [group: number, element: number, representation: string, value: string])[],
  pixelBytes: number,
): { request: Buffer; response: Buffer } {
  const command = commandSet([
    [0x0002, sopClass],
    [0x0100, 0x0001],
    [0x0110, 1],
    [0x0700, 0],
    [0x0800, 0x0102],
    [0x1000, instanceUid],
  ]);
  const answer = commandSet([...answerElements(sopClass, 0x8001), [0x1000, instanceUid]]);
  const pixels = element(0x7fe0, 0x0010, 'OW', Buffer.alloc(pixelBytes, 0x7f));
  const dataSet = Buffer.concat([...attributes.map(([g, e, vr, text]) => element(g, e, vr, padded(text))), pixels]);
  return {
    request: Buffer.concat([presentationData(command, true), presentationData(dataSet, false)]),
    response: presentationData(answer, true),
  };
}

type CommandElement = readonly [element: number, value: string | number];

function commandElements(sopClass: string, command: number): readonly CommandElement[] {
  return [
    [0x0002, sopClass],
    [0x0100, command],
    [0x0110, 1],
    [0x0800, NO_DATA_SET],
  ];
}

function answerElements(sopClass: string, command: number): readonly CommandElement[] {
  return [
    [0x0002, sopClass],
    [0x0100, command],
    [0x0120, 1],
    [0x0800, NO_DATA_SET],
    [0x0900, 0],
  ];
}

export const RELEASE_REQUEST = pdu(5, Buffer.alloc(4));
export const RELEASE_RESPONSE = pdu(6, Buffer.alloc(4));

function userInformation(entity: SampleApplicationEntity): Buffer {
  const maximumLength = Buffer.alloc(4);
  maximumLength.writeUInt32BE(MAXIMUM_PDU_BYTES);
  return item(
    0x50,
    Buffer.concat([
      item(0x51, maximumLength),
      item(0x52, Buffer.from(entity.implementationClassUid)),
      item(0x55, Buffer.from(entity.implementationVersion)),
    ]),
  );
}

function presentationData(content: Buffer, isCommand: boolean): Buffer {
  const size = MAXIMUM_PDU_BYTES - 6;
  const parts: Buffer[] = [];
  for (let offset = 0; offset < content.length; offset += size) {
    const part = content.subarray(offset, offset + size);
    const isLast = offset + size >= content.length;
    const header = Buffer.alloc(6);
    header.writeUInt32BE(part.length + 2, 0);
    header.writeUInt8(1, 4);
    header.writeUInt8((isCommand ? 1 : 0) | (isLast ? 2 : 0), 5);
    parts.push(pdu(4, Buffer.concat([header, part])));
  }
  return Buffer.concat(parts);
}

function commandSet(elements: readonly CommandElement[]): Buffer {
  const body = Buffer.concat(
    elements.map(([number, value]) => {
      const content = typeof value === 'number' ? uint16(value) : padded(value);
      return Buffer.concat([uint16(0), uint16(number), uint32(content.length), content]);
    }),
  );
  return Buffer.concat([uint16(0), uint16(0), uint32(4), uint32(body.length), body]);
}

function element(group: number, number: number, representation: string, value: Buffer): Buffer {
  const head = Buffer.concat([uint16(group), uint16(number), Buffer.from(representation)]);
  return LONG_FORM_REPRESENTATIONS.has(representation)
    ? Buffer.concat([head, uint16(0), uint32(value.length), value])
    : Buffer.concat([head, uint16(value.length), value]);
}

function item(type: number, content: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(content.length, 2);
  return Buffer.concat([header, content]);
}

function pdu(type: number, content: Buffer): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(content.length, 2);
  return Buffer.concat([header, content]);
}

/** PS3.5 §6.2: values have even length; UIDs are padded with NUL, text with a space. */
function padded(text: string): Buffer {
  if (text.length % 2 === 0) return Buffer.from(text);
  return Buffer.from(text + (/^[\d.]+$/.test(text) ? '\0' : ' '));
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
