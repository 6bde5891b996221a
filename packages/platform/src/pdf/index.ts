export { QUIET_LINES, renderPdf } from './pdf-document.ts';
