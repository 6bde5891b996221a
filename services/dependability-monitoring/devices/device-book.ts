import type { StateStore } from '@sphinx/platform';
import { deviceOf, type KnownService, type ProbeSubject } from '@sphinx/probes/policy';
import type { Asset, Fact } from '@sphinx/schema';

const MAXIMUM_CLIENTS = 1000;

/** A service of a device with how many others were seen to use it. */
export interface UsedService extends KnownService {
  readonly clients: number;
}

/** What is kept of an asset: whether it may be asked, and what it offers to whom. */
export interface KnownDevice {
  readonly assetId: string;
  readonly name: string;
  readonly ips: readonly string[];
  readonly kind: string | null;
  readonly safetyClass: string | null;
  readonly isSample: boolean;
  readonly careArea: string;
  readonly aeTitles: readonly string[];
  readonly services: readonly UsedService[];
}

/** The devices of the inventory by address. */
export class DeviceBook {
  readonly #state: StateStore;
  readonly #devices = new Map<string, KnownDevice>();
  readonly #byAddress = new Map<string, Set<string>>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    const rows = await this.#state.query<{ device: KnownDevice }>('SELECT device FROM dependability_monitoring.device');
    for (const { device } of rows) this.#put(device);
  }

  all(): readonly KnownDevice[] {
    return [...this.#devices.values()];
  }

  at(ip: string): readonly KnownDevice[] {
    return [...(this.#byAddress.get(ip) ?? [])].flatMap((id) => this.#devices.get(id) ?? []);
  }

  /** As the probe policy asks for them. Devices of the sample hospital do not exist. */
  subjectsAt(ip: string): readonly ProbeSubject[] {
    return this.at(ip)
      .filter(({ isSample }) => !isSample)
      .map(({ assetId, kind, safetyClass }) => ({
        assetId,
        ip,
        kind: kind ?? undefined,
        safetyClass: safetyClass ?? undefined,
      }));
  }

  /** Takes what the inventory says. */
  async take(fact: Fact): Promise<void> {
    if (fact.type === 'asset.discovered' || fact.type === 'asset.updated') await this.#save(fact.data);
    else if (fact.type === 'asset.removed') await this.#remove(fact.data.assetId);
    else if (fact.type === 'asset.merged') await this.#remove(fact.data.mergedAssetId);
  }

  async #save(asset: Asset): Promise<void> {
    const device = knownDeviceOf(asset);
    if (JSON.stringify(device) === JSON.stringify(this.#devices.get(asset.id))) return;
    await this.#state.query(
      `INSERT INTO dependability_monitoring.device (asset_id, device) VALUES ($1, $2::jsonb)
       ON CONFLICT (asset_id) DO UPDATE SET device = excluded.device`,
      [asset.id, JSON.stringify(device)],
    );
    this.#take(asset.id);
    this.#put(device);
  }

  async #remove(id: string): Promise<void> {
    await this.#state.query('DELETE FROM dependability_monitoring.device WHERE asset_id = $1', [id]);
    this.#take(id);
  }

  #put(device: KnownDevice): void {
    this.#devices.set(device.assetId, device);
    for (const ip of device.ips) {
      const holders = this.#byAddress.get(ip) ?? new Set();
      this.#byAddress.set(ip, holders.add(device.assetId));
    }
  }

  #take(id: string): void {
    for (const ip of this.#devices.get(id)?.ips ?? []) {
      const holders = this.#byAddress.get(ip);
      holders?.delete(id);
      if (holders?.size === 0) this.#byAddress.delete(ip);
    }
    this.#devices.delete(id);
  }
}

/** @returns of an asset what this service needs */
export function knownDeviceOf(asset: Asset): KnownDevice {
  const device = deviceOf(asset);
  return {
    assetId: asset.id,
    name: asset.name,
    ips: asset.ips,
    kind: device?.kind ?? null,
    safetyClass: device?.safetyClass ?? null,
    isSample: asset.isSample,
    careArea: asset.facts.careArea?.value ?? '',
    aeTitles: device?.names ?? [],
    services: (device?.services ?? []).map((service) => ({ ...service, clients: clientsOf(asset, service) })),
  };
}

function clientsOf(asset: Asset, { port, transport }: KnownService): number {
  const users = asset.peers.filter(
    (peer) => peer.direction === 'incoming' && peer.port === port && peer.transport === transport && peer.isAnswered,
  );
  return Math.min(MAXIMUM_CLIENTS, new Set(users.map(({ ip }) => ip)).size);
}
