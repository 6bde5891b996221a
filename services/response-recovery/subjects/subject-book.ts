import type { StateStore } from '@sphinx/platform';
import type { Fact, Incident, ResponseSubject } from '@sphinx/schema';
import type { DeviceBook } from '../assets/device-book.ts';
import type { Values } from '../commands/condition.ts';

/** As much of an incident as a response needs. */
interface KnownIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** When the attack was seen first, milliseconds since the Unix epoch. */
  readonly firstSeen: number;
  readonly isSample: boolean;
  readonly assetIds: readonly string[];
  readonly addresses: readonly string[];
  readonly users: readonly string[];
}

/** Something that a run can be about. */
export interface KnownSubject {
  readonly subject: ResponseSubject;
  readonly attackFrom: number | undefined;
  readonly isSample: boolean;
  /** Values of variables where there is one thing only that they can mean. */
  readonly variables: Values;
}

/** Incidents and devices by what people call them. */
export class SubjectBook {
  readonly #state: StateStore;
  readonly #devices: DeviceBook;

  constructor(state: StateStore, devices: DeviceBook) {
    this.#state = state;
    this.#devices = devices;
  }

  /** Takes what is told of incidents. */
  async take(fact: Fact): Promise<void> {
    if (fact.type === 'incident.opened' || fact.type === 'incident.updated' || fact.type === 'incident.closed') {
      const incident = knownIncident(fact.data);
      await this.#state.query(
        `INSERT INTO response_recovery.incident (id, number, incident) VALUES ($1, $2, $3::jsonb)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, incident = excluded.incident`,
        [incident.id, incident.number, JSON.stringify(incident)],
      );
    }
  }

  /**
   * @param name INC-12, id of an incident, a weakness such as CVE-2019-0708, or id, address or name of a device; empty: an exercise
   */
  async find(name: string): Promise<KnownSubject | undefined> {
    const unknown = { attackFrom: undefined, isSample: false, variables: {} };
    if (name === '') return { subject: { kind: 'exercise', id: 'exercise', name: 'Exercise' }, ...unknown };
    const incident = await this.#incident(name);
    if (incident !== undefined) return this.#ofIncident(incident);
    const [device, ...others] = this.#devices.find(name);
    if (device !== undefined && others.length === 0) {
      const { id, ips, macs, isSample } = device;
      const variables = onlyOnes({ __device_ip__: ips, __device_mac__: macs });
      return { subject: { kind: 'device', id, name: device.name }, attackFrom: undefined, isSample, variables };
    }
    if (/^CVE-\d{4}-\d{4,}$/i.test(name)) {
      const id = name.toUpperCase();
      return { subject: { kind: 'weakness', id, name: id }, ...unknown };
    }
    return undefined;
  }

  #ofIncident({ id, number, firstSeen, isSample, assetIds, addresses, users }: KnownIncident): KnownSubject {
    const devices = assetIds.flatMap((each) => this.#devices.get(each) ?? []);
    return {
      subject: { kind: 'incident', id, name: `INC-${number}` },
      attackFrom: firstSeen,
      isSample,
      variables: onlyOnes({
        __device_ip__: devices.flatMap(({ ips }) => ips),
        __device_mac__: devices.flatMap(({ macs }) => macs),
        __hostile_address__: addresses,
        __account__: users,
      }),
    };
  }

  async #incident(name: string): Promise<KnownIncident | undefined> {
    const number = /^inc-(\d{1,9})$/i.exec(name)?.[1];
    const [row] = await this.#state.query<{ incident: KnownIncident }>(
      'SELECT incident FROM response_recovery.incident WHERE id = $1 OR number = $2::int',
      [name, number === undefined ? null : Number(number)],
    );
    return row?.incident;
  }
}

function knownIncident(incident: Incident): KnownIncident {
  const { id, number, title, firstSeen, isSample, assets, addresses, users } = incident;
  return { id, number, title, firstSeen, isSample, assetIds: assets.map(({ assetId }) => assetId), addresses, users };
}

/** Where a variable can mean several things, a person says which. */
function onlyOnes(values: Readonly<Record<string, readonly string[]>>): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, all]) => {
      const [value, ...others] = new Set(all);
      return value === undefined || others.length > 0 ? [] : [[name, value]];
    }),
  );
}
