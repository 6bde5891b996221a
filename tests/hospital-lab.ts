import { readFileSync } from 'node:fs';

/** What `shared/data/pcaps/hospital-lab.labels.json` says about one host of the laboratory. */
export interface LabelledHost {
  readonly host: string;
  readonly kind: string;
  readonly ip?: string;
  readonly mac?: string;
  readonly hostname?: string;
  readonly aeTitle?: string;
  readonly hl7?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly software?: string;
}

/** Labels in the words of people whose title in asset-kinds is another. */
const KIND_OF_LABEL: Readonly<Record<string, string>> = {
  'FHIR server and patient portal': 'fhir-server',
};

const ATTRIBUTES = ['manufacturer', 'model', 'serial', 'software'] as const;
/** Nothing that this host sends says it, so nobody can know: saying it would be a guess. */
const NOT_ON_THE_WIRE = new Set(['cam.model']);

export function labelledHosts(path: string): readonly LabelledHost[] {
  const labels = JSON.parse(readFileSync(path, 'utf8')) as { readonly hosts: readonly LabelledHost[] };
  return labels.hosts;
}

/** @param kinds of `knowledge/asset-kinds` @throws Error for a label that names none of them */
export function kindOfLabel({ kind }: LabelledHost, kinds: Iterable<{ id: string; title: string }>): string {
  const id = KIND_OF_LABEL[kind] ?? [...kinds].find(({ title }) => title === kind)?.id;
  if (id === undefined) throw new Error(`No kind is called ${kind}.`);
  return id;
}

/** Labelled facts that the host shows on the wire. */
export function visibleAttributes(host: LabelledHost): readonly [(typeof ATTRIBUTES)[number], string][] {
  return ATTRIBUTES.flatMap((name) => {
    const value = host[name];
    return value === undefined || NOT_ON_THE_WIRE.has(`${host.host}.${name}`) ? [] : [[name, value]];
  });
}
