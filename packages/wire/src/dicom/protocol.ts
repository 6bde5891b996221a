import type { Protocol } from '../protocol.ts';
import { detectDicom } from './detect.ts';
import { dicomEvidence } from './evidence.ts';
import { DicomParser } from './parse.ts';
import type { DicomRecord } from './types.ts';

export const dicom: Protocol<DicomRecord> = {
  id: 'dicom',
  title: 'DICOM upper layer',
  standards: [
    'DICOM PS3.8 §9 (upper layer)',
    'DICOM PS3.7 §6, §9, §10, annexes C, D, E (DIMSE)',
    'DICOM PS3.5 §7 (data sets)',
  ],
  transports: ['tcp'],
  usualPorts: [104, 4242, 11112, 2761, 2762],
  isEncrypted: false,
  isClinical: true,
  detect: detectDicom,
  createStreamParser: (context) => new DicomParser(context),
  evidence: dicomEvidence,
};
