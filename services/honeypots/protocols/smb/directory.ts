import type { FileNode } from '../shell/file-system.ts';
import { sizeOf } from '../shell/file-system.ts';
import { fileTime } from './messages.ts';

const DIRECTORY = 0x10;
const ARCHIVE = 0x20;
const BLOCK = 4096;
/** Class of information → bytes before the name ([MS-FSCC] 2.4.8, .10, .14, .17, .18). */
const HEADS: Readonly<Record<number, number>> = { 1: 64, 2: 68, 3: 94, 37: 104, 38: 80 };

export function attributesOf(node: FileNode): number {
  return node.isFolder ? DIRECTORY : ARCHIVE;
}

export function allocated(node: FileNode): bigint {
  return node.isFolder ? 0n : BigInt(Math.ceil(sizeOf(node) / BLOCK) * BLOCK);
}

/** Four times of a file, then what it takes and how long it is. */
export function writeTimes(target: Buffer, at: number, node: FileNode): void {
  for (let index = 0; index < 4; index += 1) target.writeBigUInt64LE(fileTime(node.changed), at + index * 8);
}

export function endOf(node: FileNode): bigint {
  return node.isFolder ? 0n : BigInt(sizeOf(node));
}

/** @returns entries of a listing as the client wants them, as many as fit; undefined where the class is not known */
export function listing(
  entries: readonly (readonly [string, FileNode])[],
  kind: number,
  limit: number,
): Buffer | undefined {
  const headBytes = HEADS[kind];
  if (headBytes === undefined) return undefined;
  const parts: Buffer[] = [];
  let length = 0;
  for (const [name, node] of entries) {
    const entry = entryOf(name, node, kind, headBytes);
    if (length + entry.length > limit) break;
    parts.push(entry);
    length += entry.length;
  }
  parts.at(-1)?.writeUInt32LE(0, 0);
  return Buffer.concat(parts);
}

function entryOf(name: string, node: FileNode, kind: number, headBytes: number): Buffer {
  const bytes = Buffer.from(name, 'utf16le');
  const padded = Math.ceil((headBytes + bytes.length) / 8) * 8;
  const entry = Buffer.alloc(padded);
  entry.writeUInt32LE(padded, 0);
  writeTimes(entry, 8, node);
  entry.writeBigUInt64LE(endOf(node), 40);
  entry.writeBigUInt64LE(allocated(node), 48);
  entry.writeUInt32LE(attributesOf(node), 56);
  entry.writeUInt32LE(bytes.length, 60);
  if (kind === 37) entry.writeBigUInt64LE(idOf(name), 96);
  if (kind === 38) entry.writeBigUInt64LE(idOf(name), 72);
  bytes.copy(entry, headBytes);
  return entry;
}

function idOf(name: string): bigint {
  let id = 7n;
  for (const character of name) id = (id * 31n + BigInt(character.codePointAt(0) ?? 0)) & 0xffff_ffffn;
  return id;
}
