export { downloadSafely } from './safe-download.ts';
