import type { Asset, Conversation } from '@sphinx/schema';
import type { AssetRecord } from '../asset-record.ts';
import type { Classifier } from '../classification/classify.ts';
import type { ConversationIndex } from '../conversations.ts';
import { ClaimIndex, claimsOf } from '../identity/conflicts.ts';
import type { Endpoint } from '../identity/endpoint.ts';
import type { Networks } from '../identity/networks.ts';
import { clientProgram, type Program, serverProgram } from '../identity/program.ts';
import type { EndpointIndex } from '../identity/resolve-endpoint.ts';
import type { PeerIdentity } from './asset-peers.ts';
import { buildAsset } from './build-asset.ts';
import { type Publication, publicationOf } from './publish-asset.ts';

/** What assets are made of, as it is at this moment. */
export interface AssetGround {
  readonly records: ReadonlyMap<string, AssetRecord>;
  readonly assetOfEndpoint: ReadonlyMap<string, string>;
  readonly index: EndpointIndex;
  readonly conversations: ConversationIndex;
  readonly networks: Networks;
  readonly classifier: Classifier;
}

/** How every asset looks: built from what it is made of, with its peers and conflicts, and as it was last published. */
export class AssetViews {
  readonly #ground: AssetGround;
  readonly #assets = new Map<string, Asset>();
  readonly #published = new Map<string, Asset>();
  readonly #claims = new ClaimIndex();
  /** Assets of which only times and counters moved on: they are built anew when somebody looks. */
  readonly #stale = new Set<string>();

  constructor(ground: AssetGround) {
    this.#ground = ground;
  }

