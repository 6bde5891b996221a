import { join } from 'node:path';
import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { type Detector, DetectorFile } from './detector.ts';
import { PortRoleFile, type PortRoles, portRolesOf } from './port-roles.ts';

/** All that this service goes by, as `knowledge/` has it. */
export interface AnomalyKnowledge {
  readonly detectors: readonly Detector[];
  readonly version: string;
  readonly ports: PortRoles;
}

/** @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why */
export async function loadAnomalyKnowledge(folder: string): Promise<AnomalyKnowledge> {
  const [detectorFiles, portFiles] = await Promise.all([
    loadKnowledgeFiles(join(folder, 'anomaly-detectors'), DetectorFile),
    loadKnowledgeFiles(join(folder, 'port-roles'), PortRoleFile),
  ]);
  const [ports] = portFiles;
  const detectors = detectorFiles.flatMap((file) => file.detectors);
  const problem =
    problemOf(detectors) ??
    (ports === undefined || portFiles.length > 1 ? 'knowledge/port-roles holds one file' : undefined);
  if (problem !== undefined || ports === undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', `The knowledge of anomaly detection does not fit: ${problem}.`);
  }
  return { detectors, version: detectorFiles[0]?.version ?? '', ports: portRolesOf(ports) };
}

function problemOf(detectors: readonly Detector[]): string | undefined {
  const ids = new Set<string>();
  for (const { id, number, measures, sign } of detectors) {
    if (ids.has(id) || ids.has(String(number))) return `${id} (${number}) is there twice`;
    if ((measures === undefined) === (sign === undefined)) return `${id} needs either measures or a sign`;
    ids.add(id).add(String(number));
  }
  return undefined;
}
