import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type AssetPlaces, type Clock, type Secrets, SphinxError } from '@sphinx/platform';
import type { DecoyKnowledge } from '../knowledge.ts';
import type { DecoyProcessHost } from '../process/decoy-process-host.ts';
import type { ListenerState } from '../process/messages.ts';
import { addressFault, expandAddresses } from './addresses.ts';
import { type Decoy, servicesOf } from './decoy.ts';
import type { DecoyContext } from './decoy-context.ts';
import { keysOf } from './decoy-keys.ts';
import type { DecoyStore } from './decoy-store.ts';
import { inventPatients, type Patient } from './patients.ts';
import type { DecoyIdentity, DecoyService, Persona } from './persona.ts';

const PATIENTS_OF_A_DECOY = 60;
const MAXIMUM_DECOYS = 200;
const NEIGHBOURS = '/proc/net/arp';

export interface DecoyDeskParts {
  readonly store: DecoyStore;
  readonly knowledge: DecoyKnowledge;
  readonly host: DecoyProcessHost;
  readonly places: AssetPlaces;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Names for a new decoy. */
  readonly nameAfterHouse: (persona: Persona, seed: string) => DecoyIdentity;
  /** Patients that were planted: every decoy has them. */
  readonly plantedPatients: () => readonly Patient[];
}

export interface NewDecoy {
  readonly persona: string;
  readonly addresses: readonly string[];
  readonly name?: string | undefined;
  readonly portOffset: number;
  readonly ports: Readonly<Record<string, number>>;
}

/** Sets decoys up, starts and stops them. */
export class DecoyDesk {
  readonly #parts: DecoyDeskParts;
  readonly #decoys = new Map<string, Decoy>();
  readonly #listeners = new Map<string, readonly ListenerState[]>();

  constructor(parts: DecoyDeskParts) {
    this.#parts = parts;
  }

