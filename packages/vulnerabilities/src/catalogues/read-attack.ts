import { z } from 'zod';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read, refuse } from '../reading/reading.ts';
import type { AttackTechnique, Catalogue } from './catalogue.ts';

const object = z.object({
  type: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  revoked: z.boolean().optional(),
  x_mitre_deprecated: z.boolean().optional(),
  x_mitre_domains: z.array(z.string()).optional(),
  x_mitre_version: z.string().optional(),
  kill_chain_phases: z.array(z.object({ phase_name: z.string() })).optional(),
  external_references: z
    .array(z.object({ source_name: z.string(), external_id: z.string().optional(), url: z.string().optional() }))
    .optional(),
  relationship_type: z.string().optional(),
  source_ref: z.string().optional(),
  target_ref: z.string().optional(),
});
const BUNDLE = z.object({
  type: z.literal('bundle', 'is not bundle'),
  objects: z.array(object),
});
type StixObject = z.infer<typeof object>;

/**
 * Reads the techniques of MITRE ATT&CK out of a STIX 2.0 or 2.1 bundle (`enterprise-attack.json`, `ics-attack.json`), with their
 * tactics, the pattern of CAPEC that they name, and what helps.
 *
 * @returns the techniques, or what is wrong and where; never throws
 */
export function readAttack(content: Uint8Array | string): Reading<Catalogue<AttackTechnique>> {
  const reading = readAs<z.infer<typeof BUNDLE>>(BUNDLE, content);
  if (!reading.isRead) return reading;
  const { objects } = reading.value;
  const relations = relationsOf(objects);
  const entries = objects.flatMap((each) => toTechnique(each, relations));
  if (entries.length === 0) return refuse('/objects', 'holds no technique of ATT&CK');
  const version = objects.find(({ type }) => type === 'x-mitre-collection')?.x_mitre_version ?? '';
  return read({ version, entries });
}

interface Relations {
  /** Sub-technique → technique, by STIX identifier. */
  readonly parents: ReadonlyMap<string, string>;
  /** Technique → names of mitigations. */
  readonly mitigations: ReadonlyMap<string, readonly string[]>;
  readonly byId: ReadonlyMap<string, StixObject>;
}

function relationsOf(objects: readonly StixObject[]): Relations {
  const byId = new Map(objects.flatMap((each) => (each.id === undefined ? [] : [[each.id, each] as const])));
  const parents = new Map<string, string>();
  const mitigations = new Map<string, string[]>();
  for (const { type, relationship_type: kind, source_ref: source = '', target_ref: target = '', revoked } of objects) {
    if (type !== 'relationship' || revoked === true) continue;
    if (kind === 'subtechnique-of') parents.set(source, target);
    const name = byId.get(source)?.name;
    if (kind !== 'mitigates' || name === undefined || isWithdrawn(byId.get(source))) continue;
    mitigations.set(target, [...(mitigations.get(target) ?? []), name]);
  }
  return { parents, mitigations, byId };
}

function toTechnique(stix: StixObject, { parents, mitigations, byId }: Relations): readonly AttackTechnique[] {
  const { type, id = '', name = '', external_references: references = [] } = stix;
  const own = ownReference(stix);
  if (type !== 'attack-pattern' || own === undefined) return [];
  return [
    {
      id: own.external_id ?? '',
      name,
      description: stix.description ?? '',
      domains: stix.x_mitre_domains ?? [],
      tactics: (stix.kill_chain_phases ?? []).map(({ phase_name }) => phase_name),
      parent: ownReference(byId.get(parents.get(id) ?? ''))?.external_id ?? '',
      url: own.url ?? '',
      isWithdrawn: isWithdrawn(stix),
      attackPatterns: references.flatMap(({ source_name, external_id }) =>
        source_name === 'capec' && external_id !== undefined ? [external_id] : [],
      ),
      mitigations: mitigations.get(id) ?? [],
    },
  ];
}

/** `mitre-attack`, formerly also `mitre-ics-attack` and `mitre-mobile-attack`. */
function ownReference(stix: StixObject | undefined) {
  return stix?.external_references?.find(
    ({ source_name, external_id }) =>
      /^mitre-(\w+-)?attack$/.test(source_name) && /^T\d{4}(\.\d{3})?$/.test(external_id ?? ''),
  );
}

function isWithdrawn(stix: StixObject | undefined): boolean {
  return stix?.revoked === true || stix?.x_mitre_deprecated === true;
}
