import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogKind } from '@sphinx/logs';
import type { Logger } from '@sphinx/platform';
import { type SigningKey, type TrustedKey, trustedKeyOf } from '@sphinx/platform/signing';
import { type ArchiveHead, FILES, type SegmentEntry, segmentName } from './archive-entry.ts';
import { type ChainFile, synchronise } from './chain-file.ts';
import { type ArchivedLine, Journal, type JournalContent, kindOfJournal, mendJournal, packJournal } from './journal.ts';
import { type HeadMemory, type OpenedArchive, openArchive } from './open-archive.ts';
import type { ChainedSegment } from './read-chain.ts';

/** Lines that wait for a slow disk, in bytes; what is beyond is lost, and counted. */
const MAXIMUM_PENDING_BYTES = 64_000_000;
/** Segments that one entry says are dropped. */
const DROPPED_AT_ONCE = 1000;
const MILLISECONDS_PER_DAY = 86_400_000;

export interface LogArchiveOptions {
  readonly folder: string;
  readonly key: SigningKey;
  readonly memory: HeadMemory;
  readonly logger: Logger;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** A segment is closed when so much is in it, before packing, or when so much time is over. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
}

export interface ArchiveStatus {
  readonly folder: string;
  readonly keyId: string;
  readonly head: ArchiveHead | null;
  readonly segments: number;
  readonly lines: number;
  readonly sizeBytes: number;
  readonly dropped: { readonly segments: number; readonly lines: number };
  readonly lost: number;
  /** Lines that are kept, and signed when their segment is closed. */
  readonly unsigned: number;
  /** What is wrong; empty where nothing is. */
  readonly problem: string;
}

/** A journal that is to be closed. */
interface Ending extends Pick<SegmentEntry, 'kind' | 'journal' | 'isResumed'> {
  readonly content: () => JournalContent;
  /** SHA-256 of what was written, where this run wrote all of it. */
  readonly written: string | undefined;
}

/**
 * Keeps the lines that came in as they came, so that it can be shown later that none was changed, taken out or put in: segments by
 * kind, each closed with a signed entry that has the hash of the one before.
 */
export class LogArchive {
  readonly #options: LogArchiveOptions;
  readonly #chain: ChainFile;
  readonly #segments: Map<number, ChainedSegment>;
  readonly #journals = new Map<LogKind, Journal>();
  /** Journals that are full and wait to be closed. */
  #ending: Journal[] = [];
  readonly #lost = new Map<LogKind, number>();
  /** What stays wrong. */
  #damage: string;
  /** What goes away when a segment is closed again. */
  #failure = '';
  #work: Promise<void> = Promise.resolve();
  #nextWrite: Promise<void> | undefined;

  private constructor(options: LogArchiveOptions, { chain, segments, problem }: OpenedArchive) {
    this.#options = options;
    this.#chain = chain;
    this.#segments = segments;
    this.#damage = problem === '' ? '' : `The archive of before was set aside. ${problem}`;
  }

  /** Opens the archive in its folder and signs what an interrupted run had gathered. */
  static async open(options: LogArchiveOptions): Promise<LogArchive> {
    const opened = await openArchive(options);
    const archive = new LogArchive(options, opened);
    if (opened.problem !== '') options.logger.error('The archive of logs was set aside', { reason: opened.problem });
    for (const name of opened.journals) await archive.#takeUp(name);
    await archive.#remember();
    return archive;
  }

  /** Takes lines of a kind; they are on the disk when `flush` resolves. */
  take(kind: LogKind, line: ArchivedLine): void {
    const journal = this.#journals.get(kind) ?? this.#begin(kind);
    if (journal.pendingBytes >= MAXIMUM_PENDING_BYTES) {
      this.#lose(kind, 1);
      return;
    }
    journal.add(line);
    if (journal.sizeBytes >= this.#options.segmentBytes) {
      this.#journals.delete(kind);
      this.#ending.push(journal);
    }
  }

