import type { Protocol } from '../protocol.ts';
import { detectHl7 } from './detect.ts';
import { hl7Evidence } from './evidence.ts';
import { Hl7Parser } from './parse.ts';
import type { Hl7Message } from './types.ts';

export const hl7: Protocol<Hl7Message> = {
  id: 'hl7',
  title: 'HL7 v2 over MLLP and HTTP',
  standards: ['HL7 v2.9 appendix C (MLLP)', 'HL7 v2.9 chapter 2 (MSH, MSA, SFT)', 'HL7 over HTTP (HAPI)', 'HL7 v2.xml'],
  transports: ['tcp'],
  usualPorts: [2575, 6661, 6660],
  isEncrypted: false,
  isClinical: true,
  detect: detectHl7,
  createStreamParser: (context) => new Hl7Parser(context),
  evidence: hl7Evidence,
};
