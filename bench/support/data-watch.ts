import { fileURLToPath } from 'node:url';
import type { ThreadInspection } from '@sphinx/platform';

const KNOWLEDGE_FOLDER = fileURLToPath(new URL('../../knowledge/', import.meta.url));

/**
 * Loads here what looks for data of patients: a stage without it must not have its memory.
 *
 * @returns what looks, with the settings that the program has
 */
export async function openDataWatch(source: string): Promise<ThreadInspection> {
  const { loadDataKnowledge } = await import('@sphinx/service-data-protection');
  const { createInspection } = await import('../../services/data-protection/sensor/inspection.ts');
  const { patientData, cloudServices } = await loadDataKnowledge(KNOWLEDGE_FOLDER);
  return createInspection({ patientData, cloudServices, bytesPerDirection: 64 * 1024 }, source);
}
