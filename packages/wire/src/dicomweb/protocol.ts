import { draft } from '../datagram-room.ts';
import type { EvidenceDraft, Protocol } from '../protocol.ts';
import type { DicomwebTransaction } from './types.ts';

/** Travels over HTTP: the HTTP rooms recognise and read it, this one says what it tells of the two ends. */
export const dicomweb: Protocol<DicomwebTransaction> = {
  id: 'dicomweb',
  title: 'DICOMweb',
  standards: [
    'DICOM PS3.18 §8 (web services), §9 (URI service)',
    'DICOM PS3.18 §10 (studies: retrieve, store, search), §11 (worklist)',
    'DICOM PS3.18 annex F (JSON), PS3.19 annex A (XML)',
  ],
  transports: [],
  usualPorts: [],
  isEncrypted: false,
  isClinical: true,
  detect: () => 'reject',
  evidence: (record) => [
    ...draft('dicomweb.interaction', record.transaction, 'server'),
    ...draft('dicomweb.interaction', record.transaction, 'client'),
    ...acceptedAuthorization(record),
  ],
};

/** What was enough for objects or for knowing which there are. */
function acceptedAuthorization({ outcome, operation, authorization }: DicomwebTransaction): readonly EvidenceDraft[] {
  const isServed = outcome === 'success' && operation !== 'capabilities';
  return isServed ? draft('dicomweb.authorization', authorization, 'server') : [];
}
