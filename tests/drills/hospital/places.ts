/** A part of the network: a bridge of the router with addresses of its own. */
export interface Zone {
  readonly id: string;
  /** First three numbers of its addresses; the router is .1. */
  readonly network: string;
  /** As `knowledge/zones` calls it; the internet is none of the hospital's. */
  readonly zone: string | null;
}

/** A machine: a network namespace with one interface. */
export interface Place {
  readonly name: string;
  readonly zone: Zone;
  readonly ip: string;
  readonly mac: string;
  /** What the hospital's list of devices says of it; null: nobody there knows it. */
  readonly kind: string | null;
}

const zone = (id: string, network: string, named: string | null = id): Zone => ({ id, network, zone: named });

export const ZONES = {
  office: zone('office', '10.77.10'),
  imaging: zone('imaging', '10.77.20'),
  archive: zone('archive', '10.77.25', 'imaging-servers'),
  clinical: zone('clinical', '10.77.30', 'clinical-servers'),
  servers: zone('servers', '10.77.40'),
  bedside: zone('bedside', '10.77.50'),
  guest: zone('guest', '10.77.60'),
  security: zone('security', '10.77.90', 'network'),
  // RFC 5737 keeps 203.0.113.0/24 for examples: it is nobody's.
  internet: zone('internet', '203.0.113', null),
} as const;

/** Where SPHINX stands, and the drill itself: the namespace that the drill was started in. */
export const SPHINX_IP = `${ZONES.security.network}.2`;

/** Of SPHINX, too, in the network of the servers: nobody has any business there. */
export const DECOY_IP = `${ZONES.servers.network}.9`;

/** @returns link address of the router in a zone */
export function routerMac({ id }: Zone): string {
  const at = Object.values(ZONES).findIndex((each) => each.id === id);
  return `02:77:00:00:fe:${at.toString(16).padStart(2, '0')}`;
}

let made = 0;

function place(name: string, where: Zone, last: number, kind: string | null): Place {
  made += 1;
  // Locally administered (IEEE 802): no maker is told by it.
  const mac = `02:77:00:00:${(made >> 8).toString(16).padStart(2, '0')}:${(made & 255).toString(16).padStart(2, '0')}`;
  return { name, zone: where, ip: `${where.network}.${last}`, mac, kind };
}

const workstation = (number: number) => place(`station-${number}`, ZONES.office, 20 + number, 'workstation');

export const PLACES = {
  modality: place('ct-1', ZONES.imaging, 21, 'ct-scanner'),
  reading: place('reading-1', ZONES.imaging, 22, 'dicom-workstation'),
  archive: place('archive', ZONES.archive, 5, 'dicom-archive'),
  engine: place('engine', ZONES.clinical, 5, 'interface-engine'),
  laboratory: place('laboratory', ZONES.clinical, 6, 'lis'),
  record: place('ehr', ZONES.clinical, 10, 'ehr'),
  database: place('ehr-db', ZONES.clinical, 11, 'database-server'),
  gateway: place('pump-gateway', ZONES.clinical, 20, 'pump-server'),
  share: place('share', ZONES.servers, 5, 'file-server'),
  backup: place('backup', ZONES.servers, 6, 'backup-server'),
  pump1: place('pump-1', ZONES.bedside, 31, 'infusion-pump'),
  pump2: place('pump-2', ZONES.bedside, 32, 'infusion-pump'),
  ward: place('ward-1', ZONES.office, 11, 'workstation'),
  // One for each attack that begins inside, so that no incident is mistaken for an earlier one.
  station1: workstation(1),
  station2: workstation(2),
  station3: workstation(3),
  station4: workstation(4),
  station5: workstation(5),
  station6: workstation(6),
  station7: workstation(7),
  station8: workstation(8),
  admin1: place('server-1', ZONES.servers, 11, 'server'),
  admin2: place('server-2', ZONES.servers, 12, 'server'),
  visitor: place('visitor', ZONES.guest, 99, null),
  stranger: place('stranger', ZONES.office, 240, null),
  attacker: place('attacker', ZONES.internet, 66, null),
  masters: place('masters', ZONES.internet, 67, null),
  names: place('names', ZONES.internet, 53, null),
} as const satisfies Readonly<Record<string, Place>>;
