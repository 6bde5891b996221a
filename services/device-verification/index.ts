export {
  CERTIFICATE_CHECK_STATUSES,
  type CertificateCheck,
  type CertificateCheckStatus,
  type CertificateTrust,
  checkCertificate,
} from './certificate/certificate-check.ts';
export { TrustedKey } from './certificate/dsse.ts';
export type { CertificateStatement } from './certificate/statement.ts';
export { loadVerificationKnowledge, type VerificationKnowledge } from './knowledge/load-knowledge.ts';
export { renderAnalysisReportHtml } from './report/analysis-html.ts';
export { renderAnalysisReportPdf } from './report/analysis-pdf.ts';
export { renderReportHtml } from './report/html.ts';
export { renderReportPdf } from './report/pdf.ts';
export { service } from './service.ts';
export { verifyAsset } from './verify-asset.ts';
