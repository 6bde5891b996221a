import { SphinxError } from '@sphinx/platform';
import { type Asset, deterministicId, type Fact } from '@sphinx/schema';
import { AssetViews } from './asset/asset-views.ts';
import { mergerFact, removalFact } from './asset/publish-asset.ts';
import {
  type Arrangement,
  type AssetRecord,
  arrangementOf,
  type HistoryEntry,
  NOTHING_STATED,
} from './asset-record.ts';
import type { Classifier } from './classification/classify.ts';
import { ConversationIndex } from './conversations.ts';
import { importedObservation } from './exchange/imported-observation.ts';
import { addEvidence, type Endpoint } from './identity/endpoint.ts';
import { MovedAddresses } from './identity/moved-addresses.ts';
import type { Networks } from './identity/networks.ts';
import { EndpointIndex } from './identity/resolve-endpoint.ts';
import { type InventoryChange, Step } from './inventory-change.ts';

/**
 * Every asset, in memory. Pure: facts in, changes out; no clock, no store. The same facts in the same order give the
 * same assets with the same ids.
 */
export class Inventory {
  readonly #records = new Map<string, AssetRecord>();
  readonly #assetOfEndpoint = new Map<string, string>();
  readonly #index: EndpointIndex;
  readonly #conversations = new ConversationIndex();
  readonly #moved = new MovedAddresses();
  readonly #views: AssetViews;
  #step = new Step();

