export { downloadFile, type FileDownload, type FileDownloaded, type Validators } from './download-file.ts';
export { type Retries, retrying } from './retrying.ts';
export { type DownloadLimits, downloadSafely, UnexpectedStatus } from './safe-download.ts';
export type { DownloadRoute } from './safe-request.ts';
