export { boundedStream } from './bounded.ts';
export { lockedZip, SAMPLE_PASSWORD } from './locked-zip.ts';
export { type NewZipEntry, readZip, writeZip, type ZipEntry, type ZipLimits } from './zip.ts';
