import { astm } from './astm/protocol.ts';
import { dicom } from './dicom/protocol.ts';
import { dicomweb } from './dicomweb/protocol.ts';
import { fhir } from './fhir/protocol.ts';
import { hl7 } from './hl7/protocol.ts';
import { http } from './http/protocol.ts';
import { http2 } from './http2/protocol.ts';
import type { Protocol } from './protocol.ts';

/** Rooms of health care protocols and of HTTP, which carries some of them. The sensor sees `ProtocolRecord` only. */
export const HEALTH_PROTOCOLS: readonly Protocol[] = [
  dicom,
  hl7,
  astm,
  http,
  http2,
  fhir,
  dicomweb,
] as unknown as readonly Protocol[];
