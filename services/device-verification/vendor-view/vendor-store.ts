import type { MakerScope, StateStore } from '@sphinx/platform';
import type { Asset, CertificateRecord, CheckResult, Verdict } from '@sphinx/schema';

/** What the register says of a certificate, without its envelope. */
export type KnownCertificate = Pick<CertificateRecord, 'id' | 'status' | 'issuedAt' | 'expiresAt' | 'publicCode'>;

/** A device of a maker with its present verdict and newest certificate, as lists need it. */
export interface StoredDevice {
  readonly assetId: string;
  readonly facts: Asset['facts'];
  readonly isSample: boolean;
  readonly verdict: Verdict;
  readonly verifiedAt: number;
  /** Checks that failed, of those that makers are shown. */
  readonly failed: number;
  readonly certificate: KnownCertificate | null;
}

/** What a report on one device needs besides. */
export interface StoredReport {
  readonly asset: Asset;
  readonly policy: string;
  readonly results: readonly CheckResult[];
}

const MAKER = `asset.snapshot->'facts'->'manufacturer'->>'value'`;
const JUDGED = `
  FROM device_verification.asset_snapshot AS asset
  JOIN device_verification.verification AS judged
    ON judged.asset_id = asset.asset_id AND judged.is_latest AND NOT judged.is_candidate
  WHERE ${MAKER} = ANY(SELECT jsonb_array_elements_text($1::jsonb))`;

/** Reads judged devices by their maker, and only by their maker. A maker may have thousands: lists leave the checks where they are. */
export class VendorStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /**
   * @param shownChecks ids of checks that makers are shown
   * @returns devices of these makers that were judged, by model and serial number
   */
  async devicesOf(scope: MakerScope, shownChecks: ReadonlySet<string>): Promise<readonly StoredDevice[]> {
    const makers = await this.#spellings(scope);
    const rows = await this.#state.query<StoredDevice>(
      `SELECT asset.asset_id AS "assetId", asset.snapshot->'facts' AS facts,
              (asset.snapshot->>'isSample')::boolean AS "isSample", judged.verdict,
              (judged.verification->>'time')::float8 AS "verifiedAt",
              (SELECT count(*)::int FROM jsonb_array_elements(judged.verification->'results') AS result
               WHERE result->>'outcome' = 'fail' AND $2::jsonb ? (result->>'checkId')) AS failed,
              (SELECT held.certificate - 'envelope' FROM device_verification.certificate AS held
               WHERE held.asset_id = asset.asset_id ORDER BY sequence DESC LIMIT 1) AS certificate
       ${JUDGED}
       ORDER BY asset.snapshot->'facts'->'model'->>'value', asset.snapshot->'facts'->'serial'->>'value', asset.asset_id`,
      [JSON.stringify(makers), JSON.stringify([...shownChecks])],
    );
    return rows.filter(({ facts }) => scope.has(facts.manufacturer?.value));
  }

  /** @returns what the report on one device needs; undefined where it is of another maker */
  async report(assetId: string, scope: MakerScope): Promise<StoredReport | undefined> {
    const [row] = await this.#state.query<StoredReport>(
      `SELECT asset.snapshot AS asset, judged.verification->'policy'->>'title' AS policy,
              judged.verification->'results' AS results
       ${JUDGED} AND asset.asset_id = $2`,
      [JSON.stringify(await this.#spellings(scope)), assetId],
    );
    return row !== undefined && scope.has(row.asset.facts.manufacturer?.value) ? row : undefined;
  }

  /** How the makers are written in the inventory. */
  async #spellings(scope: MakerScope): Promise<readonly string[]> {
    const rows = await this.#state.query<{ maker: string | null }>(
      `SELECT DISTINCT ${MAKER} AS maker FROM device_verification.asset_snapshot AS asset`,
    );
    return rows.flatMap(({ maker }) => (maker !== null && scope.has(maker) ? [maker] : []));
  }
}
