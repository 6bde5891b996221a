import { randomUUID } from 'node:crypto';
import { type Clock, SphinxError } from '@sphinx/platform';
import type { Asset, ReportedModel, Verification } from '@sphinx/schema';
import { type DocumentStore, subjectOfAsset } from '../documents/document-store.ts';
import { evidenceDigest } from '../evidence-digest.ts';
import type { VerificationKnowledge } from '../knowledge/load-knowledge.ts';
import type { VerificationStore } from '../store.ts';
import { policyKeyOf, verifyAsset } from '../verify-asset.ts';
import { assetOfCandidate, type Candidate, type NewCandidate } from './candidate.ts';
import type { CandidateStore } from './candidate-store.ts';

/**
 * Judges products before they are bought, on documents alone. Their verdicts are shown to who asks and are no facts of the
 * house: there is no device that anything could follow for.
 */
export class Candidates {
  readonly #store: VerificationStore;
  readonly #candidates: CandidateStore;
  readonly #documents: DocumentStore;
  readonly #knowledge: VerificationKnowledge;
  readonly #clock: Clock;
  readonly #onChange: (payload: object) => void;

  constructor(options: {
    store: VerificationStore;
    candidates: CandidateStore;
    documents: DocumentStore;
    knowledge: VerificationKnowledge;
    clock: Clock;
    onChange: (payload: object) => void;
  }) {
    this.#store = options.store;
    this.#candidates = options.candidates;
    this.#documents = options.documents;
    this.#knowledge = options.knowledge;
    this.#clock = options.clock;
    this.#onChange = options.onChange;
  }

  /** Takes a product in and judges it on the documents that are there already. */
  async add(fields: NewCandidate, createdBy: string): Promise<{ candidate: Candidate; verification: Verification }> {
    const candidate: Candidate = { ...fields, id: `cnd_${randomUUID()}`, createdAt: this.#clock.now(), createdBy };
    await this.#candidates.add(candidate);
    return { candidate, verification: await this.review(candidate, createdBy) };
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async get(id: string): Promise<{ candidate: Candidate; verification: Verification }> {
    const candidate = await this.#candidates.get(id);
    if (candidate === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no candidate ${id}.`);
    const latest = await this.#store.latest(id);
    return { candidate, verification: latest?.verification ?? (await this.review(candidate, undefined)) };
  }

  /** Judges a product again; nothing is stored where neither documents nor knowledge changed. */
  async review(candidate: Candidate, startedBy: string | undefined): Promise<Verification> {
    const asset: Asset = assetOfCandidate(candidate);
    const documents = await this.#documents.of(subjectOfAsset(asset));
    const policyKey = policyKeyOf(asset, this.#knowledge);
    const latest = await this.#store.latest(candidate.id);
    if (latest?.policyKey === policyKey && latest.verification.evidenceDigest === evidenceDigest(asset, documents)) {
      return latest.verification;
    }
    const verification = verifyAsset(asset, this.#knowledge, this.#clock.now(), {
      occasion: 'before-purchase',
      ...(startedBy === undefined ? {} : { startedBy }),
      documents,
      run: randomUUID(),
    });
    await this.#store.transaction((sql) => this.#store.saveVerification(verification, policyKey, sql, true));
    this.#onChange({ candidateId: candidate.id, verdict: verification.verdict });
    return verification;
  }

  async reviewModel({ manufacturer, model }: ReportedModel): Promise<void> {
    for (const candidate of await this.#candidates.ofModel(manufacturer, model))
      await this.review(candidate, undefined);
  }

  async reviewAll(): Promise<void> {
    for (const candidate of await this.#candidates.all()) await this.review(candidate, undefined);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async remove(id: string): Promise<void> {
    if (!(await this.#candidates.remove(id))) throw new SphinxError('SPX_NOT_FOUND', `There is no candidate ${id}.`);
    this.#onChange({ candidateId: id });
  }
}
