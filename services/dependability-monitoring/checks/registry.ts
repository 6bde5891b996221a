import type { Check } from './check.ts';
import { dicomEcho, dicomFind } from './clinical/dicom.ts';
import { hl7Acknowledgement } from './clinical/hl7.ts';
import { database } from './infrastructure/database.ts';
import { dns } from './infrastructure/dns.ts';
import { ldapBind } from './infrastructure/ldap.ts';
import { ntpDrift } from './infrastructure/ntp.ts';
import { ping } from './infrastructure/ping.ts';
import { smtp } from './infrastructure/smtp.ts';
import { snmp } from './infrastructure/snmp.ts';
import { tcp } from './infrastructure/tcp.ts';
import { agreedCertificate, tlsExpiry } from './web/certificate.ts';
import { fhirMetadata, http } from './web/http.ts';

/** The code of every check that sends something, by the id of its definition. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'dicom-echo': dicomEcho,
  'dicom-find': dicomFind,
  'hl7-acknowledgement': hl7Acknowledgement,
  'fhir-metadata': fhirMetadata,
  http,
  tcp,
  'tls-expiry': tlsExpiry,
  certificate: agreedCertificate,
  dns,
  'ldap-bind': ldapBind,
  smtp,
  database,
  ping,
  snmp,
  'ntp-drift': ntpDrift,
};
