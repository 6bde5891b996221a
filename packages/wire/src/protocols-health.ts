import { alaris } from './alaris/protocol.ts';
import { astm } from './astm/protocol.ts';
import { atna } from './atna/protocol.ts';
import { datexOhmeda } from './datex-ohmeda/protocol.ts';
import { dicom } from './dicom/protocol.ts';
import { dicomweb } from './dicomweb/protocol.ts';
import { dpws, wsDiscovery } from './dpws/protocol.ts';
import { fhir } from './fhir/protocol.ts';
import { hl7 } from './hl7/protocol.ts';
import { http } from './http/protocol.ts';
import { http2 } from './http2/protocol.ts';
import { ieee11073 } from './ieee-11073/protocol.ts';
import { intelliVue } from './intellivue/protocol.ts';
import { masimo } from './masimo/protocol.ts';
import { medibus } from './medibus/protocol.ts';
import { poct1a } from './poct1-a/protocol.ts';
import type { Protocol } from './protocol.ts';

/** Rooms of health care protocols and of HTTP, which carries some of them. The sensor sees `ProtocolRecord` only. */
export const HEALTH_PROTOCOLS: readonly Protocol[] = [
  dicom,
  hl7,
  astm,
  poct1a,
  ieee11073,
  intelliVue,
  medibus,
  datexOhmeda,
  alaris,
  masimo,
  http,
  http2,
  fhir,
  dicomweb,
  dpws,
  wsDiscovery,
  atna,
] as unknown as readonly Protocol[];
