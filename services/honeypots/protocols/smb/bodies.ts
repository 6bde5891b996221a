import type { FileNode } from '../shell/file-system.ts';
import { allocated, attributesOf, endOf, writeTimes } from './directory.ts';
import { HEADER_BYTES } from './messages.ts';

// Bodies of answers of SMB 2 about files ([MS-SMB2] 2.2).

/** 2.2.14 @param id of the open file */
export function createBody(id: number, node: FileNode, isMade: boolean): Buffer {
  const body = Buffer.alloc(88);
  body.writeUInt16LE(89, 0);
  body.writeUInt32LE(isMade ? 2 : 1, 4);
  writeTimes(body, 8, node);
  body.writeBigUInt64LE(allocated(node), 40);
  body.writeBigUInt64LE(endOf(node), 48);
  body.writeUInt32LE(attributesOf(node), 56);
  body.writeUInt32LE(id, 64);
  body.writeUInt32LE(id, 72);
  return body;
}

/** What somebody asks of a file (type 1) or of the volume (type 2): [MS-FSCC] 2.4 and 2.5. */
export function informationOf(node: FileNode, type: number, kind: number): Buffer | undefined {
  if (type === 2 && (kind === 3 || kind === 7)) {
    const size = Buffer.alloc(kind === 3 ? 24 : 32);
    size.writeBigUInt64LE(52_428_800n, 0);
    size.writeBigUInt64LE(11_534_336n, 8);
    if (kind === 7) size.writeBigUInt64LE(11_534_336n, 16);
    size.writeUInt32LE(8, kind === 3 ? 16 : 24);
    size.writeUInt32LE(512, kind === 3 ? 20 : 28);
    return size;
  }
  if (type !== 1) return undefined;
  const basic = Buffer.alloc(40);
  writeTimes(basic, 0, node);
  basic.writeUInt32LE(attributesOf(node), 32);
  const standard = Buffer.alloc(24);
  standard.writeBigUInt64LE(allocated(node), 0);
  standard.writeBigUInt64LE(endOf(node), 8);
  standard.writeUInt32LE(1, 16);
  standard[21] = node.isFolder ? 1 : 0;
  if (kind === 4) return basic;
  if (kind === 5) return standard;
  if (kind === 6) return Buffer.alloc(8, 1);
  if (kind === 18) return Buffer.concat([basic, standard, Buffer.alloc(8, 1), Buffer.alloc(28)]);
  if (kind !== 34) return undefined;
  const network = Buffer.alloc(56);
  writeTimes(network, 0, node);
  network.writeBigUInt64LE(allocated(node), 32);
  network.writeBigUInt64LE(endOf(node), 40);
  network.writeUInt32LE(attributesOf(node), 48);
  return network;
}

/** 2.2.20 */
export function readBody(data: Buffer): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(17, 0);
  body[2] = HEADER_BYTES + 16;
  body.writeUInt32LE(data.length, 4);
  return Buffer.concat([body, data]);
}

/** 2.2.22 */
export function writeBody(length: number): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(17, 0);
  body.writeUInt32LE(length, 4);
  return body;
}

/** Answers that are a buffer and nothing else: 2.2.34, 2.2.38. */
export function withBuffer(bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(9, 0);
  head.writeUInt16LE(HEADER_BYTES + 8, 2);
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}