  /** Resolves when all that was taken is on the disk, or counted as lost. */
  flush(): Promise<void> {
    this.#nextWrite ??= this.#do(() => {
      this.#nextWrite = undefined;
      return this.#write();
    });
    return this.#nextWrite;
  }

  /** Writes what waits, and closes segments that are large or old enough. */
  tend(): Promise<void> {
    const { now, segmentMs } = this.#options;
    for (const [kind, journal] of this.#journals) {
      if (now() - journal.openedAt < segmentMs) continue;
      this.#journals.delete(kind);
      this.#ending.push(journal);
    }
    return this.#do(() => this.#closeEnding());
  }

  /**
   * Removes segments whose lines all came in longer ago than their kind is kept, and signs what was removed.
   *
   * @returns segments removed
   */
  async drop(retention: readonly { readonly kind: LogKind; readonly days: number }[]): Promise<number> {
    let removed = 0;
    for (const { kind, days } of retention) {
      const end = this.#options.now() - days * MILLISECONDS_PER_DAY;
      const old = [...this.#segments.values()]
        .filter(({ entry, isDropped }) => !isDropped && entry.kind === kind && entry.until < end)
        .map(({ entry }) => entry);
      for (let start = 0; start < old.length; start += DROPPED_AT_ONCE) {
        const batch = old.slice(start, start + DROPPED_AT_ONCE);
        await this.#do(() => this.#drop(kind, days, batch));
        removed += batch.length;
      }
    }
    return removed;
  }

  get keys(): readonly TrustedKey[] {
    return [trustedKeyOf(this.#options.key)];
  }

  status(): ArchiveStatus {
    const all = [...this.#segments.values()];
    const kept = all.filter(({ isDropped }) => !isDropped);
    const dropped = all.filter(({ isDropped }) => isDropped);
    const linesOf = (segments: readonly ChainedSegment[]) => sum(segments.map(({ entry }) => entry.lines));
    return {
      folder: this.#options.folder,
      keyId: this.#options.key.keyId,
      head: this.#chain.head ?? null,
      segments: kept.length,
      lines: linesOf(kept),
      sizeBytes: sum(kept.map(({ entry }) => entry.sizeBytes)),
      dropped: { segments: dropped.length, lines: linesOf(dropped) },
      lost: sum(all.map(({ entry }) => entry.lost)) + sum([...this.#lost.values()]),
      unsigned: sum([...this.#journals.values(), ...this.#ending].map(({ content }) => content.lines)),
      problem: [this.#damage, this.#failure].filter((each) => each !== '').join(' '),
    };
  }

  /** Closes and signs all that is gathered, before its time. */
  seal(): Promise<void> {
    this.#ending.push(...this.#journals.values());
    this.#journals.clear();
    return this.#do(() => this.#closeEnding());
  }

  /** Closes and signs everything. */
  async close(): Promise<void> {
    await this.seal();
    await this.#chain.close();
  }

  #begin(kind: LogKind): Journal {
    const journal = new Journal(join(this.#options.folder, FILES.open), kind, this.#options.now());
    this.#journals.set(kind, journal);
    return journal;
  }

  /** One thing after the other: entries have an order. */
  #do(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(step);
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #write(): Promise<void> {
    for (const journal of [...this.#ending, ...this.#journals.values()]) await this.#writeOne(journal);
  }

  async #writeOne(journal: Journal): Promise<void> {
    const { lost, error } = await journal.write();
    if (error === undefined) return;
    this.#lose(journal.kind, lost);
    this.#fail('Lines could not be written into the archive', error);
  }

  async #closeEnding(): Promise<void> {
    const ending = this.#ending;
    this.#ending = [];
    await this.#write();
    for (const journal of ending) {
      await this.#writeOne(journal);
      try {
        const written = await journal.end();
        await this.#seal({
          kind: journal.kind,
          journal: journal.name,
          isResumed: false,
          content: () => journal.content,
          written,
        });
      } catch (error) {
        this.#fail('A segment of the archive could not be closed', error);
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') this.#lose(journal.kind, journal.content.lines);
        else this.#ending.push(journal);
      }
    }
  }

  async #takeUp(name: string): Promise<void> {
    const { folder, now, logger } = this.#options;
    const kind = kindOfJournal(name);
    if (kind === undefined) return;
    const content = await mendJournal(join(folder, FILES.open, name), now());
    logger.warn('Logs that an interrupted run had gathered are archived', { ...content, kind });
    const ending = { kind, journal: name, isResumed: true, content: () => content, written: undefined };
    await this.#do(() => this.#seal(ending));
  }

  async #seal({ kind, journal, isResumed, content, written }: Ending): Promise<void> {
    const { folder, now, logger } = this.#options;
    const path = join(folder, FILES.open, journal);
    const { lines, from, until } = content();
    if (lines === 0) {
      await rm(path, { force: true });
      return;
    }
    const name = segmentName({ sequence: this.#chain.nextSequence, kind });
    const packed = join(folder, FILES.open, name);
    const { sha256, sizeBytes, contentSha256 } = await packJournal(path, packed);
    await synchronise(join(folder, FILES.open));
    const lost = this.#lost.get(kind) ?? 0;
    const isAltered = written !== undefined && written !== contentSha256;
    const entry = await this.#chain.append(
      { type: 'segment', kind, sha256, sizeBytes, lines, from, until, journal, lost, isResumed, isAltered },
      now(),
    );
    if (lost > 0) this.#lost.set(kind, (this.#lost.get(kind) ?? 0) - lost);
    if (entry.type === 'segment') this.#segments.set(entry.sequence, { entry, isDropped: false });
    this.#failure = '';
    if (isAltered) {
      this.#damage = `${this.#damage} ${name} was changed by somebody else before it was signed.`.trim();
      logger.error('A segment of the archive was changed before it was signed', { name });
    }
    // From here on it is signed: what fails below is made good at the next start.
    await this.#afterEntry(async () => {
      await rename(packed, join(folder, FILES.segments, name));
      await synchronise(join(folder, FILES.segments));
      await rm(path, { force: true });
    });
  }

  async #drop(kind: LogKind, days: number, entries: readonly SegmentEntry[]): Promise<void> {
    const { folder, now } = this.#options;
    await this.#chain.append(
      {
        type: 'dropped',
        kind,
        days,
        segments: entries.map(({ sequence, sha256 }) => ({ sequence, sha256 })),
        lines: sum(entries.map(({ lines }) => lines)),
        from: Math.min(...entries.map(({ from }) => from)),
        until: Math.max(...entries.map(({ until }) => until)),
      },
      now(),
    );
    for (const entry of entries) this.#segments.set(entry.sequence, { entry, isDropped: true });
    await this.#afterEntry(async () => {
      for (const entry of entries) await rm(join(folder, FILES.segments, segmentName(entry)), { force: true });
    });
  }

  async #afterEntry(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      await this.#chain.writeHead();
      await this.#remember();
    } catch (error) {
      this.#fail('The archive could not be tidied', error);
    }
  }

  async #remember(): Promise<void> {
    const { head } = this.#chain;
    if (head !== undefined) await this.#options.memory.set(this.#options.folder, head);
  }

  #lose(kind: LogKind, lines: number): void {
    this.#lost.set(kind, (this.#lost.get(kind) ?? 0) + lines);
  }

  #fail(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const failure = `${what}: ${reason}.`;
    // What fails is tried again every second: it is told once.
    if (failure !== this.#failure) this.#options.logger.error(what, { error: reason });
    this.#failure = failure;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
