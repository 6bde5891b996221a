import { z } from 'zod';
import { toMilliseconds } from '../reading/instant.ts';
import { pointer } from '../reading/json-document.ts';
import { fitTo, readAs } from '../reading/read-as.ts';
import { type Problem, type Reading, read } from '../reading/reading.ts';
import type { ListedSoftware, SoftwareList } from '../sbom/software-list.ts';

const DOCUMENT = z.object({
  '@context': z.string().regex(/^https:\/\/spdx\.org\/rdf\/3\.\d+(\.\d+)*\//, 'is no context of SPDX 3'),
  '@graph': z.array(z.looseObject({ type: z.string() })),
});

const PACKAGE = z.object({
  spdxId: z.string().min(1),
  name: z.string().default(''),
  software_packageVersion: z.string().default(''),
  software_packageUrl: z.string().optional(),
  software_primaryPurpose: z.string().default(''),
  suppliedBy: z.string().optional(),
  originatedBy: z.array(z.string()).optional(),
  externalIdentifier: z.array(z.object({ externalIdentifierType: z.string(), identifier: z.string() })).default([]),
  verifiedUsing: z.array(z.object({ algorithm: z.string().optional(), hashValue: z.string().optional() })).default([]),
});
const RELATIONSHIP = z.object({ from: z.string(), to: z.array(z.string()), relationshipType: z.string() });
const ROOTED = z.object({ spdxId: z.string(), rootElement: z.array(z.string()).default([]) });
const AGENT = z.object({ spdxId: z.string(), name: z.string().default('') });
const LICENCE = z.object({ spdxId: z.string(), simplelicensing_licenseExpression: z.string() });
const CREATION = z.object({ created: z.string() });

const DOWNWARD = ['contains', 'dependsOn', 'hasDynamicLink', 'hasPrerequisite', 'hasStaticLink'];
const LICENCES = ['hasConcludedLicense', 'hasDeclaredLicense'];
const AGENTS = ['Agent', 'Organization', 'Person'];
const WITH_ROOTS = ['SpdxDocument', 'software_Sbom', 'Bom'];

/**
 * Reads the packages of an SPDX 3 document in JSON-LD (SPDX 3.0.1, profiles Core and Software).
 *
 * @returns the list, or what is wrong and where; never throws
 */
export function readSpdx3List(content: Uint8Array | string): Reading<SoftwareList> {
  const reading = readAs<z.infer<typeof DOCUMENT>>(DOCUMENT, content);
  if (!reading.isRead) return reading;
  const graph = reading.value['@graph'];
  const problems: Problem[] = [];
  const all = <T>(schema: z.ZodType<T>, ...types: readonly string[]): readonly T[] =>
    graph.flatMap((element, index) => {
      if (!types.includes(element.type)) return [];
      const fitted = fitTo(schema, element);
      if (fitted.isRead) return [fitted.value];
      problems.push(...fitted.problems.map(({ where, what }) => ({ where: pointer('@graph', index) + where, what })));
      return [];
    });
  const packages = all(PACKAGE, 'software_Package');
  const relationships = all(RELATIONSHIP, 'Relationship', 'LifecycleScopedRelationship');
  const agents = new Map(all(AGENT, ...AGENTS).map(({ spdxId, name }) => [spdxId, name]));
  const licences = new Map(
    all(LICENCE, 'simplelicensing_LicenseExpression').map((each) => [
      each.spdxId,
      each.simplelicensing_licenseExpression,
    ]),
  );
  const rooted = all(ROOTED, ...WITH_ROOTS);
  const created = all(CREATION, 'CreationInfo')[0]?.created;
  if (problems.length > 0) return { isRead: false, problems };
  const byFrom = Map.groupBy(relationships, ({ from }) => from);
  const linked = (id: string, types: readonly string[]) =>
    (byFrom.get(id) ?? []).filter(({ relationshipType }) => types.includes(relationshipType)).flatMap(({ to }) => to);
  const isPackage = new Set(packages.map(({ spdxId }) => spdxId));
  return read({
    format: `SPDX ${/rdf\/(\d+\.\d+)/.exec(reading.value['@context'])?.[1]}`,
    id: rooted[0]?.spdxId ?? '',
    createdMs: toMilliseconds(created),
    subjects: [...new Set(rooted.flatMap(({ rootElement }) => rootElement))].filter((id) => isPackage.has(id)),
    items: packages.map((each) => ({
      ...toItem(each, agents),
      licences: [...new Set(linked(each.spdxId, LICENCES).flatMap((id) => licences.get(id) ?? []))],
      dependsOn: [...new Set(linked(each.spdxId, DOWNWARD))],
    })),
  });
}

function toItem(
  each: z.infer<typeof PACKAGE>,
  agents: ReadonlyMap<string, string>,
): Omit<ListedSoftware, 'licences' | 'dependsOn'> {
  const identifiers = (...types: readonly string[]) =>
    each.externalIdentifier
      .filter((one) => types.includes(one.externalIdentifierType))
      .map(({ identifier }) => identifier);
  const url = each.software_packageUrl === undefined ? [] : [each.software_packageUrl];
  return {
    id: each.spdxId,
    kind: each.software_primaryPurpose,
    vendor: agents.get(each.suppliedBy ?? '') ?? agents.get(each.originatedBy?.[0] ?? '') ?? '',
    name: each.name,
    version: each.software_packageVersion,
    purls: [...new Set([...url, ...identifiers('packageUrl', 'packageURL')])],
    cpes: identifiers('cpe23', 'cpe22'),
    marks: each.verifiedUsing.flatMap(({ algorithm, hashValue }) =>
      algorithm === undefined || hashValue === undefined
        ? []
        : [{ kind: 'hash' as const, text: `${algorithm}:${hashValue}` }],
    ),
  };
}
