import { type Asset, createFact, type Fact } from '@sphinx/schema';
import { type AssetRecord, describeChange, type HistoryEntry } from '../asset-record.ts';
import { materialFingerprint } from './fingerprint.ts';

const SOURCE = 'asset-inventory';

/** A new revision of an asset, and who is told what about it. */
export interface Publication {
  readonly asset: Asset;
  readonly record: AssetRecord;
  readonly fact: Fact;
  /** Undefined where only details changed that would bore people. */
  readonly history: HistoryEntry | undefined;
}

/**
 * @param published the asset as it was published last
 * @returns undefined when nothing changed in substance
 */
export function publicationOf(
  asset: Asset,
  record: AssetRecord,
  published: Asset | undefined,
): Publication | undefined {
  const fingerprint = materialFingerprint(asset);
  if (fingerprint === record.fingerprint) return undefined;
  const isNew = record.fingerprint === '';
  const next = { ...asset, revision: record.revision + 1 };
  const type = isNew ? 'asset.discovered' : 'asset.updated';
  const fields = { assetId: asset.id, by: 'sphinx' };
  const detail = published === undefined ? '' : describeChange(published, next);
  const changed: HistoryEntry = { ...fields, action: 'changed', detail, time: next.lastSeen };
  const discovered: HistoryEntry = {
    ...fields,
    action: 'discovered',
    detail: `First seen as ${next.name}.`,
    time: next.firstSeen,
  };
  return {
    asset: next,
    record: { ...record, revision: next.revision, fingerprint },
    fact: createFact(type, { key: asset.id, time: next.lastSeen, source: SOURCE, data: next }),
    history: isNew ? discovered : detail === '' ? undefined : changed,
  };
}

export function mergerFact(
  data: { assetId: string; mergedAssetId: string; reason: string; by: string },
  time: number,
): Fact {
  return createFact('asset.merged', { key: data.assetId, time, source: SOURCE, data });
}

export function removalFact(asset: Asset, reason: string): Fact {
  const data = { assetId: asset.id, reason };
  return createFact('asset.removed', { key: asset.id, time: asset.lastSeen, source: SOURCE, data });
}
