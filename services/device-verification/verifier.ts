import type { Clock, Logger, Outbox, SqlExecutor } from '@sphinx/platform';
import { SphinxError } from '@sphinx/platform';
import type { SigningKey } from '@sphinx/platform/signing';
import {
  type Asset,
  type CertificateRecord,
  createFact,
  type Fact,
  type FactData,
  type Verification,
} from '@sphinx/schema';
import { certificateStatement, signStatement } from './certificate/statement.ts';
import { evidenceDigest } from './evidence-digest.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import type { VerificationStore } from './store.ts';
import { policyFor, verifyAsset } from './verify-asset.ts';

const SOURCE = 'device-verification';

type ConsumedFact = Fact<
  'asset.discovered' | 'asset.updated' | 'asset.merged' | 'asset.removed' | 'verification.requested'
>;

/** Why an asset is looked at: new facts (skipped when nothing material changed), the calendar, or somebody's wish. */
type Occasion =
  | { readonly kind: 'evidence' }
  | { readonly kind: 'review' }
  | { readonly kind: 'renewal'; readonly id: string }
  | { readonly kind: 'request'; readonly id: string };

/**
 * Decides when to verify, keeps verdicts and certificates in step, and tells the others. What is decided is stored together
 * with the facts that tell it (an outbox), so a crash in between loses nothing. One asset change at a time.
 */
