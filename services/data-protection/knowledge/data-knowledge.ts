import { join } from 'node:path';
import {
  HealthTermFile,
  IdentifierFile,
  type PatientDataKnowledge,
  PatientDataScanner,
  RecordFormatFile,
} from '@sphinx/patient-data';
import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { type CloudService, CloudServiceFile } from '../transfers/cloud-services.ts';
import { DataPolicy } from '../transfers/data-policy.ts';

/** All that this service goes by, as `knowledge/` has it. */
export interface DataKnowledge {
  readonly patientData: PatientDataKnowledge;
  readonly cloudServices: readonly CloudService[];
  readonly policy: DataPolicy;
  /** Ids of the zones of care. */
  readonly clinicalZones: ReadonlySet<string>;
}

/** As much of `knowledge/zones` as matters here. */
const ZoneFile = z.object({ zones: z.array(z.object({ id: z.string(), isClinical: z.boolean() })) });

/** @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why */
export async function loadDataKnowledge(folder: string): Promise<DataKnowledge> {
  const [identifiers, formats, terms, services, policies, zones] = await Promise.all([
    loadKnowledgeFiles(join(folder, 'patient-identifiers'), IdentifierFile),
    loadKnowledgeFiles(join(folder, 'record-formats'), RecordFormatFile),
    loadKnowledgeFiles(join(folder, 'health-terms'), HealthTermFile),
    loadKnowledgeFiles(join(folder, 'cloud-services'), CloudServiceFile),
    loadKnowledgeFiles(join(folder, 'data-protection'), DataPolicy),
    loadKnowledgeFiles(join(folder, 'zones'), ZoneFile),
  ]);
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `${folder}/data-protection holds ${policies.length} policies; one belongs there.`,
    );
  }
  const patientData = {
    identifiers: identifiers.flatMap((file) => file.identifiers),
    formats: formats.flatMap((file) => file.formats),
    terms,
  };
  // An expression that is none shows now, not in a thread that reads packets.
  new PatientDataScanner(patientData);
  const cloudServices = services.flatMap(({ category, services: of }) => of.map((each) => ({ ...each, category })));
  const clinical = zones.flatMap((file) => file.zones).filter(({ isClinical }) => isClinical);
  return { patientData, cloudServices, policy, clinicalZones: new Set(clinical.map(({ id }) => id)) };
}
