import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type SigningKey, type TrustedKey, trustedKeyOf } from '@sphinx/platform/signing';
import { type ArchiveHead, FILES, type OpenedEntry, segmentName } from './archive-entry.ts';
import { beginningOf, ChainFile } from './chain-file.ts';
import { type Chain, type ChainedSegment, readChain } from './read-chain.ts';

/** How far archives went, kept apart from them, by folder. */
export interface HeadMemory {
  get(folder: string): Promise<ArchiveHead | undefined>;
  set(folder: string, head: ArchiveHead): Promise<void>;
}

/** An archive that can be gone on with. */
export interface OpenedArchive {
  readonly chain: ChainFile;
  readonly segments: Map<number, ChainedSegment>;
  /** Files of lines in `open` that no entry closes yet. */
  readonly journals: readonly string[];
  /** What an archive that was here before came to; empty where there was none, or it was whole. */
  readonly problem: string;
}

/**
 * Opens the archive in a folder, or begins one. A chain that does not hold, is of another key, or is shorter than it was is left as it
 * is and set aside: a new one begins, whose first entry says so.
 */
export async function openArchive(options: {
  readonly folder: string;
  readonly key: SigningKey;
  readonly memory: HeadMemory;
  readonly now: () => number;
}): Promise<OpenedArchive> {
  const { folder, key, memory, now } = options;
  await makeFolders(folder);
  const remembered = await memory.get(folder);
  const found = await mendedChain(join(folder, FILES.chain), trustedKeyOf(key), remembered);
  const problem = problemOf(found, remembered);
  if (problem === '' && found.opened !== undefined) return goOn(folder, key, found);
  const follows = problem === '' ? null : await setAside(folder, { found, remembered, problem, now: now() });
  const archive = randomBytes(8).toString('hex');
  const chain = await ChainFile.open(folder, key, beginningOf(archive));
  await chain.append({ type: 'opened', key: trustedKeyOf(key), follows }, now());
  await chain.writeHead();
  return { chain, segments: new Map(), journals: await journalsIn(folder, new Set()), problem };
}

/** Cuts off a last entry whose writing was interrupted, which nothing else has heard of. */
async function mendedChain(path: string, key: TrustedKey, remembered: ArchiveHead | undefined): Promise<Chain> {
  const found = await readChain(path, [key]);
  const whole = found.hashes.length - 1;
  if (found.tornBytes === 0 || whole < (remembered?.sequence ?? 0)) return found;
  await truncate(path, found.sizeBytes - found.tornBytes);
  return readChain(path, [key]);
}

function problemOf(found: Chain, remembered: ArchiveHead | undefined): string {
  const [first] = found.problems;
  if (first !== undefined) return `It does not hold: ${first}.`;
  if (remembered === undefined) return '';
  if (found.opened === undefined) return 'It is gone from its folder.';
  if (found.opened.archive !== remembered.archive) return 'Another archive is in its place.';
  if (found.hashes.length < remembered.sequence) {
    return `It was cut: it has ${found.hashes.length} entries, and had ${remembered.sequence}.`;
  }
  return found.hashes[remembered.sequence - 1] === remembered.hash ? '' : 'Its entries are not those that were signed.';
}

async function setAside(
  folder: string,
  parts: { found: Chain; remembered: ArchiveHead | undefined; problem: string; now: number },
): Promise<NonNullable<OpenedEntry['follows']>> {
  const { found, remembered, problem, now } = parts;
  const name = `set-aside-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  for (const file of Object.values(FILES)) {
    await rename(join(folder, file), join(folder, name, file)).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  await makeFolders(folder);
  return {
    archive: remembered?.archive ?? found.opened?.archive ?? '',
    sequence: remembered?.sequence ?? found.hashes.length,
    hash: remembered?.hash ?? found.hashes.at(-1) ?? '',
    reason: problem,
    folder: name,
  };
}

/** Finishes what an interrupted run had begun. */
async function goOn(folder: string, key: SigningKey, found: Chain): Promise<OpenedArchive> {
  const closed = new Set<string>();
  for (const { entry, isDropped } of found.segments.values()) {
    closed.add(entry.journal);
    if (isDropped) await rm(join(folder, FILES.segments, segmentName(entry)), { force: true });
  }
  const names = new Set([...found.segments.values()].map(({ entry }) => segmentName(entry)));
  for (const name of await readdir(join(folder, FILES.open))) {
    const path = join(folder, FILES.open, name);
    if (names.has(name)) await rename(path, join(folder, FILES.segments, name));
    else if (closed.has(name) || !name.endsWith('.jsonl')) await rm(path, { force: true });
  }
  const chain = await ChainFile.open(folder, key, {
    archive: found.opened?.archive ?? '',
    sequence: found.hashes.length,
    hash: found.hashes.at(-1) ?? '',
    time: found.signedAt,
    sizeBytes: found.sizeBytes,
  });
  await chain.writeHead();
  return {
    chain,
    segments: new Map(found.segments),
    journals: await journalsIn(folder, closed),
    problem: '',
  };
}

async function journalsIn(folder: string, closed: ReadonlySet<string>): Promise<readonly string[]> {
  const names = await readdir(join(folder, FILES.open));
  return names.filter((name) => name.endsWith('.jsonl') && !closed.has(name)).sort();
}

async function makeFolders(folder: string): Promise<void> {
  for (const name of [FILES.open, FILES.segments]) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
}
