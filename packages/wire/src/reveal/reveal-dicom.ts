import type { Shown } from './shown.ts';

/** DICOM PS3.8 §9.3. */
const PDU_HEADER = 6;
const ASSOCIATE_FIXED = 74;
const P_DATA = 4;
const PDV_HEADER = 6;
const USER_INFORMATION = 0x50;
/** Items about who the user is (PS3.7 §D.3.3.7). */
const USER_IDENTITY = new Set([0x58, 0x59]);
/** Command elements whose value names a single object (PS3.7 §E.1). */
const INSTANCE_UIDS = new Set([0x1000, 0x1001]);
const ELEMENT_HEADER = 8;

const u16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number) => u16(bytes, at) * 65_536 + u16(bytes, at + 2);
const le16 = (bytes: Uint8Array, at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const le32 = (bytes: Uint8Array, at: number) => le16(bytes, at) + le16(bytes, at + 2) * 65_536;

/** Negotiation without user identity, and commands without the objects that they are about; no data set. */
export function revealDicom(bytes: Uint8Array, shown: Shown): void {
  for (let at = 0; at + PDU_HEADER <= bytes.length; ) {
    const type = bytes[at] ?? 0;
    const end = at + PDU_HEADER + u32(bytes, at + 2);
    const stop = Math.min(end, bytes.length);
    if (type < 1 || type > 7 || bytes[at + 1] !== 0) return;
    if (type === 1 || type === 2) {
      // An association begins a stream; bytes of an image that look like one do not.
      if (at !== 0 || u16(bytes, PDU_HEADER) !== 1) return;
      revealAssociation(bytes, stop, shown);
    } else if (type === P_DATA) revealValues(bytes, at + PDU_HEADER, stop, shown);
    else shown.show(at, Math.min(stop, at + PDU_HEADER + 4));
    shown.show(at, at + PDU_HEADER);
    at = end;
  }
}

function revealAssociation(bytes: Uint8Array, stop: number, shown: Shown): void {
  shown.show(0, ASSOCIATE_FIXED);
  for (let at = ASSOCIATE_FIXED; at + 4 <= stop; ) {
    const end = at + 4 + u16(bytes, at + 2);
    if (bytes[at] === USER_INFORMATION) {
      shown.show(at, at + 4);
      for (let item = at + 4; item + 4 <= Math.min(end, stop); ) {
        const next = item + 4 + u16(bytes, item + 2);
        shown.show(item, USER_IDENTITY.has(bytes[item] ?? 0) ? item + 4 : Math.min(next, stop));
        item = next;
      }
    } else shown.show(at, Math.min(end, stop));
    at = end;
  }
}

function revealValues(bytes: Uint8Array, start: number, stop: number, shown: Shown): void {
  for (let at = start; at + PDV_HEADER <= stop; ) {
    const end = at + 4 + u32(bytes, at);
    shown.show(at, at + PDV_HEADER);
    const isCommand = ((bytes[at + 5] ?? 0) & 1) === 1;
    if (isCommand) revealCommand(bytes, at + PDV_HEADER, Math.min(end, stop), shown);
    if (end <= at) return;
    at = end;
  }
}

/** Command sets are Implicit VR Little Endian, group 0000 (PS3.7 §6.3.1). */
function revealCommand(bytes: Uint8Array, start: number, stop: number, shown: Shown): void {
  for (let at = start; at + ELEMENT_HEADER <= stop; ) {
    if (le16(bytes, at) !== 0) return;
    const end = at + ELEMENT_HEADER + le32(bytes, at + 4);
    shown.show(at, INSTANCE_UIDS.has(le16(bytes, at + 2)) ? at + ELEMENT_HEADER : Math.min(end, stop));
    at = end;
  }
}