  /** Starts those that were on. */
  async open(): Promise<void> {
    for (const decoy of await this.#parts.store.list()) this.#decoys.set(decoy.id, decoy);
    for (const decoy of this.#decoys.values()) if (decoy.isOn) await this.#start(decoy);
  }

  list(): readonly Decoy[] {
    return [...this.#decoys.values()].sort((left, right) => left.name.localeCompare(right.name));
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  get(id: string): Decoy {
    const decoy = this.#decoys.get(id) ?? this.list().find(({ name }) => name === id);
    if (decoy === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no decoy ${id}.`);
    return decoy;
  }

  listenersOf(id: string): readonly ListenerState[] {
    return this.#listeners.get(id) ?? [];
  }

  /** The process was started again and has opened it anew. */
  tookListeners(id: string, listeners: readonly ListenerState[]): void {
    if (this.#decoys.get(id)?.isOn === true) this.#listeners.set(id, [...this.#faultsOf(id), ...listeners]);
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_INVALID_INPUT, SPX_CONFLICT */
  async add(wanted: NewDecoy, by: string): Promise<Decoy> {
    const persona = this.#persona(wanted.persona);
    expandAddresses(wanted.addresses);
    if (this.#decoys.size >= MAXIMUM_DECOYS)
      throw new SphinxError('SPX_CONFLICT', `There are ${MAXIMUM_DECOYS} decoys already.`);
    const id = `dcy_${randomBytes(8).toString('hex')}`;
    const identity = this.#parts.nameAfterHouse(persona, id);
    const name = wanted.name ?? this.#freeName(identity.hostName);
    if (this.list().some((each) => each.name === name)) {
      throw new SphinxError('SPX_CONFLICT', `There is a decoy ${name} already. Give it another name.`);
    }
    const decoy: Decoy = {
      id,
      name,
      persona: persona.id,
      addresses: [...wanted.addresses],
      portOffset: wanted.portOffset,
      ports: { ...wanted.ports },
      isOn: true,
      identity,
      createdAt: this.#parts.clock.now(),
      createdBy: by,
      heldAddresses: [],
    };
    this.#decoys.set(id, decoy);
    await this.#parts.store.save(decoy);
    await this.#start(decoy);
    return this.get(id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async switch(id: string, isOn: boolean): Promise<Decoy> {
    const decoy = { ...this.get(id), isOn };
    await this.#keep(decoy);
    if (isOn) await this.#start(decoy);
    else this.#stop(decoy.id);
    return this.get(decoy.id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async remove(id: string): Promise<Decoy> {
    const decoy = this.get(id);
    this.#stop(decoy.id);
    this.#decoys.delete(decoy.id);
    await this.#parts.store.remove(decoy.id);
    await this.#parts.secrets.remove(`keys-${decoy.id}`);
    return decoy;
  }

  /**
   * Takes up again what machines of its kind are called, run and offer here, which is more once they were watched for longer.
   *
   * @throws SphinxError SPX_NOT_FOUND
   */
  async adapt(id: string): Promise<Decoy> {
    const decoy = this.get(id);
    const { hostName, domain, aeTitle } = decoy.identity;
    const fresh = this.#parts.nameAfterHouse(this.#persona(decoy.persona), decoy.id);
    // Who knows it already finds it under the same name.
    const identity = { ...fresh, hostName, domain, ...(aeTitle === undefined ? {} : { aeTitle }) };
    await this.#keep({ ...decoy, identity });
    if (decoy.isOn) await this.#start(this.get(decoy.id));
    return this.get(decoy.id);
  }

  /** Those that are on get new contents, for example planted patients. */
  async refresh(): Promise<void> {
    for (const decoy of this.list()) if (decoy.isOn) await this.#start(decoy);
  }

  async #start(decoy: Decoy): Promise<void> {
    const { host, secrets, clock } = this.#parts;
    const persona = this.#persona(decoy.persona);
    const wanted = expandAddresses(decoy.addresses);
    const faults = await this.#addressFaults(decoy, wanted);
    const free = wanted.filter((address) => !faults.has(address));
    const services = servicesOf(decoy, persona);
    const context = this.#contextOf(decoy, services);
    const keys = await keysOf(decoy.id, decoy.identity.hostName, secrets, clock.now());
    const refused = [...faults].map(([address, fault]) => ({ address, port: 0, protocol: '', fault }));
    this.#listeners.set(decoy.id, refused);
    const listeners =
      free.length === 0 ? [] : await host.open({ id: decoy.id, addresses: free, services, context, keys });
    this.#listeners.set(decoy.id, [...refused, ...listeners]);
    const held = [
      ...new Set([
        ...decoy.heldAddresses,
        ...listeners.filter(({ fault }) => fault === '').map(({ address }) => address),
      ]),
    ];
    if (held.length > decoy.heldAddresses.length) await this.#keep({ ...decoy, heldAddresses: held });
  }

  #stop(id: string): void {
    this.#parts.host.close(id);
    this.#listeners.delete(id);
  }

  #faultsOf(id: string): readonly ListenerState[] {
    return this.listenersOf(id).filter(({ port }) => port === 0);
  }

  async #keep(decoy: Decoy): Promise<void> {
    this.#decoys.set(decoy.id, decoy);
    await this.#parts.store.save(decoy);
  }

  #contextOf({ id, identity, createdAt }: Decoy, services: readonly DecoyService[]): DecoyContext {
    const { knowledge, plantedPatients } = this.#parts;
    const pick = <T>(all: Readonly<Record<string, T>>, names: readonly string[]) =>
      Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const])));
    return {
      identity,
      patients: [...plantedPatients(), ...inventPatients(knowledge.words, id, PATIENTS_OF_A_DECOY, createdAt)],
      sites: pick(
        knowledge.sites,
        services.flatMap((each) => ('site' in each ? [each.site] : [])),
      ),
      machines: pick(
        knowledge.machines,
        services.flatMap((each) => ('machine' in each ? [each.machine] : [])),
      ),
    };
  }

  async #addressFaults(decoy: Decoy, addresses: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const book = {
      own: new Set(interfaces.map(({ address }) => address)),
      holders: (address: string) => this.#parts.places.of(address).map(({ asset }) => asset),
      neighbours: await readFile(NEIGHBOURS, 'utf8').catch(() => ''),
      held: new Set(decoy.heldAddresses),
    };
    return new Map(
      addresses.map((each) => [each, addressFault(each, book)] as const).filter(([, fault]) => fault !== ''),
    );
  }

  #persona(id: string): Persona {
    const persona = this.#parts.knowledge.personas.get(id);
    if (persona !== undefined) return persona;
    const known = [...this.#parts.knowledge.personas.keys()].join(', ');
    throw new SphinxError('SPX_NOT_FOUND', `There is no kind of decoy ${id}. There are: ${known}.`);
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.list().some((each) => each.name === name); number += 1) name = `${wanted}-${number}`;
    return name;
  }
}