  /** Every asset; counters of peers and evidence may lag behind. */
  list(): readonly Asset[] {
    return [...this.#assets.values()];
  }

  find(id: string): Asset | undefined {
    if (this.#stale.has(id)) this.#rebuild(id);
    return this.#assets.get(id);
  }

  /** Takes every asset that there is as published. */
  restore(): void {
    // Peers carry the kind of the other end, which this round finds: they are right after the next `refresh`.
    for (const id of this.#ground.records.keys()) {
      const asset = this.#build(id);
      if (asset === undefined) continue;
      this.#assets.set(id, asset);
      this.#published.set(id, asset);
    }
  }

  /** Builds assets anew. @returns their ids and those of all others that show something of them that has changed */
  refresh(ids: ReadonlySet<string>): ReadonlySet<string> {
    const affected = new Set<string>();
    for (const id of ids) for (const other of this.#rebuild(id)) affected.add(other);
    // One further round is enough: peers and conflicts of neighbours depend on kinds and claims, not on their peers.
    for (const id of affected) this.#rebuild(id);
    return new Set([...ids, ...affected]);
  }

  /** Takes an asset as published. @returns what to publish; undefined when nothing of substance changed */
  publish(id: string): Publication | undefined {
    const record = this.#ground.records.get(id);
    const asset = this.#assets.get(id);
    if (record === undefined || asset === undefined) return undefined;
    const publication = publicationOf(asset, record, this.#published.get(id));
    if (publication === undefined) return undefined;
    this.#assets.set(id, publication.asset);
    this.#published.set(id, publication.asset);
    return publication;
  }

  /** @returns how it looked last, and ids of the assets that showed something of it */
  drop(id: string): { asset: Asset | undefined; affected: ReadonlySet<string> } {
    const asset = this.#assets.get(id);
    const affected = new Set(this.#claims.set(id, asset?.isSample === true ? 'sample' : '', []));
    for (const { assetId } of asset?.peers ?? []) if (assetId !== undefined) affected.add(assetId);
    this.#assets.delete(id);
    this.#published.delete(id);
    this.#stale.delete(id);
    return { asset, affected };
  }

  markSeen(id: string, time: number): void {
    const asset = this.#assets.get(id);
    if (asset !== undefined && time > asset.lastSeen) this.#assets.set(id, { ...asset, lastSeen: time });
    this.#stale.add(id);
  }

  markStale(id: string): void {
    this.#stale.add(id);
  }

  /** Whether another asset claims the same identity. */
  hasRivals(id: string): boolean {
    return this.#claims.hasRivals(id);
  }

  /** Assets at both ends of a conversation. */
  talkersOf({ client, server, serverPort, protocol, sample }: Conversation): string[] {
    const { ip: clientIp = '' } = client;
    const { ip: serverIp = '' } = server;
    const ends = [
      this.#assetAt(clientIp, sample, clientProgram(clientIp, protocol)),
      this.#assetAt(serverIp, sample, serverProgram(serverIp, serverPort)),
    ];
    return ends.filter((id) => id !== undefined);
  }

  /** Assets that talked with an endpoint. */
  neighboursOf(endpoint: Endpoint): string[] {
    const { asClient, asServer } = this.#ground.conversations.of(endpoint, () => true);
    return [...asClient, ...asServer].flatMap((conversation) => this.talkersOf(conversation));
  }

  #rebuild(id: string): Set<string> {
    this.#stale.delete(id);
    const record = this.#ground.records.get(id);
    const asset = this.#build(id);
    if (record === undefined || asset === undefined) return new Set();
    const before = this.#assets.get(id);
    const affected = this.#claims.set(id, record.isSample ? 'sample' : '', claimsOf(asset.evidence));
    const conflicts = this.#claims.conflictsOf(id, (other) => this.#assets.get(other)?.name ?? other);
    this.#assets.set(id, { ...asset, conflicts: [...asset.conflicts, ...conflicts] });
    const isSameForPeers =
      before !== undefined &&
      before.facts.kind?.value === asset.facts.kind?.value &&
      before.facts.zone?.value === asset.facts.zone?.value;
    if (!isSameForPeers) {
      for (const endpoint of this.#endpointsOf(record)) {
        for (const neighbour of this.neighboursOf(endpoint)) affected.add(neighbour);
      }
    }
    affected.delete(id);
    return affected;
  }

  #build(id: string): Asset | undefined {
    const { records, index, conversations, networks, classifier } = this.#ground;
    const record = records.get(id);
    if (record === undefined) return undefined;
    const endpoints = this.#endpointsOf(record);
    const ips: string[] = [];
    const talk = endpoints.map((endpoint) => {
      const holds = (ip: string) => index.holds(endpoint, ip);
      ips.push(...[...endpoint.ips.keys()].filter(holds));
      return conversations.of(endpoint, holds);
    });
    return buildAsset({
      record,
      endpoints,
      ips,
      asClient: talk.flatMap(({ asClient }) => asClient),
      asServer: talk.flatMap(({ asServer }) => asServer),
      identify: ({ ip, port, protocol, direction }) => {
        const program = direction === 'outgoing' ? serverProgram(ip, port) : clientProgram(ip, protocol);
        return this.#identify(ip, program, record.isSample);
      },
      networks,
      classifier,
    });
  }

  #endpointsOf({ endpoints }: AssetRecord): Endpoint[] {
    return [...endpoints].flatMap((key) => this.#ground.index.endpoints.get(key) ?? []);
  }

  #identify(ip: string, program: Program | undefined, isSample: boolean): PeerIdentity {
    if (this.#ground.networks.isExternal(ip)) return { isExternal: true };
    const assetId = this.#assetAt(ip, isSample, program);
    if (assetId === undefined) return { isExternal: false };
    const facts = this.#assets.get(assetId)?.facts;
    return {
      isExternal: false,
      assetId,
      ...(facts?.kind === undefined ? {} : { kind: facts.kind.value }),
      ...(facts?.zone === undefined ? {} : { zone: facts.zone.value }),
    };
  }

  #assetAt(ip: string, isSample: boolean, program: Program | undefined): string | undefined {
    const endpoint = this.#ground.index.atAddress(ip, isSample, program);
    return endpoint === undefined ? undefined : this.#ground.assetOfEndpoint.get(endpoint.key);
  }
}
