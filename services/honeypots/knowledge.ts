import { join } from 'node:path';
import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { Machine } from './decoys/machine.ts';
import { PatientWords } from './decoys/patients.ts';
import { Persona } from './decoys/persona.ts';
import { Site } from './decoys/site.ts';
import { Behaviour } from './sessions/behaviour.ts';

/** All of `knowledge/decoys`. */
export interface DecoyKnowledge {
  readonly personas: ReadonlyMap<string, Persona>;
  readonly sites: Readonly<Record<string, Site>>;
  readonly machines: Readonly<Record<string, Machine>>;
  readonly words: PatientWords;
  readonly behaviour: Behaviour;
}

/** @throws SphinxError SPX_INVALID_INPUT that names what does not fit and why */
export async function loadDecoyKnowledge(folder: string): Promise<DecoyKnowledge> {
  const of = (name: string) => join(folder, 'decoys', name);
  const [personas, sites, machines, words, behaviours] = await Promise.all([
    loadKnowledgeFiles(of('personas'), Persona),
    loadKnowledgeFiles(of('sites'), Site),
    loadKnowledgeFiles(of('machines'), Machine),
    loadKnowledgeFiles(of('patients'), PatientWords),
    loadKnowledgeFiles(of('behaviour'), Behaviour),
  ]);
  const [behaviour] = behaviours;
  const [word] = words;
  if (behaviour === undefined || word === undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', `${join(folder, 'decoys')} lacks behaviour or patients.`);
  }
  const knowledge: DecoyKnowledge = {
    personas: new Map(personas.map((each) => [each.id, each])),
    sites: Object.fromEntries(sites.map((each) => [each.id, each])),
    machines: Object.fromEntries(machines.map((each) => [each.id, each])),
    words: word,
    behaviour,
  };
  requireReferences(knowledge);
  return knowledge;
}

function requireReferences({ personas, sites, machines }: DecoyKnowledge): void {
  const missing = [...personas.values()].flatMap(({ id, services }) =>
    services.flatMap((service) => [
      ...('site' in service && sites[service.site] === undefined ? [`${id}: there is no site ${service.site}`] : []),
      ...('machine' in service && machines[service.machine] === undefined
        ? [`${id}: there is no machine ${service.machine}`]
        : []),
    ]),
  );
  if (missing.length > 0) throw new SphinxError('SPX_INVALID_INPUT', missing.join('\n'));
}
