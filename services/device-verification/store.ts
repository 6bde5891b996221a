import { cutPage, type Migration, type Page, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type {
  Asset,
  CertificateRecord,
  CertificateStatus,
  Verdict,
  Verification,
  VerificationOccasion,
  VerifiedState,
} from '@sphinx/schema';
import type { RevocationList } from './certificate/revocation-list.ts';
import { DOCUMENT_MIGRATION } from './documents/document-migration.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-verification',
    sql: `
      CREATE SCHEMA IF NOT EXISTS device_verification;
      CREATE TABLE device_verification.asset_snapshot (
        asset_id text PRIMARY KEY,
        snapshot jsonb NOT NULL
      );
      CREATE TABLE device_verification.verification (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        asset_id text NOT NULL,
        verdict text NOT NULL,
        is_latest boolean NOT NULL,
        evidence_digest text NOT NULL,
        policy_key text NOT NULL,
        verification jsonb NOT NULL
      );
      CREATE UNIQUE INDEX verification_latest ON device_verification.verification (asset_id) WHERE is_latest;
      CREATE INDEX verification_asset ON device_verification.verification (asset_id, sequence);
      CREATE TABLE device_verification.certificate (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        asset_id text NOT NULL,
        status text NOT NULL,
        expires_at bigint NOT NULL,
        is_held boolean NOT NULL DEFAULT false,
        certificate jsonb NOT NULL
      );
      CREATE INDEX certificate_asset ON device_verification.certificate (asset_id, sequence);
      CREATE INDEX certificate_expiry ON device_verification.certificate (status, expires_at);
      CREATE TABLE device_verification.revocation (
        certificate_id text PRIMARY KEY,
        expires_at bigint NOT NULL,
        entry jsonb NOT NULL
      );
      CREATE TABLE device_verification.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact jsonb NOT NULL
      );`,
  },
  { id: '002-outbox-text', sql: 'ALTER TABLE device_verification.outbox ALTER COLUMN fact TYPE text;' },
  DOCUMENT_MIGRATION,
  {
    id: '004-public-code',
    sql: `CREATE UNIQUE INDEX certificate_public_code ON device_verification.certificate ((certificate->>'publicCode'));`,
  },
  {
    id: '005-makers',
    sql: `CREATE INDEX asset_snapshot_maker ON device_verification.asset_snapshot
            ((snapshot->'facts'->'manufacturer'->>'value'));`,
  },
];

/** A verification with what it was judged by. */
export interface StoredVerification {
  readonly verification: Verification;
  readonly policyKey: string;
}

interface LatestFilter {
  readonly verdict?: Verdict;
  /** A check that failed. */
  readonly check?: string;
  readonly occasion?: VerificationOccasion;
}

const LATEST = `is_latest AND NOT is_candidate AND ($1::text IS NULL OR verdict = $1)
  AND ($2::jsonb IS NULL OR verification->'results' @> $2::jsonb)
  AND ($3::text IS NULL OR verification->>'occasion' = $3)`;

function valuesOf({ verdict, check, occasion }: LatestFilter): readonly (string | null)[] {
  const failed = check === undefined ? null : JSON.stringify([{ checkId: check, outcome: 'fail' }]);
  return [verdict ?? null, failed, occasion ?? null];
}