  constructor(options: { networks: Networks; classifier: Classifier }) {
    this.#index = new EndpointIndex(options.networks);
    this.#views = new AssetViews({
      ...options,
      records: this.#records,
      assetOfEndpoint: this.#assetOfEndpoint,
      index: this.#index,
      conversations: this.#conversations,
    });
    this.#index.onRename = (oldKey, endpoint) => this.#rename(oldKey, endpoint);
  }

  get conversations(): ConversationIndex {
    return this.#conversations;
  }

  /** Every asset; counters of peers and evidence may lag behind. */
  list(): readonly Asset[] {
    return this.#views.list();
  }

  find(id: string): Asset | undefined {
    return this.#views.find(id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  get(id: string): Asset {
    const asset = this.find(id);
    if (asset === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no asset ${id}.`);
    return asset;
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  record(id: string): AssetRecord {
    const record = this.#records.get(id);
    if (record === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no asset ${id}.`);
    return record;
  }

  endpoint(key: string): Endpoint | undefined {
    return this.#index.endpoints.get(key);
  }

  /** Takes what the store kept. Nothing is published, unless knowledge or settings make something else of it now. */
  restore(kept: {
    endpoints: readonly Endpoint[];
    assets: readonly AssetRecord[];
    conversations: readonly Parameters<ConversationIndex['set']>[0][];
  }): InventoryChange {
    for (const endpoint of kept.endpoints) {
      this.#index.restore(endpoint);
      this.#moved.note(endpoint);
    }
    for (const conversation of kept.conversations) this.#conversations.set(conversation);
    for (const record of kept.assets) {
      this.#records.set(record.id, record);
      for (const key of record.endpoints) this.#assetOfEndpoint.set(key, record.id);
    }
    this.#views.restore();
    this.#touch(this.#records.keys());
    return this.#finish();
  }

  /** Takes in what was observed. */
  observe(facts: readonly Fact<'host.observed' | 'conversation.observed' | 'source.removed'>[]): InventoryChange {
    for (const fact of facts) {
      switch (fact.type) {
        case 'host.observed':
          this.#observeHost(fact.data);
          break;
        case 'conversation.observed':
          this.#observeConversation(fact.data);
          break;
        case 'source.removed':
          this.#forgetSource(fact.data.source);
          break;
        default:
          fact satisfies never;
      }
    }
    return this.#finish();
  }

  /**
   * Gives assets other endpoints or statements, as a person decided. An arrangement without endpoints removes the asset.
   *
   * @param history what is written about it; `before` is added here
   */
  rearrange(
    arrangements: readonly Arrangement[],
    history: Omit<HistoryEntry, 'before'>,
    merged?: { into: string; ids: readonly string[] },
  ): InventoryChange {
    const before = arrangements.flatMap(({ id }) => {
      const record = this.#records.get(id);
      return record === undefined ? [{ ...emptyArrangement(id) }] : [arrangementOf(record)];
    });
    for (const arrangement of arrangements) this.#arrange(arrangement, merged);
    for (const id of merged?.ids ?? []) {
      const data = { assetId: merged?.into ?? '', mergedAssetId: id, reason: history.detail, by: history.by };
      this.#step.facts.push(mergerFact(data, history.time));
    }
    this.#step.history.push({ ...history, before });
    return this.#finish();
  }

  /** Adds an address that nobody has seen on the network yet, from an import. @returns key of its endpoint */
  addImported(address: { mac?: string; ip?: string }, time: number): string {
    const [resolved] = this.#index.resolve(importedObservation(address, time));
    if (resolved === undefined) {
      throw new SphinxError(
        'SPX_INVALID_INPUT',
        `${address.ip ?? address.mac} is no address of the hospital's networks.`,
      );
    }
    const { endpoint } = resolved;
    endpoint.firstSeen = Math.min(endpoint.firstSeen, time);
    endpoint.lastSeen = Math.max(endpoint.lastSeen, time);
    this.#step.endpoints.add(endpoint);
    return endpoint.key;
  }

  assetOfEndpoint(key: string): string | undefined {
    return this.#assetOfEndpoint.get(key);
  }

  #observeHost(observation: Fact<'host.observed'>['data']): void {
    for (const { endpoint, isNew, isMoved, evidence } of this.#index.resolve(observation)) {
      const isTelling = addEvidence(endpoint, evidence);
      this.#step.endpoints.add(endpoint);
      const known = this.#assetOfEndpoint.get(endpoint.key);
      const assetId = known ?? this.#assetFor(endpoint);
      // Whoever talked to the address before it was an asset now has a peer with a name.
      if (isNew || known === undefined) this.#touch(this.#views.neighboursOf(endpoint));
      this.#moved.note(endpoint);
      // Who claims the same as another must be looked at even when it only repeats itself.
      if (isTelling || isMoved || known === undefined || this.#views.hasRivals(assetId))
        this.#step.touched.add(assetId);
      else this.#views.markSeen(assetId, endpoint.lastSeen);
      if (isMoved) for (const ip of endpoint.ips.keys()) this.#touchFormerHolders(ip, endpoint);
    }
  }

  /** The asset of a new endpoint: the device that had another address before, or a new one. */
  #assetFor(endpoint: Endpoint): string {
    const former = this.#moved.formerOf(endpoint);
    const formerAsset = former === undefined ? undefined : this.#assetOfEndpoint.get(former);
    const record = formerAsset === undefined ? undefined : this.#records.get(formerAsset);
    if (record !== undefined) {
      this.#put({ ...record, endpoints: new Set([...record.endpoints, endpoint.key]) });
      this.#assetOfEndpoint.set(endpoint.key, record.id);
      return record.id;
    }
    const id = deterministicId('ast', endpoint.key);
    this.#assetOfEndpoint.set(endpoint.key, id);
    // Forgotten with its traffic and seen again, after people gave its asset further endpoints: it comes home.
    const { endpoints = [], statements = NOTHING_STATED } = this.#records.get(id) ?? {};
    this.#put({ id, isSample: endpoint.isSample, endpoints: new Set([...endpoints, endpoint.key]), statements });
    return id;
  }

  #observeConversation(conversation: Fact<'conversation.observed'>['data']): void {
    const kept = this.#conversations.set(conversation);
    if (kept === undefined) return;
    this.#step.conversations.add(kept.key);
    for (const assetId of this.#views.talkersOf(conversation)) {
      if (kept.isTelling) this.#step.touched.add(assetId);
      else this.#views.markStale(assetId);
    }
  }

  #forgetSource(source: string): void {
    this.#index.forgetSource(source);
    for (const key of this.#conversations.removeSource(source)) this.#step.removedConversations.push(key);
    for (const endpoint of [...this.#index.endpoints.values()]) {
      let isChanged = false;
      for (const [key, { packet }] of endpoint.evidence) {
        if (packet.source !== source) continue;
        endpoint.evidence.delete(key);
        isChanged = true;
      }
      if (!isChanged) continue;
      const assetId = this.#assetOfEndpoint.get(endpoint.key);
      if (endpoint.evidence.size > 0) this.#step.endpoints.add(endpoint);
      else this.#removeEndpoint(endpoint, 'The traffic that showed it was removed.');
      if (assetId !== undefined) this.#step.touched.add(assetId);
    }
    // Whoever talked in that traffic loses peers.
    this.#touch(this.#records.keys());
  }

  #removeEndpoint(endpoint: Endpoint, reason: string): void {
    this.#index.remove(endpoint);
    this.#moved.forget(endpoint);
    this.#step.endpoints.delete(endpoint);
    this.#step.removedEndpoints.add(endpoint.key);
    const assetId = this.#assetOfEndpoint.get(endpoint.key);
    this.#assetOfEndpoint.delete(endpoint.key);
    const record = assetId === undefined ? undefined : this.#records.get(assetId);
    if (record === undefined) return;
    const endpoints = new Set([...record.endpoints].filter((key) => key !== endpoint.key));
    if (endpoints.size > 0) this.#put({ ...record, endpoints });
    else this.#step.removedAssets.set(record.id, reason);
  }

  #arrange({ id, isSample, endpoints, statements }: Arrangement, merged?: { ids: readonly string[] }): void {
    const record = this.#records.get(id);
    for (const key of record?.endpoints ?? []) {
      if (this.#assetOfEndpoint.get(key) === id) this.#assetOfEndpoint.delete(key);
    }
    const existing = endpoints.filter((key) => this.#index.endpoints.has(key));
    if (existing.length === 0) {
      if (record !== undefined && merged?.ids.includes(id)) this.#dropRecord(id);
      else if (record !== undefined) this.#step.removedAssets.set(id, 'It was taken apart.');
      return;
    }
    for (const key of existing) this.#assetOfEndpoint.set(key, id);
    this.#put({ id, isSample, endpoints: new Set(existing), statements });
    this.#step.removedAssets.delete(id);
    this.#step.touched.add(id);
  }

  #put(fields: Omit<AssetRecord, 'revision' | 'fingerprint'>): void {
    const { revision = 0, fingerprint = '' } = this.#records.get(fields.id) ?? {};
    this.#records.set(fields.id, { ...fields, revision, fingerprint });
    this.#step.records.add(fields.id);
    this.#step.touched.add(fields.id);
  }

  #rename(oldKey: string, endpoint: Endpoint): void {
    const assetId = this.#assetOfEndpoint.get(oldKey);
    this.#step.removedEndpoints.add(oldKey);
    this.#step.endpoints.add(endpoint);
    if (assetId === undefined) return;
    this.#assetOfEndpoint.delete(oldKey);
    this.#assetOfEndpoint.set(endpoint.key, assetId);
    const record = this.record(assetId);
    const endpoints = new Set([...record.endpoints].map((key) => (key === oldKey ? endpoint.key : key)));
    this.#put({ ...record, endpoints });
  }

  #touchFormerHolders(ip: string, endpoint: Endpoint): void {
    for (const { key, assetId } of this.#moved.holdersOf(ip, endpoint, (other) => this.#assetOfEndpoint.get(other))) {
      if (key !== endpoint.key && assetId !== undefined) this.#step.touched.add(assetId);
    }
  }

  #touch(ids: Iterable<string>): void {
    for (const id of ids) this.#step.touched.add(id);
  }

  #finish(): InventoryChange {
    const step = this.#step;
    for (const [id, reason] of step.removedAssets) this.#publishRemoval(id, reason);
    for (const id of this.#views.refresh(step.touched)) this.#publishIfChanged(id);
    this.#step = new Step();
    return {
      facts: step.facts,
      assets: [...step.records].flatMap((id) => this.#records.get(id) ?? []),
      removedAssets: [...step.removedAssets.keys()].filter((id) => !this.#records.has(id)),
      endpoints: [...step.endpoints],
      removedEndpoints: [...step.removedEndpoints].filter((key) => !this.#index.endpoints.has(key)),
      conversations: [...step.conversations],
      removedConversations: step.removedConversations,
      history: step.history,
    };
  }

  #publishIfChanged(id: string): void {
    const publication = this.#views.publish(id);
    if (publication === undefined) return;
    this.#records.set(id, publication.record);
    this.#step.records.add(id);
    this.#step.facts.push(publication.fact);
    if (publication.history !== undefined) this.#step.history.push(publication.history);
  }

  #publishRemoval(id: string, reason: string): void {
    const asset = this.#dropRecord(id);
    if (asset !== undefined) this.#step.facts.push(removalFact(asset, reason));
  }

  /** @returns how the asset looked last */
  #dropRecord(id: string): Asset | undefined {
    const { asset, affected } = this.#views.drop(id);
    this.#touch(affected);
    this.#records.delete(id);
    this.#step.touched.delete(id);
    if (!this.#step.removedAssets.has(id)) this.#step.removedAssets.set(id, 'merged');
    return asset;
  }
}

function emptyArrangement(id: string): Arrangement {
  return { id, isSample: false, endpoints: [], statements: NOTHING_STATED };
}
