import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type BlobStore, type Clock, SphinxError, type StateStore } from '@sphinx/platform';
import type { SigningKey } from '@sphinx/platform/signing';
import { type CustodyAction, type CustodyEntry, chainEntry } from './custody.ts';
import type { EvidenceItem, NewEvidence } from './evidence-item.ts';
import type { EvidenceStore } from './evidence-store.ts';

export interface EvidenceDeskParts {
  readonly state: StateStore;
  readonly store: EvidenceStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly key: SigningKey;
}

/** Keeps evidence, and records all that is done with it. */
export class EvidenceDesk {
  readonly #parts: EvidenceDeskParts;

  constructor(parts: EvidenceDeskParts) {
    this.#parts = parts;
  }

  get key(): SigningKey {
    return this.#parts.key;
  }

  /** Keeps a piece of evidence. The same content once more is noted, and kept once. */
  async add(incident: string, evidence: NewEvidence, by: string, action: 'collected' | 'added'): Promise<EvidenceItem> {
    const { sha256, sizeBytes } = await this.#parts.blobs.put(evidence.content);
    return this.keep(incident, { ...evidence, sha256, sizeBytes }, by, action);
  }

  /** Notes evidence whose content is kept already. */
  async keep(
    incident: string,
    evidence: Omit<NewEvidence, 'content'> & Pick<EvidenceItem, 'sha256' | 'sizeBytes'>,
    by: string,
    action: 'collected' | 'added',
  ): Promise<EvidenceItem> {
    const { kind, name, about, mediaType, isMasked, sha256, sizeBytes } = evidence;
    const collectedAt = this.#parts.clock.now();
    const id = `evd_${randomUUID()}`;
    const item = { id, incident, kind, name: safeName(name), about, sha256, sizeBytes, mediaType, isMasked };
    const kept: EvidenceItem = { ...item, collectedAt, collectedBy: by };
    await this.#parts.state.transaction(async (sql) => {
      await this.#parts.store.add(kept, sql);
      const entry = { case: incident, time: collectedAt, actor: by, action, subject: sha256, detail: about };
      await this.#parts.store.addEntry(
        chainEntry(await this.#parts.store.lastEntry(incident, sql), entry, this.#parts.key),
        sql,
      );
    });
    return kept;
  }

  /** Records that somebody did something with evidence, before it is done. */
  async record(
    incident: string,
    action: CustodyAction,
    what: { readonly actor: string; readonly subject: string; readonly detail: string },
  ): Promise<CustodyEntry> {
    const { state, store, clock, key } = this.#parts;
    return state.transaction(async (sql) => {
      const entry = { case: incident, time: clock.now(), action, ...what };
      const chained = chainEntry(await store.lastEntry(incident, sql), entry, key);
      await store.addEntry(chained, sql);
      return chained;
    });
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async get(incident: string, id: string): Promise<EvidenceItem> {
    const item = await this.#parts.store.get(incident, id);
    if (item === undefined) throw new SphinxError('SPX_NOT_FOUND', `This incident has no evidence "${id}".`);
    return item;
  }

  /** @throws SphinxError SPX_BLOB_NOT_FOUND */
  open(item: EvidenceItem): Promise<Readable> {
    return this.#parts.blobs.open(item.sha256);
  }
}

/** @returns a name that is one file in one folder, wherever it is unpacked */
function safeName(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '');
  return plain.slice(-120) || 'evidence';
}
