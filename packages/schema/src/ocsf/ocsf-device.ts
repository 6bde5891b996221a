import type { Asset, AssetFactName, PatientSafetyClass } from '../asset.ts';
import type { HostAddress, HostEvidence } from '../evidence.ts';
import { IpAddress, MacAddress } from '../evidence.ts';
import { compact } from './ocsf-event.ts';

type Attributes = Record<string, unknown>;

/** OCSF `ip_t` takes 40 characters. */
const MAXIMUM_IP_LENGTH = 40;

/** OCSF `endpoint.type_id`, the ones that kinds of assets can be told apart by. Anything else is "Other", by its own name. */
const DEVICE_TYPES: readonly (readonly [pattern: RegExp, typeId: number, caption: string])[] = [
  [/^(.*-)?switch$/, 10, 'Switch'],
  [/^(.*-)?router$/, 12, 'Router'],
  [/^firewall$/, 9, 'Firewall'],
  [/^virtual-machine$/, 6, 'Virtual'],
  [/^mobile-device$/, 5, 'Mobile'],
  [/^(.*-)?workstation$|^thin-client$/, 2, 'Desktop'],
  [/^(.*-)?server$|^domain-controller$|^hypervisor$|^dicom-archive$|^(his|ris|lis|ehr)$/, 1, 'Server'],
];

/** OCSF `os.type_id`, by how names of systems begin. */
const SYSTEM_TYPES: readonly (readonly [pattern: RegExp, typeId: number, caption: string])[] = [
  [/windows (mobile|ce|phone)/i, 101, 'Windows Mobile'],
  [/windows/i, 100, 'Windows'],
  [/android/i, 201, 'Android'],
  [/linux|debian|ubuntu|red hat|centos|suse|alpine/i, 200, 'Linux'],
  [/mac ?os|os x/i, 300, 'macOS'],
  [/ipados/i, 302, 'iPadOS'],
  [/\bios\b(?!.*(xe|cisco))/i, 301, 'iOS'],
  [/solaris|sunos/i, 400, 'Solaris'],
  [/\baix\b/i, 401, 'AIX'],
  [/hp-?ux/i, 402, 'HP-UX'],
];

const SAFETY_CLASSES: Readonly<Record<PatientSafetyClass, readonly [id: number, caption: string]>> = {
  none: [1, 'None'],
  'care-support': [2, 'Care Support'],
  diagnosis: [3, 'Diagnosis'],
  therapy: [4, 'Therapy'],
  'life-sustaining': [5, 'Life Sustaining'],
};

/** @returns the OCSF device of a complete asset, with the attributes of the clinical-context profile */
export function deviceOfAsset(asset: Asset): Attributes {
  const fact = (name: AssetFactName) => asset.facts[name]?.value;
  const ips = asset.ips.flatMap(ipOf);
  const macs = asset.macs.flatMap(macOf);
  const system = fact('operatingSystem');
  return compact({
    uid: asset.id,
    name: asset.name,
    hostname: asset.hostnames[0],
    ip: ips[0],
    mac: macs[0],
    ...typeOfKind(fact('kind')),
    vendor_name: fact('manufacturer'),
    model: fact('model'),
    os: system === undefined ? undefined : systemOf(system),
    hw_info: fact('serial') === undefined ? undefined : { serial_number: fact('serial') },
    owner: fact('owner') ? { name: fact('owner') } : undefined,
    zone: fact('zone'),
    network_interfaces: interfacesOf(ips, macs, asset),
    first_seen_time: asset.firstSeen,
    last_seen_time: asset.lastSeen,
    asset_kind: fact('kind'),
    asset_location: fact('location'),
    care_area: fact('careArea'),
    clinical_function: fact('clinicalFunction'),
    downtime_cost: fact('downtimeCost'),
    ...safetyClassOf(fact('patientSafetyClass')),
  });
}

/** @returns the OCSF device of which only the id, and perhaps the name, is known */
export function deviceOfId(assetId: string, name?: string): Attributes {
  return compact({ uid: assetId, name, type_id: 0, type: 'Unknown' });
}

/** @returns the OCSF device behind an address */
export function deviceOfHost(host: HostAddress, key: string): Attributes {
  return compact({ ...endpointOf(host), uid: key, type_id: 0, type: 'Unknown' });
}

/** @returns the attributes that an address gives any OCSF endpoint */
export function endpointOf(host: HostAddress): Attributes {
  return compact({
    ip: ipOf(host.ip)[0],
    mac: macOf(host.mac)[0],
    vlan_uid: host.vlan === undefined ? undefined : String(host.vlan),
  });
}

/** @returns what the wire showed, as OCSF enrichments */
export function enrichmentsOfEvidence(evidence: readonly HostEvidence[]): Attributes[] {
  return evidence.map(({ attribute, value, protocol, firstSeen, ...data }) => ({
    name: attribute,
    value,
    type: protocol,
    created_time: firstSeen,
    data,
  }));
}

/** @returns what is believed of an asset, how firmly and why, as OCSF enrichments */
export function enrichmentsOfFacts(asset: Asset): Attributes[] {
  return Object.entries(asset.facts).map(([name, { value, ...data }]) => ({
    name: `asset.${name}`,
    value,
    type: 'classification',
    created_time: asset.lastSeen,
    data,
  }));
}

/** @returns the value as a list of one, or of none where OCSF would refuse it */
export function ipOf(value: string | undefined): string[] {
  const isValid = value !== undefined && value.length <= MAXIMUM_IP_LENGTH && IpAddress.safeParse(value).success;
  return isValid ? [value] : [];
}

/** @returns the value as a list of one, or of none where OCSF would refuse it */
export function macOf(value: string | null | undefined): string[] {
  return typeof value === 'string' && MacAddress.safeParse(value).success ? [value] : [];
}

function typeOfKind(kind: string | undefined): Attributes {
  if (kind === undefined || kind === '') return { type_id: 0, type: 'Unknown' };
  const known = DEVICE_TYPES.find(([pattern]) => pattern.test(kind));
  return known === undefined ? { type_id: 99, type: kind } : { type_id: known[1], type: known[2] };
}

function systemOf(name: string): Attributes {
  const known = SYSTEM_TYPES.find(([pattern]) => pattern.test(name));
  return { name, type_id: known?.[1] ?? 99, type: known?.[2] ?? (name || 'Other') };
}

function safetyClassOf(value: string | undefined): Attributes {
  if (value === undefined || !Object.hasOwn(SAFETY_CLASSES, value)) return {};
  const [id, caption] = SAFETY_CLASSES[value as PatientSafetyClass];
  return { patient_safety_class_id: id, patient_safety_class: caption };
}

/** Which address belongs to which card is not known, so each address stands for itself. Ports go with the first. */
function interfacesOf(ips: readonly string[], macs: readonly string[], asset: Asset): Attributes[] {
  const open_ports = asset.services.map(({ port, transport }) => ({ port, protocol_name: transport }));
  const cards = [...ips.map((ip) => ({ ip })), ...macs.map((mac) => ({ mac }))];
  return cards.map((card, index) => compact({ ...card, open_ports: index === 0 ? open_ports : [] }));
}
