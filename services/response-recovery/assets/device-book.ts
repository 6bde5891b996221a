import { BlockList, isIP } from 'node:net';
import type { StateStore } from '@sphinx/platform';
import type { Fact } from '@sphinx/schema';
import { type Device, deviceOf } from './device.ts';

/** The devices of the inventory, found by id, address, hardware address and name. */
export class DeviceBook {
  readonly #state: StateStore;
  readonly #devices = new Map<string, Device>();
  /** Ids by address, hardware address and name, in small letters. */
  readonly #byName = new Map<string, Set<string>>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  async open(): Promise<void> {
    this.#devices.clear();
    this.#byName.clear();
    const rows = await this.#state.query<{ device: Device }>('SELECT device FROM response_recovery.device');
    for (const { device } of rows) this.#put(device);
  }

  get(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  /** @param name id, address, hardware address, host name, or what people call it */
  find(name: string): readonly Device[] {
    const device = this.#devices.get(name);
    if (device !== undefined) return [device];
    return [...(this.#byName.get(name.toLowerCase()) ?? [])].flatMap((id) => this.#devices.get(id) ?? []);
  }

  /** @param network address or network in CIDR notation */
  within(network: string): readonly Device[] {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) return this.find(address);
    const family = isIP(address);
    if (family === 0) return [];
    const list = new BlockList();
    list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    return [...this.#devices.values()].filter(({ ips }) =>
      ips.some((ip) => isIP(ip) === family && list.check(ip, family === 4 ? 'ipv4' : 'ipv6')),
    );
  }

  /** Devices of a care area of which somebody said what they do for patients, or nobody said that they do nothing. */
  inCareArea(careArea: string): readonly Device[] {
    if (careArea === '') return [];
    return [...this.#devices.values()].filter(
      (device) => device.careArea === careArea && device.clinicalClass !== 'none',
    );
  }

  /** Devices that were seen to talk to an address. */
  talkingTo(ip: string): readonly Device[] {
    return [...this.#devices.values()].filter(({ talks }) => talks.some((talk) => talk.ip === ip));
  }

  /** Takes what the inventory says. */
  async take(fact: Fact): Promise<void> {
    if (fact.type === 'asset.discovered' || fact.type === 'asset.updated') await this.#save(deviceOf(fact.data));
    else if (fact.type === 'asset.removed') await this.#remove(fact.data.assetId);
    else if (fact.type === 'asset.merged') await this.#remove(fact.data.mergedAssetId);
  }

  async #save(device: Device): Promise<void> {
    await this.#state.query(
      `INSERT INTO response_recovery.device (id, device) VALUES ($1, $2::jsonb)
       ON CONFLICT (id) DO UPDATE SET device = excluded.device`,
      [device.id, JSON.stringify(device)],
    );
    this.#drop(device.id);
    this.#put(device);
  }

  async #remove(id: string): Promise<void> {
    await this.#state.query('DELETE FROM response_recovery.device WHERE id = $1', [id]);
    this.#drop(id);
  }

  #put(device: Device): void {
    this.#devices.set(device.id, device);
    for (const name of namesOf(device)) {
      const holders = this.#byName.get(name) ?? new Set();
      this.#byName.set(name, holders.add(device.id));
    }
  }

  #drop(id: string): void {
    const device = this.#devices.get(id);
    if (device === undefined) return;
    this.#devices.delete(id);
    for (const name of namesOf(device)) {
      const holders = this.#byName.get(name);
      holders?.delete(id);
      if (holders?.size === 0) this.#byName.delete(name);
    }
  }
}

function namesOf({ name, ips, macs, hostnames }: Device): readonly string[] {
  return [...new Set([name.toLowerCase(), ...ips, ...macs, ...hostnames])];
}
