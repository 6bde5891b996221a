import type { Asset, AssetFactName } from '@sphinx/schema';
import { SAMPLE_ASSET_PREFIX } from '../assets/asset-book.ts';

/** A device of the sample hospital. */
export interface SampleDevice {
  readonly id: string;
  readonly name: string;
  readonly ip: string;
  readonly kind: string;
  readonly zone: string;
  readonly careArea: string;
  readonly safety: string;
}

const GROUPS: readonly {
  readonly name: string;
  readonly count: number;
  readonly kind: string;
  readonly zone: string;
  readonly careArea: string;
  readonly safety: string;
}[] = [
  { name: 'ws', count: 120, kind: 'workstation', zone: 'office', careArea: '', safety: 'none' },
  { name: 'ward-ws', count: 60, kind: 'workstation', zone: 'bedside', careArea: 'Wards', safety: 'care-support' },
  {
    name: 'icu-monitor',
    count: 16,
    kind: 'patient-monitor',
    zone: 'bedside',
    careArea: 'Intensive care',
    safety: 'life-sustaining',
  },
  {
    name: 'icu-ventilator',
    count: 8,
    kind: 'ventilator',
    zone: 'bedside',
    careArea: 'Intensive care',
    safety: 'life-sustaining',
  },
  { name: 'pump', count: 30, kind: 'infusion-pump', zone: 'bedside', careArea: 'Wards', safety: 'therapy' },
  { name: 'ct', count: 2, kind: 'ct-scanner', zone: 'imaging', careArea: 'Radiology', safety: 'diagnosis' },
  { name: 'mr', count: 2, kind: 'mr-scanner', zone: 'imaging', careArea: 'Radiology', safety: 'diagnosis' },
  { name: 'us', count: 6, kind: 'ultrasound', zone: 'imaging', careArea: 'Radiology', safety: 'diagnosis' },
  {
    name: 'analyser',
    count: 8,
    kind: 'laboratory-analyser',
    zone: 'laboratory',
    careArea: 'Laboratory',
    safety: 'diagnosis',
  },
  { name: 'linac', count: 1, kind: 'radiotherapy', zone: 'imaging', careArea: 'Oncology', safety: 'therapy' },
  { name: 'printer', count: 25, kind: 'printer', zone: 'office', careArea: '', safety: 'none' },
  { name: 'camera', count: 12, kind: 'ip-camera', zone: 'building', careArea: '', safety: 'none' },
  { name: 'bms', count: 3, kind: 'building-controller', zone: 'building', careArea: '', safety: 'care-support' },
  { name: 'byod', count: 25, kind: 'phone', zone: 'guest', careArea: '', safety: 'none' },
  { name: 'admin-ws', count: 4, kind: 'workstation', zone: 'office', careArea: '', safety: 'none' },
];

const SERVERS = [
  'dc1',
  'dc2',
  'files',
  'mail',
  'backup',
  'scanner',
  'monitoring',
  'wsus',
  'vpn',
  'portal',
  'proxy',
  'sql',
  'research',
] as const;
const CLINICAL_SERVERS = ['pacs', 'pacs-router', 'ris', 'his', 'fhir', 'engine', 'lis', 'gateway'] as const;
const DECOYS = ['decoy-a', 'decoy-b', 'decoy-c'] as const;

/** The devices and people of a hospital of 400 beds, the same every time. */
export class SampleHospital {
  readonly devices: readonly SampleDevice[];
  readonly users: readonly string[] = Array.from(
    { length: 150 },
    (_, index) => `user${String(index + 1).padStart(3, '0')}`,
  );
  readonly admins: readonly string[] = ['adm.berg', 'adm.cruz', 'adm.dahl', 'adm.evans'];
  /** What the hospital states as `professionals`. */
  readonly professionals: readonly string[] = [
    ...['scanner', 'monitoring', 'backup', 'wsus', 'admin-ws-1', 'admin-ws-2', 'admin-ws-3', 'admin-ws-4'],
    ...this.admins,
    'svc.update',
  ];
  readonly #byName: ReadonlyMap<string, SampleDevice>;

  constructor() {
    const devices: SampleDevice[] = [];
    GROUPS.forEach(({ name, count, ...group }, subnet) => {
      for (let index = 1; index <= count; index++) {
        devices.push(deviceOf(`${name}-${index}`, `10.${subnet + 10}.0.${index + 10}`, group));
      }
    });
    SERVERS.forEach((name, index) => {
      devices.push(
        deviceOf(name, `10.1.0.${index + 10}`, { kind: 'server', zone: 'servers', careArea: '', safety: 'none' }),
      );
    });
    CLINICAL_SERVERS.forEach((name, index) => {
      const group = { kind: 'server', zone: 'clinical-servers', careArea: 'All of the house', safety: 'care-support' };
      devices.push(deviceOf(name, `10.2.0.${index + 10}`, group));
    });
    this.devices = devices;
    this.#byName = new Map(devices.map((device) => [device.name, device]));
  }

  /** @throws Error when there is no such device */
  get(name: string): SampleDevice {
    const device = this.#byName.get(name);
    if (device === undefined) throw new Error(`The sample hospital has no device "${name}"`);
    return device;
  }

  /** Devices whose name begins so. */
  group(prefix: string): readonly SampleDevice[] {
    return this.devices.filter(({ name }) => name.replace(/-\d+$/, '') === prefix);
  }

  /** Addresses at which nothing but a decoy answers. */
  decoyIps(): readonly string[] {
    return DECOYS.map((_, index) => `10.3.0.${index + 10}`);
  }
}

function deviceOf(
  name: string,
  ip: string,
  group: Pick<SampleDevice, 'kind' | 'zone' | 'careArea' | 'safety'>,
): SampleDevice {
  return { id: `${SAMPLE_ASSET_PREFIX}${name}`, name, ip, ...group };
}

/** @returns the device as the inventory tells it */
export function assetOf({ id, name, ip, kind, zone, careArea, safety }: SampleDevice, time: number): Asset {
  const facts: Partial<Record<AssetFactName, string>> = { kind, zone, careArea, patientSafetyClass: safety };
  const stated = Object.entries(facts).filter(([, value]) => value !== '');
  return {
    id,
    name,
    macs: [],
    ips: [ip],
    hostnames: [`${name}.hospital.example`],
    facts: Object.fromEntries(
      stated.map(([fact, value]) => [
        fact,
        { value, confidence: 1, origin: { kind: 'manual' as const, reference: 'sample' }, evidence: [] },
      ]),
    ),
    services: [],
    peers: [],
    evidence: [],
    conflicts: [],
    sources: [],
    isSample: true,
    isPinned: false,
    firstSeen: time,
    lastSeen: time,
    revision: 1,
  };
}
