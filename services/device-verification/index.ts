export { loadVerificationKnowledge, type VerificationKnowledge } from './knowledge/load-knowledge.ts';
export { type ReportedFiles, renderAnalysisReportHtml } from './report/analysis-html.ts';
export { renderAnalysisReportPdf } from './report/analysis-pdf.ts';
export { renderReportHtml } from './report/html.ts';
export { renderReportPdf } from './report/pdf.ts';
export { service } from './service.ts';
export { verifyAsset } from './verify-asset.ts';
