import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrustedKey } from '@sphinx/platform/signing';
import { type ArchiveHead, FILES, openHead, segmentName } from './archive-entry.ts';
import { digestOf } from './digest.ts';
import { type Chain, readChain } from './read-chain.ts';

const MAXIMUM_PROBLEMS = 200;

/** What a look at an archive found. */
export interface ArchiveCheck {
  readonly isIntact: boolean;
  /** Everything that does not hold, in words. */
  readonly problems: readonly string[];
  /** What holds, but should be known. */
  readonly remarks: readonly string[];
  readonly archive: string | null;
  /** SHA-256 of the key that signed it; compare it with what the hospital published. */
  readonly keyId: string | null;
  /** The key is one that whoever checks brought along. */
  readonly isKeyTrusted: boolean;
  /** How far it goes; `hash` is what to note for a later check. */
  readonly head: ArchiveHead | null;
  readonly segments: number;
  readonly lines: number;
  readonly sizeBytes: number;
  /** What was removed as the retention says; signed. */
  readonly dropped: { readonly segments: number; readonly lines: number };
  /** Lines that could not be written; signed. */
  readonly lost: number;
  /** What is gathered and not signed yet: about it nothing can be said. */
  readonly unsigned: { readonly files: number; readonly sizeBytes: number };
}

export interface CheckOptions {
  /** Keys that are known to be the hospital's; without, the key in the archive is used, and its id told. */
  readonly trusted?: readonly TrustedKey[] | undefined;
  /** Hash of an entry that was noted before, and must still be in it. */
  readonly notedHash?: string | undefined;
}

/**
 * Checks an archive of logs offline: every entry of the chain is signed and follows the one before, the chain goes as far as the signed
 * head says, every segment that was not dropped is there byte for byte, and none that does not belong. Never throws for what is in
 * the folder. One that is being written can be checked too.
 *
 * @param folder of the archive
 */
