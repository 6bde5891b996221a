export { boundedStream } from './bounded.ts';
export { type NewZipEntry, readZip, writeZip, type ZipEntry, type ZipLimits } from './zip.ts';
