import type { Fact } from '@sphinx/schema';
import type { AssetRecord, HistoryEntry } from './asset-record.ts';
import type { Endpoint } from './identity/endpoint.ts';

/** What a step has changed: to publish, then to store. */
export interface InventoryChange {
  readonly facts: readonly Fact[];
  readonly assets: readonly AssetRecord[];
  readonly removedAssets: readonly string[];
  readonly endpoints: readonly Endpoint[];
  readonly removedEndpoints: readonly string[];
  readonly conversations: readonly string[];
  readonly removedConversations: readonly string[];
  readonly history: readonly HistoryEntry[];
}

/** What a step works on before it is finished. */
export class Step {
  /** Assets to build anew, because something about them changed in substance. */
  readonly touched = new Set<string>();
  /** Assets whose record changed, whether that shows or not. */
  readonly records = new Set<string>();
  readonly endpoints = new Set<Endpoint>();
  readonly removedEndpoints = new Set<string>();
  readonly conversations = new Set<string>();
  readonly removedConversations: string[] = [];
  readonly removedAssets = new Map<string, string>();
  readonly facts: Fact[] = [];
  readonly history: HistoryEntry[] = [];
}
