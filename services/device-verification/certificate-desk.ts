import { randomBytes } from 'node:crypto';
import type { Clock, Outbox, SqlExecutor } from '@sphinx/platform';
import type { SigningKey } from '@sphinx/platform/signing';
import { type Asset, type CertificateRecord, createFact, type Verification } from '@sphinx/schema';
import { certificateStatement, signStatement } from './certificate/statement.ts';
import { coverageOf } from './compliance/coverage.ts';
import type { VerificationKnowledge } from './knowledge/load-knowledge.ts';
import { applyOccasion } from './occasions/occasion.ts';
import type { VerificationStore } from './store.ts';
import { occasionOf, policyFor } from './verify-asset.ts';

/** Issues, replaces and revokes certificates. Each change is part of a transaction of who decides it. */
export class CertificateDesk {
  readonly #store: VerificationStore;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #knowledge: VerificationKnowledge;
  readonly #key: SigningKey;

  constructor(options: {
    store: VerificationStore;
    outbox: Outbox;
    clock: Clock;
    knowledge: VerificationKnowledge;
    key: SigningKey;
  }) {
    this.#store = options.store;
    this.#outbox = options.outbox;
    this.#clock = options.clock;
    this.#knowledge = options.knowledge;
    this.#key = options.key;
  }

  /** @returns undefined for a verdict or an occasion that earns none */
  draft(
    asset: Asset,
    verification: Verification,
    predecessor: CertificateRecord | undefined,
  ): CertificateRecord | undefined {
    const occasion = occasionOf(verification.occasion ?? 'periodic', this.#knowledge);
    if (!occasion.issuesCertificate) return undefined;
    const statement = certificateStatement({
      asset,
      verification,
      policy: applyOccasion(policyFor(asset, this.#knowledge.policies), occasion),
      knowledgeDigest: this.#knowledge.digest,
      coverage: coverageOf(verification.results, this.#knowledge),
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
      // Random, not derived: who holds no code must not be able to work one out.
      publicCode: randomBytes(16).toString('base64url'),
      envelope: signStatement(statement, this.#key),
    };
  }

  /** Stores a certificate and tells of it; the one before it holds no longer. */
  async issue(
    certificate: CertificateRecord,
    predecessor: CertificateRecord | undefined,
    sql: SqlExecutor,
  ): Promise<void> {
    if (predecessor !== undefined) await this.#supersede(predecessor, certificate, sql);
    await this.#store.saveCertificate(certificate, false, sql);
    await this.#note('certificate.issued', certificate, certificate.issuedAt, sql);
  }

  /** @param isHeld a person revokes it, and nothing but a person may lift that */
  async revoke(
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
    await this.#note('certificate.revoked', revoked, revokedAt, sql);
    return revoked;
  }

  async #supersede(old: CertificateRecord, successor: CertificateRecord, sql: SqlExecutor): Promise<void> {
    const reason = `Replaced by ${successor.id}: the evidence, the policy or the validity was renewed.`;
    const revokedAt = this.#clock.now();
    const superseded: CertificateRecord = { ...old, status: 'superseded', revokedAt, revocationReason: reason };
    await this.#store.saveCertificate(superseded, false, sql);
    const entry = { certificateId: old.id, revokedAt: isoTime(revokedAt), cause: 'superseded' as const, reason };
    await this.#store.saveRevocation(entry, old.expiresAt, sql);
  }

  async #note(
    type: 'certificate.issued' | 'certificate.revoked',
    data: CertificateRecord,
    time: number,
    sql: SqlExecutor,
  ): Promise<void> {
    const fact = createFact(type, { key: data.assetId, time, source: 'device-verification', data });
    await this.#outbox.note([fact], sql);
  }
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
