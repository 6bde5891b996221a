export { type ArchiveCheck, checkArchive } from './archive/check-archive.ts';
export { service } from './service.ts';
