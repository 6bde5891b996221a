import type { Clock, Logger, Outbox } from '@sphinx/platform';
import { SphinxError } from '@sphinx/platform';
import {
  type Asset,
  type CertificateRecord,
  createFact,
  type Fact,
  type FactType,
  type ReportSubject,
  type Verification,
  type VerificationOccasion,
} from '@sphinx/schema';
import type { Candidates } from './candidates/candidates.ts';
import type { CertificateDesk } from './certificate-desk.ts';
import { type Declared, type DocumentStore, subjectOfAsset } from './documents/document-store.ts';
import { evidenceDigest } from './evidence-digest.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import type { VerificationStore } from './store.ts';
import { occasionOf, policyKeyOf, verifyAsset } from './verify-asset.ts';

/** What verification listens to. */
export const CONSUMED_FACTS = [
  'asset.discovered',
  'asset.updated',
  'asset.merged',
  'asset.removed',
  'verification.requested',
  'software.listed',
  'security-form.stated',
  'source.removed',
  'weakness.found',
  'weakness.changed',
  'weakness.closed',
] as const satisfies readonly FactType[];

type ConsumedFact = Fact<(typeof CONSUMED_FACTS)[number]>;

/** Why an asset is looked at: new facts (skipped when nothing material changed), the calendar, or somebody's wish. */
type Run =
  | { readonly kind: 'evidence' }
  | { readonly kind: 'review' }
  | { readonly kind: 'renewal'; readonly id: string }
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly occasion?: VerificationOccasion | undefined;
      readonly startedBy: string;
      readonly because?: string | undefined;
    };

/** Occasions on which a device comes back: it is compared with what it was before it left. */
const RETURNS: ReadonlySet<VerificationOccasion> = new Set(['return-from-repair', 'after-incident']);
/** Once it is back it is judged by itself within seconds; what was certified on that day is not what it was before. */
const SETTLING_MS = 86_400_000;

/** What a person asks for. */
export interface VerificationRequest {
  readonly assetId: string;
  readonly id: string;
  readonly startedBy: string;
  readonly occasion?: VerificationOccasion | undefined;
  /** Why, in words; empty where nothing is said. */
  readonly because?: string;
  readonly declared?: readonly Declared[];
}

/**
 * Decides when to verify, keeps verdicts and certificates in step, and tells the others. What is decided is stored together
 * with the facts that tell it (an outbox), so a crash in between loses nothing. One asset change at a time.
 */
