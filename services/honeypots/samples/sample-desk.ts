import { join } from 'node:path';
import type { Logger } from '@sphinx/platform';
import { FileScanner, readYaraSources } from '@sphinx/rules/yara';
import type { Sample } from '../sessions/session.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { Quarantine } from './quarantine.ts';
import { sampleKind } from './sample-kind.ts';

export interface SampleDeskParts {
  readonly store: SessionStore;
  readonly quarantine: Quarantine;
  readonly knowledgeFolder: string;
  readonly logger: Logger;
  readonly fail: (error: unknown) => void;
}

/** Takes what strangers left behind: sealed into the quarantine, scanned with the rules for files, never run. */
export class SampleDesk {
  readonly #parts: SampleDeskParts;
  #scanner: FileScanner | undefined;

  constructor(parts: SampleDeskParts) {
    this.#parts = parts;
  }

  async take(session: string, name: string, content: Uint8Array, now: number): Promise<Sample> {
    const { store, quarantine } = this.#parts;
    const { sha256, blob, bytes } = await quarantine.keep(content);
    const known = await store.sample(sha256);
    if (known !== undefined) await quarantine.remove(blob);
    const rules = known?.rules ?? (await this.#scan(sha256, content));
    const sample = { sha256, name, bytes, kind: sampleKind(content), rules };
    await store.saveSample({ ...sample, blob: known?.blob ?? blob }, session, now);
    return sample;
  }

  async close(): Promise<void> {
    await this.#scanner?.close();
  }

  async #scan(sha256: string, content: Uint8Array): Promise<Sample['rules']> {
    const scanner = await this.#open();
    const matches = (await scanner.scan(sha256, content, true)) ?? [];
    return matches.map(({ rule, title, severity }) => ({ rule, title, severity }));
  }

  /** The rules are compiled when the first sample comes: most decoys never get one. */
  async #open(): Promise<FileScanner> {
    if (this.#scanner !== undefined) return this.#scanner;
    const { knowledgeFolder, logger, fail } = this.#parts;
    const sources = await readYaraSources([join(knowledgeFolder, 'yara')]);
    const scanner = new FileScanner(sources, fail);
    this.#scanner = scanner;
    for (const { name, reason } of await scanner.ready) logger.warn('YARA rules are not in force', { name, reason });
    return scanner;
  }
}
