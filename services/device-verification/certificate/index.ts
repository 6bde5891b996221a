export { TrustedKeys } from '@sphinx/platform/signing';
export {
  CERTIFICATE_CHECK_STATUSES,
  type CertificateCheck,
  type CertificateCheckStatus,
  type CertificateTrust,
  checkCertificate,
} from './certificate-check.ts';
export type { CertificateStatement } from './statement.ts';
