import type { AssetFact, AssetFactName, HostEvidence } from '@sphinx/schema';

/** Attributes that state a fact of the device itself, in order of preference. */
const STATEMENTS: readonly { fact: AssetFactName; attribute: string; role?: HostEvidence['role'] }[] = [
  { fact: 'manufacturer', attribute: 'dicom.manufacturer', role: 'client' },
  { fact: 'model', attribute: 'dicom.model', role: 'client' },
  { fact: 'serial', attribute: 'dicom.serial', role: 'client' },
  { fact: 'software', attribute: 'dicom.software-versions', role: 'client' },
  { fact: 'careArea', attribute: 'dicom.department', role: 'client' },
  { fact: 'manufacturer', attribute: 'lldp.manufacturer' },
  { fact: 'model', attribute: 'lldp.model' },
  { fact: 'serial', attribute: 'lldp.serial' },
  { fact: 'software', attribute: 'lldp.firmware' },
  { fact: 'model', attribute: 'cdp.platform' },
  { fact: 'model', attribute: 'ipp.printer' },
  { fact: 'software', attribute: 'fhir.software', role: 'server' },
  { fact: 'software', attribute: 'hl7.software', role: 'client' },
  { fact: 'location', attribute: 'snmp.sys-location', role: 'server' },
  { fact: 'manufacturer', attribute: 'report.manufacturer' },
  { fact: 'model', attribute: 'report.model' },
  { fact: 'serial', attribute: 'report.serial' },
  { fact: 'operatingSystem', attribute: 'report.operating-system' },
];

/** The device says it of itself; it may still be set wrong. */
const CONFIDENCE = 0.9;

/** What data sets say of the device that made them and of the place where it stands. */
const OF_THE_MAKER = [
  'dicom.modality',
  'dicom.manufacturer',
  'dicom.model',
  'dicom.serial',
  'dicom.software-versions',
  'dicom.station-name',
  'dicom.department',
];

/**
 * Evidence without what data sets say of their maker, where a host passes on what several devices made (an archive, a
 * gateway): none of that is about the host.
 */
export function ownEvidence(evidence: readonly HostEvidence[]): readonly HostEvidence[] {
  const models = new Set(evidence.filter(({ attribute }) => attribute === 'dicom.model').map(({ value }) => value));
  return models.size > 1 ? evidence.filter(({ attribute }) => !OF_THE_MAKER.includes(attribute)) : evidence;
}

/** What the device says of itself; nothing where it says several things. */
export function observedFacts(evidence: readonly HostEvidence[]): Partial<Record<AssetFactName, AssetFact>> {
  const facts: Partial<Record<AssetFactName, AssetFact>> = {};
  const own = ownEvidence(evidence);
  for (const { fact, attribute, role } of STATEMENTS) {
    if (facts[fact] !== undefined) continue;
    const items = own.filter((item) => item.attribute === attribute && (role === undefined || item.role === role));
    const [item] = items;
    if (item === undefined || items.length > 1) continue;
    facts[fact] = {
      value: item.value,
      confidence: CONFIDENCE,
      origin: { kind: 'observed', reference: attribute },
      evidence: [{ attribute, value: item.value, packet: item.packet }],
    };
  }
  return facts;
}
