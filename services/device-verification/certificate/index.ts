export {
  CERTIFICATE_CHECK_STATUSES,
  type CertificateCheck,
  type CertificateCheckStatus,
  type CertificateTrust,
  checkCertificate,
} from './certificate-check.ts';
export { TrustedKeys } from './dsse.ts';
export type { CertificateStatement } from './statement.ts';
