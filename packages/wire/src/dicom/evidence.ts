import type { EvidenceDraft } from '../protocol.ts';
import type { AssociateAccept, AssociateRequest, DeviceAttributes, DicomRecord, DimseOperation } from './types.ts';
import { sopClassName } from './uids.ts';

const ATTRIBUTE_NAMES: Readonly<Record<keyof DeviceAttributes, string>> = {
  manufacturer: 'dicom.manufacturer',
  model: 'dicom.model',
  serial: 'dicom.serial',
  softwareVersions: 'dicom.software-versions',
  modality: 'dicom.modality',
  institution: 'dicom.institution',
  department: 'dicom.department',
  stationName: 'dicom.station-name',
  udi: 'dicom.udi',
};

/** Records of associations come again and again. */
const known = new WeakMap<AssociateRequest | AssociateAccept, readonly EvidenceDraft[]>();

/** What an association tells about its two ends. */
export function dicomEvidence(record: DicomRecord): readonly EvidenceDraft[] {
  if (record.activity !== 'associate-request' && record.activity !== 'associate-accept') return evidenceOf(record);
  let evidence = known.get(record);
  if (evidence === undefined) {
    evidence = evidenceOf(record);
    known.set(record, evidence);
  }
  return evidence;
}

function evidenceOf(record: DicomRecord): readonly EvidenceDraft[] {
  switch (record.activity) {
    case 'associate-request':
      return [
        { attribute: 'dicom.role', value: 'scu', about: 'client' },
        ...some('dicom.ae-title', record.callingAeTitle, 'client'),
        ...some('dicom.implementation-class-uid', record.implementationClassUid, 'client'),
        ...some('dicom.implementation-version', record.implementationVersion, 'client'),
        { attribute: 'dicom.user-identity', value: record.userIdentity, about: 'client' },
        ...proposedSopClasses(record),
        ...record.extendedNegotiations.flatMap(({ features }) => extended(features, 'client')),
      ];
    case 'associate-accept':
      return [
        { attribute: 'dicom.role', value: 'scp', about: 'server' },
        { attribute: 'dicom.association-result', value: 'accepted', about: 'server' },
        // The answer repeats the title that was called; only the server that accepts it has it.
        ...some('dicom.ae-title', record.calledAeTitle, 'server'),
        ...some('dicom.implementation-class-uid', record.implementationClassUid, 'server'),
        ...some('dicom.implementation-version', record.implementationVersion, 'server'),
        ...record.sopClasses.flatMap((name) => some('dicom.sop-class', name, 'server')),
        ...record.transferSyntaxes.flatMap((name) => some('dicom.transfer-syntax', name, 'server')),
        ...record.extendedNegotiations.flatMap(({ features }) => extended(features, 'server')),
        ...(record.isCalledAeTitleUnchecked ? some('dicom.called-ae-unchecked', 'true', 'server') : []),
        ...(record.isUserIdentityIgnored ? some('dicom.user-identity-ignored', 'true', 'server') : []),
      ];
    case 'associate-reject': {
      const value = `rejected by ${record.rejectedBy}: ${record.reason}`;
      return [{ attribute: 'dicom.association-result', value, about: 'server' }];
    }
    case 'operation':
      return [
        { attribute: 'dicom.operation', value: record.operation, about: record.invokedBy },
        ...some('dicom.sop-class', record.sopClass, record.invokedBy),
        ...performed(record),
      ];
    case 'performed-procedure-step':
      return [
        ...some('dicom.modality', record.modality, 'client'),
        ...some('dicom.ae-title', record.stationAeTitle, 'client'),
        ...some('dicom.station-name', record.stationName, 'client'),
      ];
    case 'producing-device':
      return deviceEvidence(record.attributes, 'client');
    case 'printer-status':
      return deviceEvidence(record.device, record.printer);
    case 'release':
    case 'abort':
      return [];
    default:
      return record satisfies never;
  }
}

function deviceEvidence(device: DeviceAttributes, about: 'client' | 'server'): EvidenceDraft[] {
  return Object.entries(device).map(([name, value]) => ({
    attribute: ATTRIBUTE_NAMES[name as keyof DeviceAttributes],
    value,
    about,
  }));
}

/** What the other end of an operation did in it. */
function performed({
  operation,
  invokedBy,
  moveDestination,
  moveOriginator,
  outcome,
}: DimseOperation): EvidenceDraft[] {
  const performer = invokedBy === 'client' ? 'server' : 'client';
  // Objects that a C-GET brings come over the association of whoever asked for them.
  const isKept = outcome === 'success' || outcome === 'warning';
  const isStored = operation === 'C-STORE' && isKept && performer === 'server';
  return [
    ...some('dicom.move-destination', moveDestination, performer),
    ...(isStored ? some('dicom.received-objects', moveOriginator === '' ? 'unasked' : 'fetched', performer) : []),
  ];
}

/** Programs that offer everything they know say nothing about themselves by it. */
const MAXIMUM_TELLING_CONTEXTS = 16;

function proposedSopClasses({ contexts }: AssociateRequest): EvidenceDraft[] {
  if (contexts.length > MAXIMUM_TELLING_CONTEXTS) return [];
  return contexts.flatMap(({ abstractSyntax }) => some('dicom.sop-class', sopClassName(abstractSyntax), 'client'));
}

function extended(features: readonly string[], about: 'client' | 'server'): EvidenceDraft[] {
  return features.flatMap((feature) => some('dicom.extended-negotiation', feature, about));
}

function some(attribute: string, value: string, about: 'client' | 'server'): EvidenceDraft[] {
  return value === '' ? [] : [{ attribute, value, about }];
}
