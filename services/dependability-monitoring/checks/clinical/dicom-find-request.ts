import { randomBytes } from 'node:crypto';
import { join, le16, le32, SOP_CLASS, u32 } from '@sphinx/probes/messages';

// C-FIND at the study root (PS3.7 §9.3.2.1, PS3.4 §C.6.2.1), command and identifier in implicit little endian.

const DATA = 4;
const C_FIND_REQUEST = 0x0020;
const DATA_SET_FOLLOWS = 0x0001;
/** PS3.7 table 9.3-3: medium. */
const PRIORITY_MEDIUM = 0;
/** PS3.8 §E.2: bit 0 command, bit 1 last fragment. */
const COMMAND_LAST = 3;
const DATA_SET_LAST = 2;

/** @returns PDUs that ask for one study by its identifier, and for nothing but that */
export function findStudyRequest(contextId: number, studyUid: string): Buffer {
  const elements = join(
    element(0x0000, 0x0002, padded(SOP_CLASS.studyRootFind)),
    element(0x0000, 0x0100, le16(C_FIND_REQUEST)),
    element(0x0000, 0x0110, le16(1)),
    element(0x0000, 0x0700, le16(PRIORITY_MEDIUM)),
    element(0x0000, 0x0800, le16(DATA_SET_FOLLOWS)),
  );
  const command = join(element(0x0000, 0x0000, le32(elements.length)), elements);
  const identifier = join(element(0x0008, 0x0052, padded('STUDY ', ' ')), element(0x0020, 0x000d, padded(studyUid)));
  return join(pdu(contextId, COMMAND_LAST, command), pdu(contextId, DATA_SET_LAST, identifier));
}

/** @returns an identifier that nobody has: a UUID under 2.25 (PS3.5 §B.2) */
export function unknownStudyUid(): string {
  return `2.25.${BigInt(`0x${randomBytes(16).toString('hex')}`)}`;
}

function pdu(contextId: number, control: number, body: Buffer): Buffer {
  const item = join(u32(body.length + 2), contextId, control, body);
  return join(DATA, 0, u32(item.length), item);
}

function element(group: number, number: number, value: Buffer): Buffer {
  return join(le16(group), le16(number), le32(value.length), value);
}

function padded(text: string, filler = '\0'): Buffer {
  return Buffer.from(text.length % 2 === 0 ? text : text + filler, 'latin1');
}