export async function checkArchive(folder: string, options: CheckOptions = {}): Promise<ArchiveCheck> {
  try {
    const first = await checkOnce(folder, options);
    if (first.isIntact) return first;
    // A segment may have been closed or dropped in between: what is really wrong stays so.
    const second = await checkOnce(folder, options);
    return second.isIntact || second.head?.sequence === first.head?.sequence
      ? second
      : await checkOnce(folder, options);
  } catch (error) {
    return broken(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function checkOnce(folder: string, { trusted, notedHash }: CheckOptions): Promise<ArchiveCheck> {
  for (const name of [FILES.head, FILES.chain]) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && !found.isFile()) return broken(`${name} is no file`);
  }
  // The head is read first: while the archive is written, the chain is never shorter than it.
  const headBytes = await readFile(join(folder, FILES.head)).catch(() => undefined);
  const chain = await readChain(join(folder, FILES.chain), trusted);
  if (chain.hashes.length === 0) return broken('there is no chain of entries in it: it is no archive of logs');
  const problems = [...chain.problems];
  const head = headBytes === undefined ? undefined : openHead(headBytes, chain.keys);
  problems.push(...headProblems(head, chain));
  if (notedHash !== undefined && !chain.hashes.includes(notedHash)) {
    problems.push('it does not hold the entry that was noted before: it was cut, or is another archive');
  }
  const found = await checkSegments(folder, chain);
  problems.push(...found.problems);
  const kept = [...chain.segments.values()].filter(({ isDropped }) => !isDropped);
  return {
    isIntact: problems.length === 0,
    problems: problems.slice(0, MAXIMUM_PROBLEMS),
    remarks: remarksOf(chain),
    archive: chain.opened?.archive ?? null,
    keyId: chain.keys.length === 1 ? (chain.keys[0]?.keyid ?? null) : (chain.opened?.key.keyid ?? null),
    isKeyTrusted: trusted !== undefined && problems.length === 0,
    head: headOf(chain),
    segments: kept.length,
    lines: sum(kept.map(({ entry }) => entry.lines)),
    sizeBytes: sum(kept.map(({ entry }) => entry.sizeBytes)),
    dropped: {
      segments: sum(chain.dropped.map(({ segments }) => segments.length)),
      lines: sum(chain.dropped.map(({ lines }) => lines)),
    },
    lost: sum([...chain.segments.values()].map(({ entry }) => entry.lost)),
    unsigned: found.unsigned,
  };
}

function headProblems(head: ReturnType<typeof openHead> | undefined, chain: Chain): readonly string[] {
  if (head === undefined) return [`${FILES.head}, which says how far the archive goes, is missing`];
  if ('problem' in head) return [`${FILES.head} does not hold: ${head.problem}`];
  const { archive, sequence, hash } = head.statement;
  if (archive !== chain.opened?.archive) return [`${FILES.head} is of another archive`];
  if (chain.hashes.length < sequence) {
    return [`the chain was cut: it has ${chain.hashes.length} entries, and ${sequence} were signed`];
  }
  return chain.hashes[sequence - 1] === hash ? [] : [`entry ${sequence} is not the one that ${FILES.head} names`];
}

async function checkSegments(folder: string, chain: Chain) {
  const problems: string[] = [];
  const expected = new Set<string>();
  for (const { entry, isDropped } of chain.segments.values()) {
    const name = segmentName(entry);
    expected.add(name);
    if (isDropped) {
      // It may be there still for a moment; then it has to be what it was.
      const left = await digestOf(join(folder, FILES.segments, name));
      if (left !== undefined && left.sha256 !== entry.sha256) problems.push(`${name} was changed`);
      continue;
    }
    if (entry.isAltered) problems.push(`${name} was changed by somebody else before it was signed`);
    const digest =
      (await digestOf(join(folder, FILES.segments, name))) ?? (await digestOf(join(folder, FILES.open, name)));
    if (digest === undefined) problems.push(`${name} is missing`);
    else if (digest.sha256 !== entry.sha256 || digest.sizeBytes !== entry.sizeBytes) {
      problems.push(`${name} was changed`);
    }
  }
  for (const name of await namesIn(join(folder, FILES.segments))) {
    if (!expected.has(name)) problems.push(`${name} is not in the chain: it was put in`);
  }
  return { problems, unsigned: await unsignedIn(join(folder, FILES.open), chain) };
}

async function unsignedIn(folder: string, chain: Chain) {
  const closed = new Set([...chain.segments.values()].map(({ entry }) => entry.journal));
  let files = 0;
  let sizeBytes = 0;
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.jsonl') || closed.has(name)) continue;
    files++;
    sizeBytes += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
  }
  return { files, sizeBytes };
}

function remarksOf({ opened, segments }: Chain): readonly string[] {
  const remarks: string[] = [];
  if (opened?.follows != null) {
    const { archive, sequence, reason, folder } = opened.follows;
    const place = folder === '' ? '' : `, set aside as ${folder}`;
    remarks.push(`It follows archive ${archive} with ${sequence} entries${place}: ${reason}`);
  }
  const resumed = [...segments.values()].filter(({ entry }) => entry.isResumed).length;
  if (resumed > 0) {
    remarks.push(
      `Gathered by a run that was interrupted, and signed by the next: ${resumed} ${resumed === 1 ? 'segment' : 'segments'}.`,
    );
  }
  return remarks;
}

function headOf({ opened, hashes, signedAt }: Chain): ArchiveHead | null {
  const hash = hashes.at(-1);
  if (opened === undefined || hash === undefined || hash === '') return null;
  return { archive: opened.archive, sequence: hashes.length, hash, time: signedAt };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function broken(problem: string): ArchiveCheck {
  return {
    isIntact: false,
    problems: [problem],
    remarks: [],
    archive: null,
    keyId: null,
    isKeyTrusted: false,
    head: null,
    segments: 0,
    lines: 0,
    sizeBytes: 0,
    dropped: { segments: 0, lines: 0 },
    lost: 0,
    unsigned: { files: 0, sizeBytes: 0 },
  };
}
