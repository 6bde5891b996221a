import type { ServiceOf } from '../../decoys/persona.ts';

// The pipe `srvsvc` over which shares are listed: connection-oriented DCE/RPC (C706 §12.6.3, §12.6.4) with NetrShareEnum
// ([MS-SRVS] 3.1.4.8), both in little endian.

const BIND = 11;
const BIND_ACK = 12;
const ALTER = 14;
const ALTER_ACK = 15;
const REQUEST = 0;
const RESPONSE = 2;
const FAULT = 3;
const HEADER_BYTES = 24;
const SHARE_ENUM = 15;
const OPERATION_OUT_OF_RANGE = 0x1c01_0002;
const MAXIMUM_FRAGMENT = 4280;
const MAXIMUM_CONTEXTS = 8;
const DISK = 0;
const PIPE = 0x8000_0003;
/** NDR, version 2: 8a885d04-1ceb-11c9-9fe8-08002b104860. */
const NDR = Buffer.from('045d888aeb1cc9119fe808002b10486002000000', 'hex');
const ADDRESS = Buffer.from('\\PIPE\\srvsvc\0', 'latin1');

/** @returns what the pipe answers to one PDU; empty where it says nothing */
export function answerPipe(bytes: Buffer, shares: ServiceOf<'smb'>['shares']): Buffer {
  if (bytes.length < HEADER_BYTES || bytes[0] !== 5) return Buffer.alloc(0);
  const type = bytes[2] ?? 0;
  const call = bytes.readUInt32LE(12);
  if (type === BIND || type === ALTER) return bindAck(bytes, type === BIND ? BIND_ACK : ALTER_ACK, call);
  if (type !== REQUEST) return Buffer.alloc(0);
  const context = bytes.readUInt16LE(20);
  const operation = bytes.readUInt16LE(22);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(context, 4);
  if (operation !== SHARE_ENUM) {
    const status = Buffer.alloc(8);
    status.writeUInt32LE(OPERATION_OUT_OF_RANGE, 0);
    return pdu(FAULT, call, head, status);
  }
  const stub = shareList(shares);
  head.writeUInt32LE(stub.length, 0);
  return pdu(RESPONSE, call, head, stub);
}

function bindAck(bytes: Buffer, type: number, call: number): Buffer {
  const results: Buffer[] = [];
  const count = Math.min(bytes[HEADER_BYTES] ?? 0, MAXIMUM_CONTEXTS);
  for (let at = HEADER_BYTES + 4; results.length < count && at + 44 <= bytes.length; ) {
    const isNdr = bytes.subarray(at + 24, at + 44).equals(NDR);
    const result = Buffer.alloc(24);
    if (isNdr) NDR.copy(result, 4);
    else result.writeUInt32LE(0x0002_0002, 0);
    results.push(result);
    at += 24 + 20 * Math.max(1, bytes[at + 2] ?? 1);
  }
  const head = Buffer.alloc(8);
  head.writeUInt16LE(MAXIMUM_FRAGMENT, 0);
  head.writeUInt16LE(MAXIMUM_FRAGMENT, 2);
  head.writeUInt32LE(0x53f0, 4);
  const address = Buffer.alloc(2 + ADDRESS.length);
  address.writeUInt16LE(ADDRESS.length, 0);
  ADDRESS.copy(address, 2);
  const filler = Buffer.alloc((4 - (address.length % 4)) % 4);
  return pdu(type, call, head, address, filler, Buffer.from([results.length, 0, 0, 0]), ...results);
}

/** SHARE_INFO_1 of every share and of the pipe share itself. */
function shareList(shares: ServiceOf<'smb'>['shares']): Buffer {
  const all = [
    ...shares.map(({ name, comment }) => ({ name, comment, type: DISK })),
    { name: 'IPC$', comment: 'Remote IPC', type: PIPE },
  ];
  const entries = all.map(({ type }, index) => {
    const entry = Buffer.alloc(12);
    entry.writeUInt32LE(0x0002_0010 + index * 8, 0);
    entry.writeUInt32LE(type, 4);
    entry.writeUInt32LE(0x0002_0014 + index * 8, 8);
    return entry;
  });
  const texts = all.flatMap(({ name, comment }) => [wide(name), wide(comment)]);
  const head = longs(1, 1, 0x0002_0000, all.length, 0x0002_0004, all.length);
  return Buffer.concat([head, ...entries, ...texts, longs(all.length, 0, 0)]);
}

/** A string with its counts (C706 §14.3.4.2), up to the next multiple of four. */
function wide(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`, 'utf16le');
  const count = bytes.length / 2;
  return Buffer.concat([longs(count, 0, count), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

function pdu(type: number, call: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.from([5, 0, type, 3, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16LE(16 + body.length, 8);
  head.writeUInt32LE(call, 12);
  return Buffer.concat([head, body]);
}