/** The tables of this service. Writes that belong together take the executor of one transaction. */
export class VerificationStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  transaction<Result>(work: (sql: SqlExecutor) => Promise<Result>): Promise<Result> {
    return this.#state.transaction(work);
  }

  async saveSnapshot(asset: Asset, sql: SqlExecutor = this.#state): Promise<void> {
    await sql.query(
      `INSERT INTO device_verification.asset_snapshot (asset_id, snapshot) VALUES ($1, $2::jsonb)
       ON CONFLICT (asset_id) DO UPDATE SET snapshot = excluded.snapshot`,
      [asset.id, JSON.stringify(asset)],
    );
  }

  async snapshot(assetId: string): Promise<Asset | undefined> {
    const [row] = await this.#state.query<{ snapshot: Asset }>(
      'SELECT snapshot FROM device_verification.asset_snapshot WHERE asset_id = $1',
      [assetId],
    );
    return row?.snapshot;
  }

  /** Ids of all assets with a snapshot, in a fixed order. */
  async assetIds(): Promise<readonly string[]> {
    const rows = await this.#state.query<{ asset_id: string }>(
      'SELECT asset_id FROM device_verification.asset_snapshot ORDER BY asset_id',
    );
    return rows.map((row) => row.asset_id);
  }

  async latest(assetId: string): Promise<StoredVerification | undefined> {
    const [row] = await this.#state.query<{ verification: Verification; policy_key: string }>(
      'SELECT verification, policy_key FROM device_verification.verification WHERE asset_id = $1 AND is_latest',
      [assetId],
    );
    return row === undefined ? undefined : { verification: row.verification, policyKey: row.policy_key };
  }

  async verification(id: string): Promise<Verification | undefined> {
    const [row] = await this.#state.query<{ verification: Verification }>(
      'SELECT verification FROM device_verification.verification WHERE id = $1',
      [id],
    );
    return row?.verification;
  }

  /** Latest verification per asset, newest first. */
  async listLatest(query: LatestFilter & { before?: number; limit: number }): Promise<Page<Verification>> {
    const rows = await this.#state.query<{ sequence: number; verification: Verification }>(
      `SELECT sequence, verification FROM device_verification.verification
       WHERE ${LATEST} AND ($4::bigint IS NULL OR sequence < $4) ORDER BY sequence DESC LIMIT $5`,
      [...valuesOf(query), query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ verification }) => verification) };
  }

  async countLatest(filter: LatestFilter): Promise<number> {
    const rows = await this.#state.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM device_verification.verification WHERE ${LATEST}`,
      valuesOf(filter),
    );
    return rows[0]?.count ?? 0;
  }

  /** Everything that tables of assets show of verifications, without the results. */
  async verdicts(): Promise<
    readonly {
      assetId: string;
      verdict: Verdict;
      failedChecks: string[];
      time: number;
      verificationId: string;
      certificateId: string | null;
    }[]
  > {
    return this.#state.query(
      `SELECT asset_id AS "assetId", verdict, (verification->>'time')::float8 AS time, id AS "verificationId",
              verification->>'certificateId' AS "certificateId",
              COALESCE((SELECT json_agg(result->>'checkId') FROM jsonb_array_elements(verification->'results') AS result
                        WHERE result->>'outcome' = 'fail'), '[]'::json) AS "failedChecks"
       FROM device_verification.verification WHERE is_latest AND NOT is_candidate ORDER BY asset_id`,
    );
  }

  /** @returns how many assets have each verdict at present */
  async verdictCounts(): Promise<Readonly<Partial<Record<Verdict, number>>>> {
    const rows = await this.#state.query<{ verdict: Verdict; count: number }>(
      `SELECT verdict, count(*)::int AS count FROM device_verification.verification
       WHERE is_latest AND NOT is_candidate GROUP BY verdict`,
    );
    return Object.fromEntries(rows.map((row) => [row.verdict, row.count]));
  }

  /** Checks by the number of assets that fail them at present, most first. */
  async topFailedChecks(
    limit: number,
  ): Promise<readonly { checkId: string; title: string; severity: string; assets: number }[]> {
    return this.#state.query(
      `SELECT result->>'checkId' AS "checkId", min(result->>'title') AS title, min(result->>'severity') AS severity,
              count(*)::int AS assets
       FROM device_verification.verification, jsonb_array_elements(verification->'results') AS result
       WHERE is_latest AND NOT is_candidate AND result->>'outcome' = 'fail'
       GROUP BY result->>'checkId' ORDER BY assets DESC, "checkId" LIMIT $1`,
      [limit],
    );
  }

  /**
   * What the asset was when its last certificate was issued; undefined where it had none, or one of before that was kept.
   *
   * @param until only certificates that were issued before, milliseconds since the epoch
   */
  async stateAtLastCertificate(assetId: string, until: number): Promise<VerifiedState | undefined> {
    const [row] = await this.#state.query<{ state: VerifiedState | null }>(
      `SELECT verification->'state' AS state FROM device_verification.verification
       WHERE asset_id = $1 AND verification->>'certificateId' IS NOT NULL AND (verification->>'time')::float8 < $2
       ORDER BY sequence DESC LIMIT 1`,
      [assetId, until],
    );
    return row?.state ?? undefined;
  }

  async saveVerification(
    verification: Verification,
    policyKey: string,
    sql: SqlExecutor,
    isCandidate = false,
  ): Promise<void> {
    await this.retireLatest(verification.assetId, sql);
    await sql.query(
      `INSERT INTO device_verification.verification
         (id, asset_id, verdict, is_latest, evidence_digest, policy_key, verification, is_candidate)
       VALUES ($1, $2, $3, true, $4, $5, $6::jsonb, $7)`,
      [
        verification.id,
        verification.assetId,
        verification.verdict,
        verification.evidenceDigest,
        policyKey,
        JSON.stringify(verification),
        isCandidate,
      ],
    );
  }

  /** The asset has no present verdict any more; its history stays. */
  async retireLatest(assetId: string, sql: SqlExecutor): Promise<void> {
    await sql.query('UPDATE device_verification.verification SET is_latest = false WHERE asset_id = $1 AND is_latest', [
      assetId,
    ]);
  }

  async removeSnapshot(assetId: string, sql: SqlExecutor): Promise<void> {
    await sql.query('DELETE FROM device_verification.asset_snapshot WHERE asset_id = $1', [assetId]);
  }

  /** Removes all rows of an asset, for sample data. Revocations stay: a copy of a certificate may be anywhere. */
  async purge(assetId: string, sql: SqlExecutor): Promise<void> {
    await sql.query('DELETE FROM device_verification.verification WHERE asset_id = $1', [assetId]);
    await sql.query('DELETE FROM device_verification.certificate WHERE asset_id = $1', [assetId]);
  }

  async certificate(id: string): Promise<CertificateRecord | undefined> {
    const [row] = await this.#state.query<{ certificate: CertificateRecord }>(
      'SELECT certificate FROM device_verification.certificate WHERE id = $1',
      [id],
    );
    return row?.certificate;
  }

  async certificateOfCode(code: string): Promise<CertificateRecord | undefined> {
    const [row] = await this.#state.query<{ certificate: CertificateRecord }>(
      "SELECT certificate FROM device_verification.certificate WHERE certificate->>'publicCode' = $1",
      [code],
    );
    return row?.certificate;
  }

  /** The verification that the last certificate before another verification rests on. */
  async certifiedBefore({ id, assetId }: Verification): Promise<Verification | undefined> {
    const [row] = await this.#state.query<{ verification: Verification }>(
      `SELECT verification FROM device_verification.verification
       WHERE asset_id = $1 AND verification->>'certificateId' IS NOT NULL
         AND sequence < (SELECT sequence FROM device_verification.verification WHERE id = $2)
       ORDER BY sequence DESC LIMIT 1`,
      [assetId, id],
    );
    return row?.verification;
  }

  /** The newest certificate of an asset. `isHeld`: a person revoked it, and nothing but a person may lift that. */
  async newestCertificate(
    assetId: string,
    sql: SqlExecutor = this.#state,
  ): Promise<{ certificate: CertificateRecord; isHeld: boolean } | undefined> {
    const [row] = await sql.query<{ certificate: CertificateRecord; is_held: boolean }>(
      `SELECT certificate, is_held FROM device_verification.certificate WHERE asset_id = $1
       ORDER BY sequence DESC LIMIT 1`,
      [assetId],
    );
    return row === undefined ? undefined : { certificate: row.certificate, isHeld: row.is_held };
  }

  async listCertificates(query: {
    status?: CertificateStatus;
    assetId?: string;
    before?: number;
    limit: number;
  }): Promise<Page<CertificateRecord>> {
    const rows = await this.#state.query<{ sequence: number; certificate: CertificateRecord }>(
      `SELECT sequence, certificate FROM device_verification.certificate
       WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR asset_id = $2)
         AND ($3::bigint IS NULL OR sequence < $3)
       ORDER BY sequence DESC LIMIT $4`,
      [query.status ?? null, query.assetId ?? null, query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ certificate }) => certificate) };
  }

  /** Valid certificates that run out before a time (milliseconds since the Unix epoch). */
  async validUntilBefore(time: number): Promise<readonly CertificateRecord[]> {
    const rows = await this.#state.query<{ certificate: CertificateRecord }>(
      `SELECT certificate FROM device_verification.certificate WHERE status = 'valid' AND expires_at <= $1
       ORDER BY expires_at`,
      [time],
    );
    return rows.map((row) => row.certificate);
  }

  async saveCertificate(certificate: CertificateRecord, isHeld: boolean, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO device_verification.certificate (id, asset_id, status, expires_at, is_held, certificate)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, is_held = excluded.is_held,
         certificate = excluded.certificate`,
      [
        certificate.id,
        certificate.assetId,
        certificate.status,
        certificate.expiresAt,
        isHeld,
        JSON.stringify(certificate),
      ],
    );
  }

  async saveRevocation(entry: RevocationList['revoked'][number], expiresAt: number, sql: SqlExecutor): Promise<void> {
    await sql.query(
      `INSERT INTO device_verification.revocation (certificate_id, expires_at, entry) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (certificate_id) DO NOTHING`,
      [entry.certificateId, expiresAt, JSON.stringify(entry)],
    );
  }

  /** Revocations of certificates whose time is not over; the others expire by themselves and are forgotten. */
  async revocations(now: number): Promise<RevocationList['revoked']> {
    await this.#state.query('DELETE FROM device_verification.revocation WHERE expires_at <= $1', [now]);
    const rows = await this.#state.query<{ entry: RevocationList['revoked'][number] }>(
      'SELECT entry FROM device_verification.revocation ORDER BY certificate_id',
    );
    return rows.map((row) => row.entry);
  }
}
