import type { MakerScope, StateStore } from '@sphinx/platform';
import type { Asset, CertificateRecord, Verification } from '@sphinx/schema';

/** A device of a maker with its present verdict and newest certificate. */
export interface StoredDevice {
  readonly asset: Asset;
  readonly verification: Verification;
  readonly certificate: CertificateRecord | undefined;
}

const MAKER = `snapshot->'facts'->'manufacturer'->>'value'`;

/** Reads judged devices by their maker, and only by their maker. */
export class VendorStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** @returns devices of these makers that were judged, by model and serial number */
  async devicesOf(scope: MakerScope): Promise<readonly StoredDevice[]> {
    const makers = await this.#spellings(scope);
    if (makers.length === 0) return [];
    const rows = await this.#state.query<{
      snapshot: Asset;
      verification: Verification;
      certificate: CertificateRecord | null;
    }>(
      `SELECT asset.snapshot, verification.verification,
              (SELECT certificate FROM device_verification.certificate AS held
               WHERE held.asset_id = asset.asset_id ORDER BY sequence DESC LIMIT 1) AS certificate
       FROM device_verification.asset_snapshot AS asset
       JOIN device_verification.verification AS verification
         ON verification.asset_id = asset.asset_id AND verification.is_latest AND NOT verification.is_candidate
       WHERE asset.${MAKER} = ANY(SELECT jsonb_array_elements_text($1::jsonb))
       ORDER BY asset.snapshot->'facts'->'model'->>'value', asset.snapshot->'facts'->'serial'->>'value', asset.asset_id`,
      [JSON.stringify(makers)],
    );
    return rows
      .filter(({ snapshot }) => scope.has(snapshot.facts.manufacturer?.value))
      .map(({ snapshot, verification, certificate }) => ({
        asset: snapshot,
        verification,
        certificate: certificate ?? undefined,
      }));
  }

  /** How the makers are written in the inventory. */
  async #spellings(scope: MakerScope): Promise<readonly string[]> {
    const rows = await this.#state.query<{ maker: string | null }>(
      `SELECT DISTINCT ${MAKER} AS maker FROM device_verification.asset_snapshot`,
    );
    return rows.flatMap(({ maker }) => (maker !== null && scope.has(maker) ? [maker] : []));
  }
}