export class Verifier {
  readonly #store: VerificationStore;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #knowledge: VerificationKnowledge;
  readonly #key: SigningKey;
  readonly #onChange: (topic: 'verifications' | 'certificates', payload: object) => void;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: {
    store: VerificationStore;
    outbox: Outbox;
    clock: Clock;
    logger: Logger;
    knowledge: VerificationKnowledge;
    key: SigningKey;
    onChange: (topic: 'verifications' | 'certificates', payload: object) => void;
  }) {
    this.#store = options.store;
    this.#outbox = options.outbox;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#knowledge = options.knowledge;
    this.#key = options.key;
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

  /** Judges one asset at once because somebody asks. @throws SphinxError SPX_NOT_FOUND for an asset that was never seen */
  request(assetId: string, requestId: string): Promise<Verification> {
    return this.#serially(async () => {
      const asset = await this.#store.snapshot(assetId);
      if (asset === undefined) {
        throw new SphinxError('SPX_NOT_FOUND', `Nothing is known of the asset ${assetId}, so it cannot be verified.`);
      }
      const verification = await this.#review(asset, { kind: 'request', id: requestId });
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
      const revoked = await this.#store.transaction((sql) => this.#revoke(certificate, reason, true, sql));
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
        if (asset !== undefined) await this.#review(asset, { kind: 'request', id: fact.id });
        else this.#logger.warn('A verification was requested of an unknown asset', { assetId: fact.data.assetId });
      }
    }
  }

  async #review(asset: Asset, occasion: Occasion): Promise<Verification> {
    const latest = await this.#store.latest(asset.id);
    const policyKey = this.#policyKeyOf(asset);
    const isKnown = latest?.policyKey === policyKey && latest.verification.evidenceDigest === evidenceDigest(asset);
    if (isKnown && latest !== undefined && occasion.kind === 'evidence') {
      await this.#store.saveSnapshot(asset);
      return latest.verification;
    }
    const now = this.#clock.now();
    const verification = verifyAsset(asset, this.#knowledge, now, 'id' in occasion ? occasion.id : occasion.kind);
    if (isKnown && latest !== undefined) {
      if (latest.verification.id === verification.id) return latest.verification;
      if (occasion.kind === 'review' && isSameJudgement(latest.verification, verification)) return latest.verification;
    }
    return this.#settle(asset, verification, policyKey, occasion);
  }

  async #settle(
    asset: Asset,
    verification: Verification,
    policyKey: string,
    occasion: Occasion,
  ): Promise<Verification> {
    const settled = await this.#store.transaction(async (sql) => {
      const newest = await this.#store.newestCertificate(asset.id, sql);
      const valid = newest?.certificate.status === 'valid' ? newest.certificate : undefined;
      const isHeld = newest?.isHeld === true && occasion.kind !== 'request';
      const certificate = isHeld ? undefined : this.#certificateFor(asset, verification, valid);
      const final = certificate === undefined ? verification : { ...verification, certificateId: certificate.id };
      await this.#store.saveSnapshot(asset, sql);
      await this.#store.saveVerification(final, policyKey, sql);
      await this.#outbox.note([factOf('verdict.issued', asset.id, final.time, final)], sql);
      if (certificate !== undefined) {
        if (valid !== undefined) await this.#supersede(valid, certificate, sql);
        await this.#store.saveCertificate(certificate, false, sql);
        await this.#outbox.note([factOf('certificate.issued', asset.id, final.time, certificate)], sql);
      } else if (valid !== undefined) {
        await this.#revoke(valid, `The verdict is ${final.verdict} now: ${final.reasons[0] ?? ''}`, false, sql);
      }
      return final;
    });
    const { id, assetId, verdict, certificateId } = settled;
    this.#onChange('verifications', { id, assetId, verdict });
    // Even without a new certificate the old one may have been revoked.
    this.#onChange('certificates', { assetId, certificateId: certificateId ?? null });
    return settled;
  }

  #certificateFor(
    asset: Asset,
    verification: Verification,
    predecessor: CertificateRecord | undefined,
  ): CertificateRecord | undefined {
    const statement = certificateStatement({
      asset,
      verification,
      policy: policyFor(asset, this.#knowledge.policies),
      knowledgeDigest: this.#knowledge.digest,
      ...(predecessor === undefined ? {} : { supersedes: predecessor.id }),
    });
    if (statement === undefined) return undefined;
    return {
      id: statement.predicate.certificateId,
      assetId: asset.id,
      assetName: asset.name,
      verificationId: verification.id,
      verdict: verification.verdict,
      status: 'valid',
      isSample: asset.isSample,
      issuedAt: verification.time,
      expiresAt: Date.parse(statement.predicate.validUntil),
      keyId: this.#key.keyId,
      envelope: signStatement(statement, this.#key),
    };
  }

  async #supersede(old: CertificateRecord, successor: CertificateRecord, sql: SqlExecutor): Promise<void> {
    const reason = `Replaced by ${successor.id}: the evidence, the policy or the validity was renewed.`;
    const revokedAt = this.#clock.now();
    const superseded: CertificateRecord = { ...old, status: 'superseded', revokedAt, revocationReason: reason };
    await this.#store.saveCertificate(superseded, false, sql);
    const entry = { certificateId: old.id, revokedAt: isoTime(revokedAt), cause: 'superseded' as const, reason };
    await this.#store.saveRevocation(entry, old.expiresAt, sql);
  }

  async #revoke(
    certificate: CertificateRecord,
    reason: string,
    isHeld: boolean,
    sql: SqlExecutor,
  ): Promise<CertificateRecord> {
    const revokedAt = this.#clock.now();
    const revoked: CertificateRecord = { ...certificate, status: 'revoked', revokedAt, revocationReason: reason };
    await this.#store.saveCertificate(revoked, isHeld, sql);
    const entry = { certificateId: revoked.id, revokedAt: isoTime(revokedAt), cause: 'revoked' as const, reason };
    await this.#store.saveRevocation(entry, revoked.expiresAt, sql);
    await this.#outbox.note([factOf('certificate.revoked', revoked.assetId, revokedAt, revoked)], sql);
    return revoked;
  }

  async #forget(assetId: string, reason: string): Promise<void> {
    const asset = await this.#store.snapshot(assetId);
    await this.#store.transaction(async (sql) => {
      const newest = await this.#store.newestCertificate(assetId, sql);
      if (newest?.certificate.status === 'valid') await this.#revoke(newest.certificate, reason, false, sql);
      await this.#store.retireLatest(assetId, sql);
      await this.#store.removeSnapshot(assetId, sql);
      if (asset?.isSample === true) await this.#store.purge(assetId, sql);
    });
    this.#onChange('verifications', { assetId });
    this.#onChange('certificates', { assetId });
  }

  #policyKeyOf(asset: Asset): string {
    const { id, version } = policyFor(asset, this.#knowledge.policies);
    return `${id}@${version}#${this.#knowledge.digest}`;
  }

  #serially<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

function factOf<T extends 'verdict.issued' | 'certificate.issued' | 'certificate.revoked'>(
  type: T,
  key: string,
  time: number,
  data: FactData<T>,
): Fact<T> {
  return createFact(type, { key, time, source: SOURCE, data });
}

function isSnapshot(fact: ConsumedFact): boolean {
  return fact.type === 'asset.discovered' || fact.type === 'asset.updated';
}

/** Says whether time alone changed nothing: same verdict, same outcome of every check. */
function isSameJudgement(a: Verification, b: Verification): boolean {
  const outcomes = ({ results }: Verification) => results.map(({ checkId, outcome }) => `${checkId} ${outcome}`).join();
  return a.verdict === b.verdict && outcomes(a) === outcomes(b);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
