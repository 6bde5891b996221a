import type { Fact } from '@sphinx/schema';
import type { AssetRecord, HistoryEntry } from './asset-record.ts';
import type { Endpoint } from './identity/endpoint.ts';

/** What a step has changed: to store, then to publish. */
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

/** Several steps, each made after the one before, as one to publish and store. */
export function joinChanges(changes: readonly InventoryChange[]): InventoryChange {
  const facts = changes.flatMap((change) => change.facts);
  const history = changes.flatMap((change) => change.history);
  const assets = lastOf(
    changes,
    ({ assets: kept, removedAssets }) => [kept, removedAssets],
    ({ id }) => id,
  );
  const endpoints = lastOf(
    changes,
    (change) => [change.endpoints, change.removedEndpoints],
    ({ key }) => key,
  );
  const talks = lastOf(
    changes,
    (change) => [change.conversations, change.removedConversations],
    (key) => key,
  );
  return {
    facts,
    history,
    assets: assets.kept,
    removedAssets: assets.removed,
    endpoints: endpoints.kept,
    removedEndpoints: endpoints.removed,
    conversations: talks.kept,
    removedConversations: talks.removed,
  };
}

/** What is left of each thing after all changes: its last state, or that it is gone. */
function lastOf<Item>(
  changes: readonly InventoryChange[],
  pick: (change: InventoryChange) => [kept: readonly Item[], removed: readonly string[]],
  idOf: (item: Item) => string,
): { kept: Item[]; removed: string[] } {
  const last = new Map<string, Item | undefined>();
  for (const change of changes) {
    const [kept, removed] = pick(change);
    for (const item of kept) last.set(idOf(item), item);
    for (const id of removed) last.set(id, undefined);
  }
  const kept = [...last.values()].filter((item) => item !== undefined);
  return { kept, removed: [...last].filter(([, item]) => item === undefined).map(([id]) => id) };
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
