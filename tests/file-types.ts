import { fileURLToPath } from 'node:url';
import { loadFileTypes } from '../packages/platform/src/knowledge/load-file-types.ts';

/** What tells the types of files, as the program reads it. */
export const FILE_TYPES = await loadFileTypes(fileURLToPath(new URL('../knowledge', import.meta.url)));
