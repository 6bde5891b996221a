import { join } from 'node:path';
import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import {
  type CareKnowledge,
  ClinicalServiceFile,
  ControlFile,
  DependencyFile,
  PathKnowledge,
  type RiskKnowledge,
  RiskParameters,
  ThreatFile,
} from '@sphinx/risk';
import type { z } from 'zod';

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
export async function loadCareKnowledge(folder: string): Promise<CareKnowledge> {
  const [services, dependencies] = await Promise.all([
    loadOne(join(folder, 'clinical-services'), ClinicalServiceFile),
    loadOne(join(folder, 'care-dependencies'), DependencyFile),
  ]);
  return { services, dependencies };
}

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
export async function loadRiskKnowledge(folder: string): Promise<RiskKnowledge> {
  const [{ threats }, parameters, { controls }] = await Promise.all([
    loadOne(join(folder, 'threats'), ThreatFile),
    loadOne(join(folder, 'risk-model'), RiskParameters),
    loadOne(join(folder, 'risk-controls'), ControlFile),
  ]);
  const known = new Set(threats.map(({ id }) => id));
  const named = controls.flatMap(({ effects }) => effects.flatMap((effect) => effect.threats));
  const unknown = named.find((threat) => !known.has(threat));
  if (unknown !== undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', `${folder}/risk-controls: there is no threat "${unknown}".`);
  }
  return { threats, parameters, controls };
}

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
export function loadPathKnowledge(folder: string): Promise<PathKnowledge> {
  return loadOne(join(folder, 'attack-paths'), PathKnowledge);
}

/** The one file of a folder. @throws SphinxError SPX_INVALID_INPUT where there is none, or more, or it does not fit */
async function loadOne<T>(folder: string, schema: z.ZodType<T>): Promise<T> {
  const [file, ...more] = await loadKnowledgeFiles(folder, schema);
  if (file === undefined || more.length > 0) {
    throw new SphinxError('SPX_INVALID_INPUT', `${folder} needs exactly one file.`);
  }
  return file;
}
