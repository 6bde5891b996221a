import { fileURLToPath } from 'node:url';

/** Where the tests of this service find `knowledge/`. */
export const KNOWLEDGE_FOLDER = fileURLToPath(new URL('../../knowledge/', import.meta.url));
