import type { StateStore } from '@sphinx/platform';
import type { Asset, Fact } from '@sphinx/schema';
import type { SeenService } from './adopted-services.ts';
import type { Custom } from './identity.ts';

const MAXIMUM_ASSETS = 20_000;
const MAXIMUM_VALUES = 4;
const MAXIMUM_SERVICES = 16;
/** Evidence → protocol whose version it tells. */
const VERSIONS: Readonly<Record<string, string>> = {
  'ssh.server.software': 'ssh',
  'http.server': 'http',
  'dicom.implementation-version': 'dicom',
  'mysql.version': 'mysql',
  'ftp.banner': 'ftp',
};

interface Neighbour {
  readonly kind: string;
  readonly hostNames: readonly string[];
  readonly aeTitles: readonly string[];
  readonly versions: readonly (readonly [protocol: string, version: string])[];
  /** Absent of machines that were kept before it was. */
  readonly services?: readonly SeenService[];
}

/** What the real machines of this network are called and run, as the inventory tells it. */
export class Neighbourhood {
  readonly #state: StateStore;
  readonly #neighbours = new Map<string, Neighbour>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ asset: string; neighbour: Neighbour }>(
      'SELECT asset, neighbour FROM honeypots.neighbour',
    );
    for (const { asset, neighbour } of rows) this.#neighbours.set(asset, neighbour);
  }

  async take(fact: Fact): Promise<void> {
    if (fact.type === 'asset.discovered' || fact.type === 'asset.updated') await this.#put(fact.data);
    else if (fact.type === 'asset.removed') await this.#remove(fact.data.assetId);
    else if (fact.type === 'asset.merged') await this.#remove(fact.data.mergedAssetId);
  }

  /** @param kind of the decoy, as knowledge/asset-kinds has it */
  customOf(kind: string): Custom {
    const all = [...this.#neighbours.values()];
    const banners: Record<string, string[]> = {};
    for (const [protocol, version] of all.flatMap(({ versions }) => versions)) {
      banners[protocol] = [...(banners[protocol] ?? []), version];
    }
    const alike = all.filter((each) => each.kind === kind);
    return {
      services: alike.map(({ services = [] }) => services),
      hostNames: alike.flatMap(({ hostNames }) => hostNames),
      allHostNames: all.flatMap(({ hostNames }) => hostNames),
      aeTitles: all.flatMap(({ aeTitles }) => aeTitles),
      banners,
    };
  }

  /** @returns how many machines of a kind the network has */
  countOf(kind: string): number {
    return [...this.#neighbours.values()].filter((each) => each.kind === kind).length;
  }

  async #put({ id, isSample, hostnames, facts, evidence, services }: Asset): Promise<void> {
    if (isSample || (this.#neighbours.size >= MAXIMUM_ASSETS && !this.#neighbours.has(id))) return;
    const of = (attribute: string) =>
      evidence.filter((each) => each.attribute === attribute && each.role !== 'client').map(({ value }) => value);
    const neighbour: Neighbour = {
      kind: facts.kind?.value ?? '',
      hostNames: hostnames.slice(0, MAXIMUM_VALUES),
      aeTitles: of('dicom.ae-title').slice(0, MAXIMUM_VALUES),
      versions: Object.entries(VERSIONS).flatMap(([attribute, protocol]) =>
        of(attribute)
          .slice(0, 1)
          .map((version) => [protocol, version] as const),
      ),
      services: services
        .slice(0, MAXIMUM_SERVICES)
        .map(({ protocol, port, isEncrypted }) => ({ protocol, port, isTls: isEncrypted && protocol !== 'ssh' })),
    };
    const text = JSON.stringify(neighbour);
    if (JSON.stringify(this.#neighbours.get(id)) === text) return;
    this.#neighbours.set(id, neighbour);
    await this.#state.query(
      `INSERT INTO honeypots.neighbour (asset, neighbour) VALUES ($1, $2::jsonb)
       ON CONFLICT (asset) DO UPDATE SET neighbour = excluded.neighbour`,
      [id, text],
    );
  }

  async #remove(id: string): Promise<void> {
    this.#neighbours.delete(id);
    await this.#state.query('DELETE FROM honeypots.neighbour WHERE asset = $1', [id]);
  }
}
