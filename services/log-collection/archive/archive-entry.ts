import { createHash } from 'node:crypto';
import { LogKind } from '@sphinx/logs';
import {
  canonicalJson,
  DsseEnvelope,
  openEnvelope,
  type SigningKey,
  signEnvelope,
  TrustedKey,
} from '@sphinx/platform/signing';
import { z } from 'zod';

const ENTRY_TYPE = 'application/vnd.sphinx.log-archive+json';
const HEAD_TYPE = 'application/vnd.sphinx.log-archive-head+json';
/** Hash before the first entry of every archive. */
export const GENESIS = createHash('sha256').update('sphinx-log-archive-v1').digest('hex');

/** What stands where in the folder of an archive. */
export const FILES = { chain: 'chain.jsonl', head: 'head.json', open: 'open', segments: 'segments' } as const;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Milliseconds since the Unix epoch. */
const Time = z.int().nonnegative();
const Count = z.int().nonnegative();
const Place = {
  /** Id of the archive. */
  archive: z.string().min(1).max(100),
  /** From 1, without gaps. */
  sequence: z.int().positive(),
  /** SHA-256 of the entry before. */
  previous: Sha256,
  /** When it was signed. */
  time: Time,
};

/** An archive begins. */
const OpenedEntry = z.strictObject({
  ...Place,
  type: z.literal('opened'),
  /** With which all of it is signed. */
  key: TrustedKey,
  /** The archive that was in its folder before, and why that was not gone on with. */
  follows: z
    .strictObject({ archive: z.string(), sequence: Count, hash: z.string(), reason: z.string(), folder: z.string() })
    .nullable(),
});

/** A segment is closed. */
const SegmentEntry = z.strictObject({
  ...Place,
  type: z.literal('segment'),
  kind: LogKind,
  /** Of the packed file. */
  sha256: Sha256,
  sizeBytes: Count,
  lines: Count,
  /** When its first and its last line came in. */
  from: Time,
  until: Time,
  /** Name of the file in which its lines were gathered. */
  journal: z.string().max(100),
  /** Lines of this kind that came in since the segment before and could not be written: the disk was full, or too slow. */
  lost: Count,
  /** The run that gathered it was interrupted: what stood in the file until now was not signed. */
  isResumed: z.boolean(),
  /** The file was changed by somebody else while it was gathered. */
  isAltered: z.boolean(),
});

/** Segments were removed, as they were older than their kind is kept. */
const DroppedEntry = z.strictObject({
  ...Place,
  type: z.literal('dropped'),
  kind: LogKind,
  /** For how long their kind was kept. */
  days: z.int().positive(),
  segments: z.array(z.strictObject({ sequence: z.int().positive(), sha256: Sha256 })).min(1),
  lines: Count,
  from: Time,
  until: Time,
});

/** One signed statement of an archive; each has the hash of the one before. */
export const ArchiveEntry = z.discriminatedUnion('type', [OpenedEntry, SegmentEntry, DroppedEntry]);
export type ArchiveEntry = z.infer<typeof ArchiveEntry>;
export type OpenedEntry = z.infer<typeof OpenedEntry>;
export type SegmentEntry = z.infer<typeof SegmentEntry>;
export type DroppedEntry = z.infer<typeof DroppedEntry>;

type Unplaced<Entry> = Entry extends unknown ? Omit<Entry, keyof typeof Place> : never;
/** An entry before it has its place in the chain. */
export type NewEntry = Unplaced<ArchiveEntry>;

/** How far an archive goes. */
export const ArchiveHead = z.strictObject({
  archive: Place.archive,
  sequence: z.int().positive(),
  hash: Sha256,
  time: Time,
});
export type ArchiveHead = z.infer<typeof ArchiveHead>;

/** @returns the line of the chain with its hash, which is that of the signed bytes */
export function signEntry(entry: ArchiveEntry, key: SigningKey): { readonly line: string; readonly hash: string } {
  const payload = Buffer.from(canonicalJson(entry));
  return { line: JSON.stringify(signEnvelope(ENTRY_TYPE, payload, key)), hash: hashOf(payload) };
}

/** @returns the content of the file that says how far the archive goes */
export function signHead(head: ArchiveHead, key: SigningKey): string {
  return JSON.stringify(signEnvelope(HEAD_TYPE, Buffer.from(canonicalJson(head)), key));
}

export type OpenedStatement<Statement> =
  | { readonly statement: Statement; readonly hash: string; readonly keyId: string }
  | { readonly problem: string };

/** @returns an entry, only when a key of those signed exactly these bytes. Never throws */
export function openEntry(line: Uint8Array, keys: readonly TrustedKey[]): OpenedStatement<ArchiveEntry> {
  return openStatement(line, ENTRY_TYPE, ArchiveEntry, keys);
}

/** @returns how far the archive goes, only when a key of those signed exactly these bytes. Never throws */
export function openHead(content: Uint8Array, keys: readonly TrustedKey[]): OpenedStatement<ArchiveHead> {
  return openStatement(content, HEAD_TYPE, ArchiveHead, keys);
}

/** @returns the key that a first entry names, whether it is to be believed or not */
export function keyNamedIn(line: Uint8Array): TrustedKey | undefined {
  const envelope = DsseEnvelope.safeParse(parse(line));
  if (!envelope.success) return undefined;
  const entry = OpenedEntry.safeParse(parse(Buffer.from(envelope.data.payload, 'base64')));
  return entry.success ? entry.data.key : undefined;
}

/** @returns name of the file of a segment */
export function segmentName({ sequence, kind }: Pick<SegmentEntry, 'sequence' | 'kind'>): string {
  return `${String(sequence).padStart(8, '0')}-${kind}.jsonl.gz`;
}

function openStatement<Statement>(
  bytes: Uint8Array,
  type: string,
  schema: z.ZodType<Statement>,
  keys: readonly TrustedKey[],
): OpenedStatement<Statement> {
  const envelope = DsseEnvelope.safeParse(parse(bytes));
  if (!envelope.success) return { problem: 'It is no signed statement.' };
  const { payloadType, payload, signatures } = envelope.data;
  const [signature] = signatures;
  // One way to write it: no byte may hide between the members.
  const plain = JSON.stringify({
    payloadType,
    payload,
    signatures: [{ keyid: signature?.keyid, sig: signature?.sig }],
  });
  if (!Buffer.from(plain).equals(bytes)) return { problem: 'It is not written as it was signed.' };
  const opened = openEnvelope(envelope.data, type, keys);
  if (opened.status !== 'verified') return { problem: opened.reason };
  const statement = schema.safeParse(parse(opened.payload));
  if (!statement.success) return { problem: 'It is signed, but says nothing that this version understands.' };
  return { statement: statement.data, hash: hashOf(opened.payload), keyId: opened.keyId };
}

function hashOf(payload: Uint8Array): string {
  return createHash('sha256').update(payload).digest('hex');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