export class Verifier {
  readonly #store: VerificationStore;
  readonly #documents: DocumentStore;
  readonly #candidates: Candidates;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #knowledge: VerificationKnowledge;
  readonly #desk: CertificateDesk;
  readonly #onChange: (topic: 'verifications' | 'certificates', payload: object) => void;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: {
    store: VerificationStore;
    documents: DocumentStore;
    candidates: Candidates;
    outbox: Outbox;
    clock: Clock;
    logger: Logger;
    knowledge: VerificationKnowledge;
    desk: CertificateDesk;
    onChange: (topic: 'verifications' | 'certificates', payload: object) => void;
  }) {
    this.#store = options.store;
    this.#documents = options.documents;
    this.#candidates = options.candidates;
    this.#outbox = options.outbox;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#knowledge = options.knowledge;
    this.#desk = options.desk;
    this.#onChange = options.onChange;
  }

  /** Takes facts in their order. Of several snapshots of one asset in a row only the last is judged. */
  handle(facts: readonly ConsumedFact[]): Promise<void> {
    return this.#serially(async () => {
      for (const [index, fact] of facts.entries()) {
        if (
          isSnapshot(fact) &&
          facts.slice(index + 1).find((later) => later.key === fact.key)?.type === 'asset.updated'
        ) {
          continue;
        }
        await this.#handleOne(fact);
      }
      await this.#outbox.publish();
    });
  }

  /**
   * Judges one asset at once because somebody asks, and keeps what that person declares.
   *
   * @throws SphinxError SPX_NOT_FOUND for an asset that was never seen
   */
  request({
    assetId,
    id,
    startedBy,
    occasion,
    because = '',
    declared = [],
  }: VerificationRequest): Promise<Verification> {
    return this.#serially(async () => {
      const asset = await this.#store.snapshot(assetId);
      if (asset === undefined) {
        throw new SphinxError('SPX_NOT_FOUND', `Nothing is known of the asset ${assetId}, so it cannot be verified.`);
      }
      await this.#documents.keepDeclarations(assetId, startedBy, declared, this.#clock.now());
      const verification = await this.#review(asset, { kind: 'request', id, occasion, startedBy, because });
      await this.#outbox.publish();
      return verification;
    });
  }

  /** Judges an asset again without new evidence; stores only what came out differently. */
  reviewById(assetId: string): Promise<void> {
    return this.#serially(async () => {
      const asset = await this.#store.snapshot(assetId);
      if (asset !== undefined) await this.#review(asset, { kind: 'review' });
      await this.#outbox.publish();
    });
  }

  /** Judges an asset anew so that its certificate does not run out while it is in use. */
  renew(certificate: CertificateRecord): Promise<void> {
    return this.#serially(async () => {
      const asset = await this.#store.snapshot(certificate.assetId);
      if (asset !== undefined) await this.#review(asset, { kind: 'renewal', id: certificate.id });
      await this.#outbox.publish();
    });
  }

  expire(certificate: CertificateRecord): Promise<void> {
    return this.#serially(async () => {
      const expired: CertificateRecord = { ...certificate, status: 'expired' };
      await this.#store.transaction((sql) => this.#store.saveCertificate(expired, false, sql));
      this.#onChange('certificates', { id: certificate.id, assetId: certificate.assetId, status: 'expired' });
    });
  }

  /**
   * Revokes by hand. The asset gets no new certificate until somebody asks for its verification.
   *
   * @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT when it is not valid any more
   */
  revoke(certificateId: string, reason: string): Promise<CertificateRecord> {
    return this.#serially(async () => {
      const certificate = await this.#store.certificate(certificateId);
      if (certificate === undefined)
        throw new SphinxError('SPX_NOT_FOUND', `There is no certificate ${certificateId}.`);
      if (certificate.status !== 'valid') {
        throw new SphinxError('SPX_CONFLICT', `The certificate is ${certificate.status} already; nothing was changed.`);
      }
      const revoked = await this.#store.transaction((sql) => this.#desk.revoke(certificate, reason, true, sql));
      await this.#outbox.publish();
      this.#onChange('certificates', { id: revoked.id, assetId: revoked.assetId, status: revoked.status });
      return revoked;
    });
  }

  async #handleOne(fact: ConsumedFact): Promise<void> {
    switch (fact.type) {
      case 'asset.discovered':
      case 'asset.updated':
        await this.#review(fact.data, { kind: 'evidence' });
        return;
      case 'asset.merged':
        await this.#forget(fact.data.mergedAssetId, `Merged into the asset ${fact.data.assetId}: ${fact.data.reason}`);
        return;
      case 'asset.removed':
        await this.#forget(fact.data.assetId, `The asset was removed: ${fact.data.reason}`);
        return;
      case 'verification.requested': {
        const asset = await this.#store.snapshot(fact.data.assetId);
        const { occasion, requestedBy: startedBy, reason: because } = fact.data;
        if (asset !== undefined)
          await this.#review(asset, { kind: 'request', id: fact.id, occasion, startedBy, because });
        else this.#logger.warn('A verification was requested of an unknown asset', { assetId: fact.data.assetId });
        return;
      }
      case 'software.listed':
        await this.#documents.keepSoftwareList(fact.data);
        await this.#reviewSubject(fact.data.subject);
        return;
      case 'security-form.stated':
        await this.#documents.keepSecurityForm(fact.data);
        await this.#reviewSubject(fact.data.subject);
        return;
      case 'weakness.found':
      case 'weakness.changed':
      case 'weakness.closed':
        await this.#documents.keepWeaknesses(fact.data, fact.type === 'weakness.closed', fact.time);
        await this.#reviewKnown([fact.data.assetId]);
        return;
      case 'source.removed':
        if (await this.#documents.removeSource(fact.data.source)) await this.#reviewAll();
    }
  }

  /** What is said of a model concerns all its devices, and the candidates for purchase. */
  async #reviewSubject(subject: ReportSubject): Promise<void> {
    await this.#reviewKnown(await this.#documents.assetsOf(subject));
    if (subject.kind === 'model') await this.#candidates.reviewModel(subject);
  }

  async #reviewKnown(assetIds: readonly string[]): Promise<void> {
    for (const assetId of assetIds) {
      const asset = await this.#store.snapshot(assetId);
      if (asset !== undefined) await this.#review(asset, { kind: 'evidence' });
    }
  }

  async #reviewAll(): Promise<void> {
    await this.#reviewKnown(await this.#store.assetIds());
    await this.#candidates.reviewAll();
  }

  async #review(asset: Asset, run: Run): Promise<Verification> {
    const latest = await this.#store.latest(asset.id);
    const documents = await this.#documents.of(subjectOfAsset(asset));
    const policyKey = policyKeyOf(asset, this.#knowledge);
    const isKnown =
      latest?.policyKey === policyKey && latest.verification.evidenceDigest === evidenceDigest(asset, documents);
    if (isKnown && latest !== undefined && run.kind === 'evidence') {
      await this.#store.saveSnapshot(asset);
      return latest.verification;
    }
    const now = this.#clock.now();
    const occasion = this.#occasionOf(run, latest?.verification);
    const until = RETURNS.has(occasion) ? now - SETTLING_MS : now;
    const verification = verifyAsset(asset, this.#knowledge, now, {
      occasion,
      ...(run.kind === 'request' ? { startedBy: run.startedBy } : {}),
      ...(run.kind === 'request' && run.because ? { startedBecause: run.because } : {}),
      documents,
      before: await this.#store.stateAtLastCertificate(asset.id, until),
      run: 'id' in run ? run.id : run.kind,
    });
    if (isKnown && latest !== undefined) {
      if (latest.verification.id === verification.id) return latest.verification;
      if (run.kind === 'review' && isSameJudgement(latest.verification, verification)) return latest.verification;
    }
    return this.#settle(asset, verification, policyKey, run);
  }

  /** An occasion that is kept (a device that was taken out of service) ends only when a person names another one. */
  #occasionOf(run: Run, latest: Verification | undefined): VerificationOccasion {
    if (run.kind === 'request' && run.occasion !== undefined) return run.occasion;
    if (latest === undefined) return 'first-sight';
    const last = latest.occasion;
    if (last !== undefined && occasionOf(last, this.#knowledge).isKept) return last;
    return run.kind === 'evidence' ? 'after-change' : 'periodic';
  }

  async #settle(asset: Asset, verification: Verification, policyKey: string, run: Run): Promise<Verification> {
    const settled = await this.#store.transaction(async (sql) => {
      const newest = await this.#store.newestCertificate(asset.id, sql);
      const valid = newest?.certificate.status === 'valid' ? newest.certificate : undefined;
      const isHeld = newest?.isHeld === true && run.kind !== 'request';
      const certificate = isHeld ? undefined : this.#desk.draft(asset, verification, valid);
      const final = certificate === undefined ? verification : { ...verification, certificateId: certificate.id };
      await this.#store.saveSnapshot(asset, sql);
      await this.#store.saveVerification(final, policyKey, sql);
      await this.#outbox.note([verdictOf(final)], sql);
      if (certificate !== undefined) {
        await this.#desk.issue(certificate, valid, sql);
      } else if (valid !== undefined) {
        await this.#desk.revoke(valid, this.#reasonOfEnd(final), false, sql);
      }
      return final;
    });
    const { id, assetId, verdict, certificateId } = settled;
    this.#onChange('verifications', { id, assetId, verdict });
    // Even without a new certificate the old one may have been revoked.
    this.#onChange('certificates', { assetId, certificateId: certificateId ?? null });
    return settled;
  }

  #reasonOfEnd({ verdict, reasons, occasion }: Verification): string {
    if (occasion !== undefined && !occasionOf(occasion, this.#knowledge).issuesCertificate) {
      return `Judged on the occasion “${occasionOf(occasion, this.#knowledge).title}”, which gives no certificate.`;
    }
    return `The verdict is ${verdict} now: ${reasons[0] ?? ''}`;
  }

  async #forget(assetId: string, reason: string): Promise<void> {
    const asset = await this.#store.snapshot(assetId);
    await this.#store.transaction(async (sql) => {
      const newest = await this.#store.newestCertificate(assetId, sql);
      if (newest?.certificate.status === 'valid') await this.#desk.revoke(newest.certificate, reason, false, sql);
      await this.#store.retireLatest(assetId, sql);
      await this.#store.removeSnapshot(assetId, sql);
      if (asset?.isSample === true) await this.#store.purge(assetId, sql);
    });
    await this.#documents.forget(assetId);
    this.#onChange('verifications', { assetId });
    this.#onChange('certificates', { assetId });
  }

  #serially<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

function verdictOf(verification: Verification): Fact<'verdict.issued'> {
  const { assetId: key, time } = verification;
  return createFact('verdict.issued', { key, time, source: 'device-verification', data: verification });
}

function isSnapshot(fact: ConsumedFact): boolean {
  return fact.type === 'asset.discovered' || fact.type === 'asset.updated';
}

/** Says whether time alone changed nothing: same verdict, same checks that passed and failed. */
function isSameJudgement(a: Verification, b: Verification): boolean {
  const judged = ({ results }: Verification) =>
    results.flatMap(({ checkId, outcome }) => (outcome.startsWith('not-') ? [] : [`${checkId} ${outcome}`])).join();
  return a.verdict === b.verdict && judged(a) === judged(b);
}
