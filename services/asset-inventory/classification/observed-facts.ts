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
];

/** The device says it of itself; it may still be set wrong. */
const CONFIDENCE = 0.9;

/**
 * What the device says of itself. A host that shows several manufacturers or models passes on what others made (an
 * archive, a gateway), so nothing is taken from it.
 */
export function observedFacts(evidence: readonly HostEvidence[]): Partial<Record<AssetFactName, AssetFact>> {
  const facts: Partial<Record<AssetFactName, AssetFact>> = {};
  for (const { fact, attribute, role } of STATEMENTS) {
    if (facts[fact] !== undefined) continue;
    const items = evidence.filter((item) => item.attribute === attribute && (role === undefined || item.role === role));
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
