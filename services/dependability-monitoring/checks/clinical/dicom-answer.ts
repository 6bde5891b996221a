/** PS3.8 §9.3.1: types of PDU. */
const DATA = 4;
const ABORT = 7;
const COMMAND = 1;
const LAST = 2;
/** Elements of the command set (PS3.7 §E.1). */
const STATUS = 0x0900;
const ELEMENT_HEAD = 8;
/** PS3.7 §C.4: an answer that others follow. */
const PENDING = [0xff00, 0xff01];

export type DimseAnswer = { readonly kind: 'status'; readonly status: number } | { readonly kind: 'abort' };

/**
 * The final answer to a request in what came so far.
 *
 * @returns undefined while it is not there; never throws on hostile bytes
 */
export function readDimseAnswer(bytes: Buffer): DimseAnswer | undefined {
  for (let at = 0; at + 6 <= bytes.length; ) {
    const end = at + 6 + bytes.readUInt32BE(at + 2);
    if (bytes[at] === ABORT) return { kind: 'abort' };
    if (end > bytes.length) return undefined;
    const status = bytes[at] === DATA ? statusOfPdu(bytes.subarray(at + 6, end)) : undefined;
    if (status !== undefined && !PENDING.includes(status)) return { kind: 'status', status };
    at = end;
  }
  return undefined;
}

/** A command set of a few elements comes in one fragment from every implementation known. */
function statusOfPdu(body: Buffer): number | undefined {
  for (let at = 0; at + 6 <= body.length; ) {
    const end = at + 4 + body.readUInt32BE(at);
    const control = body[at + 5] ?? 0;
    if (end > body.length) return undefined;
    if ((control & COMMAND) !== 0 && (control & LAST) !== 0) return statusOf(body.subarray(at + 6, end));
    at = Math.max(end, at + 6);
  }
  return undefined;
}

function statusOf(command: Buffer): number | undefined {
  for (let at = 0; at + ELEMENT_HEAD <= command.length; ) {
    const length = command.readUInt32LE(at + 4);
    const value = at + ELEMENT_HEAD;
    const isStatus = command.readUInt16LE(at) === 0 && command.readUInt16LE(at + 2) === STATUS;
    if (isStatus && value + 2 <= command.length) return command.readUInt16LE(value);
    at = value + length;
  }
  return undefined;
}
