import type { RiskAsset, Talk } from '@sphinx/risk';

/** What stands in a large hospital: kinds with their part of all assets, class, and what they talk to. */
const KINDS: readonly {
  readonly kind: string;
  readonly part: number;
  readonly safety: RiskAsset['safety'];
  readonly isOfWard: boolean;
  readonly asks: readonly (readonly [role: string, protocol: string])[];
}[] = [
  {
    kind: 'workstation',
    part: 0.4,
    safety: 'none',
    isOfWard: true,
    asks: [
      ['his', 'tls'],
      ['files', 'smb'],
      ['pacs', 'dicomweb'],
    ],
  },
  { kind: 'patient-monitor', part: 0.12, safety: 'life-sustaining', isOfWard: true, asks: [['gateway', 'intellivue']] },
  { kind: 'infusion-pump', part: 0.12, safety: 'life-sustaining', isOfWard: true, asks: [['pumps', 'tls']] },
  { kind: 'ventilator', part: 0.02, safety: 'life-sustaining', isOfWard: true, asks: [['gateway', 'medibus']] },
  {
    kind: 'ultrasound',
    part: 0.03,
    safety: 'diagnosis',
    isOfWard: true,
    asks: [
      ['pacs', 'dicom'],
      ['ris', 'dicom'],
    ],
  },
  {
    kind: 'ct-scanner',
    part: 0.01,
    safety: 'diagnosis',
    isOfWard: true,
    asks: [
      ['pacs', 'dicom'],
      ['ris', 'dicom'],
    ],
  },
  { kind: 'laboratory-analyser', part: 0.02, safety: 'diagnosis', isOfWard: true, asks: [['lis', 'astm']] },
  { kind: 'voip-phone', part: 0.13, safety: 'care-support', isOfWard: true, asks: [['phones', 'sip']] },
  { kind: 'printer', part: 0.08, safety: 'none', isOfWard: false, asks: [] },
  { kind: 'ip-camera', part: 0.04, safety: 'none', isOfWard: false, asks: [] },
  { kind: 'iot-device', part: 0.03, safety: 'none', isOfWard: false, asks: [] },
];
const SERVERS: Readonly<
  Record<
    string,
    { readonly kind: string; readonly count: number; readonly asks: readonly (readonly [string, string])[] }
  >
> = {
  directory: { kind: 'domain-controller', count: 4, asks: [] },
  names: { kind: 'dns-dhcp-server', count: 2, asks: [] },
  his: {
    kind: 'his',
    count: 4,
    asks: [
      ['sql', 'tds'],
      ['engine', 'hl7'],
    ],
  },
  pacs: {
    kind: 'dicom-archive',
    count: 4,
    asks: [
      ['sql', 'tds'],
      ['storage', 'onc-rpc'],
    ],
  },
  ris: {
    kind: 'ris',
    count: 2,
    asks: [
      ['sql', 'tds'],
      ['engine', 'hl7'],
    ],
  },
  lis: {
    kind: 'lis',
    count: 2,
    asks: [
      ['sql', 'tds'],
      ['engine', 'hl7'],
    ],
  },
  engine: { kind: 'interface-engine', count: 2, asks: [['his', 'hl7']] },
  gateway: { kind: 'device-gateway', count: 8, asks: [['engine', 'hl7']] },
  pumps: { kind: 'pump-server', count: 2, asks: [['his', 'hl7']] },
  phones: { kind: 'telephone-system', count: 2, asks: [] },
  files: { kind: 'file-server', count: 8, asks: [] },
  sql: { kind: 'database-server', count: 6, asks: [['storage', 'onc-rpc']] },
  storage: { kind: 'network-storage', count: 2, asks: [] },
  backup: {
    kind: 'backup-server',
    count: 2,
    asks: [
      ['sql', 'smb'],
      ['files', 'smb'],
      ['his', 'ssh'],
    ],
  },
};
const BEDS_PER_WARD = 120;
const SEEN = Date.UTC(2026, 0, 5, 8);

/** @returns a hospital of so many assets, the same every time; servers come first, directories before all */
export function inventedRiskHospital(count: number): readonly RiskAsset[] {
  const servers = Object.entries(SERVERS).flatMap(([role, { kind, count: many, asks }]) =>
    Array.from({ length: many }, (_, index) => ({ id: `${role}-${index}`, role, kind, asks, index })),
  );
  const everywhere = (index: number): Talk[] => [
    talk('directory', index, 'kerberos'),
    talk('directory', index + 1, 'ldap'),
    talk('names', index, 'dns'),
    talk('names', index + 1, 'dns'),
  ];
  const talk = (role: string, index: number, protocol: string): Talk => ({
    peer: `${role}-${index % (SERVERS[role]?.count ?? 1)}`,
    role: 'client',
    protocol,
    port: 0,
    flows: 10,
    lastSeen: SEEN,
  });
  const common = { zone: '', isSample: false, talksToInternet: false, hasPatientData: false };
  const machines = servers.map(({ id, kind, asks, index, role }): RiskAsset => {
    const talks = [
      ...asks.map(([to, protocol]) => talk(to, index, protocol)),
      ...(role === 'directory' ? [] : everywhere(index)),
    ];
    return {
      ...common,
      id,
      name: id,
      kind,
      ips: [`10.0.0.${index + 1}`],
      careArea: '',
      safety: null,
      talks,
      reachedFrom: 'hospital',
    };
  });
  const devices: RiskAsset[] = [];
  const total = count - machines.length;
  for (const { kind, part, safety, isOfWard, asks } of KINDS) {
    const many = Math.round(total * part);
    for (let index = 0; index < many; index++) {
      const ward = devices.length % Math.max(1, Math.round(total / BEDS_PER_WARD));
      const place = devices.length;
      devices.push({
        ...common,
        id: `${kind}-${index}`,
        name: `${kind}-${index}`,
        kind,
        ips: [`10.${1 + (ward >> 8)}.${ward & 255}.${1 + (place % 250)}`],
        careArea: isOfWard ? `Ward ${ward}` : '',
        safety,
        talks: [...asks.map(([to, protocol]) => talk(to, place, protocol)), ...everywhere(place)],
        reachedFrom: 'restricted',
        talksToInternet: kind === 'workstation',
      });
    }
  }
  return [...machines, ...devices].slice(0, count);
}
