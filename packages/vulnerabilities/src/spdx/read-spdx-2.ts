import { z } from 'zod';
import { toMilliseconds } from '../reading/instant.ts';
import { readAs } from '../reading/read-as.ts';
import { type Reading, read } from '../reading/reading.ts';
import type { ListedSoftware, SoftwareList } from '../sbom/software-list.ts';
import { licenceOf, vendorOf } from './words.ts';

/** A document of SPDX 2.2 or 2.3 in JSON: the members that are read. */
const SPDX_2 = z.object({
  spdxVersion: z.string().regex(/^SPDX-2\.[23]$/, 'is neither SPDX-2.2 nor SPDX-2.3'),
  SPDXID: z.literal('SPDXRef-DOCUMENT', 'is not SPDXRef-DOCUMENT'),
  name: z.string(),
  documentNamespace: z.string().optional(),
  creationInfo: z.object({ created: z.string() }),
  documentDescribes: z.array(z.string()).optional(),
  packages: z
    .array(
      z.object({
        SPDXID: z.string().min(1),
        name: z.string().min(1),
        versionInfo: z.string().optional(),
        supplier: z.string().optional(),
        originator: z.string().optional(),
        primaryPackagePurpose: z.string().optional(),
        licenseConcluded: z.string().optional(),
        licenseDeclared: z.string().optional(),
        checksums: z.array(z.object({ algorithm: z.string(), checksumValue: z.string() })).optional(),
        externalRefs: z.array(z.object({ referenceType: z.string(), referenceLocator: z.string() })).optional(),
      }),
    )
    .default([]),
  relationships: z
    .array(z.object({ spdxElementId: z.string(), relatedSpdxElement: z.string(), relationshipType: z.string() }))
    .default([]),
});

type Package = z.infer<typeof SPDX_2>['packages'][number];

/** Relationships whose first element needs or holds the second, and those that say it the other way round (SPDX 2.3 §11.1). */
const DOWNWARD = ['CONTAINS', 'DEPENDS_ON', 'DYNAMIC_LINK', 'HAS_PREREQUISITE', 'STATIC_LINK'];
const UPWARD = ['CONTAINED_BY', 'DEPENDENCY_OF', 'PREREQUISITE_FOR', 'RUNTIME_DEPENDENCY_OF'];

/**
 * Reads the packages of an SPDX 2.2 or 2.3 document in JSON (ISO/IEC 5962).
 *
 * @returns the list, or what is wrong and where; never throws
 */
export function readSpdx2List(content: Uint8Array | string): Reading<SoftwareList> {
  const reading = readAs<z.infer<typeof SPDX_2>>(SPDX_2, content);
  if (!reading.isRead) return reading;
  const {
    spdxVersion,
    name,
    documentNamespace,
    creationInfo,
    documentDescribes = [],
    packages,
    relationships,
  } = reading.value;
  const needs = new Map<string, Set<string>>();
  const add = (from: string, to: string) => needs.set(from, (needs.get(from) ?? new Set()).add(to));
  const subjects = new Set(documentDescribes);
  for (const { spdxElementId, relatedSpdxElement, relationshipType } of relationships) {
    if (DOWNWARD.includes(relationshipType)) add(spdxElementId, relatedSpdxElement);
    else if (UPWARD.includes(relationshipType)) add(relatedSpdxElement, spdxElementId);
    else if (relationshipType === 'DESCRIBES') subjects.add(relatedSpdxElement);
    else if (relationshipType === 'DESCRIBED_BY') subjects.add(spdxElementId);
  }
  return read({
    format: spdxVersion.replace('-', ' '),
    id: documentNamespace ?? name,
    createdMs: toMilliseconds(creationInfo.created),
    subjects: [...subjects],
    items: packages.map((each) => toItem(each, [...(needs.get(each.SPDXID) ?? [])])),
  });
}

function toItem(each: Package, dependsOn: readonly string[]): ListedSoftware {
  const references = (...types: readonly string[]) =>
    (each.externalRefs ?? [])
      .filter(({ referenceType }) => types.includes(referenceType))
      .map(({ referenceLocator }) => referenceLocator);
  return {
    id: each.SPDXID,
    kind: each.primaryPackagePurpose?.toLowerCase().replaceAll('_', '-') ?? '',
    vendor: vendorOf(each.supplier) || vendorOf(each.originator),
    name: each.name,
    version: each.versionInfo ?? '',
    purls: references('purl'),
    cpes: references('cpe23Type', 'cpe22Type'),
    marks: (each.checksums ?? []).map(({ algorithm, checksumValue }) => ({
      kind: 'hash',
      text: `${algorithm.toLowerCase()}:${checksumValue}`,
    })),
    licences: [...new Set([each.licenseConcluded, each.licenseDeclared].flatMap(licenceOf))],
    dependsOn,
  };
}
