import type { ListedSoftware } from '../sbom/software-list.ts';
import type { CycloneDx, CycloneDxComponent } from './schema.ts';

/**
 * Components of a document with all that are inside others, that of the metadata first. One without `bom-ref` gets its place as
 * identifier, which no reference names.
 */
export function listItems({ metadata, components = [], dependencies = [] }: CycloneDx): readonly ListedSoftware[] {
  const needs = new Map<string, readonly string[]>();
  for (const { ref, dependsOn = [] } of dependencies) needs.set(ref, [...(needs.get(ref) ?? []), ...dependsOn]);
  const items: ListedSoftware[] = [];
  const add = (component: CycloneDxComponent, place: string): string => {
    const id = component['bom-ref'] ?? place;
    const at = items.length;
    items.push(toItem(component, id, []));
    const inside = (component.components ?? []).map((part, index) => add(part, `${place}/components/${index}`));
    items[at] = toItem(component, id, [...new Set([...(needs.get(id) ?? []), ...inside])]);
    return id;
  };
  if (metadata?.component !== undefined) add(metadata.component, '/metadata/component');
  components.forEach((component, index) => {
    add(component, `/components/${index}`);
  });
  return items;
}

function toItem(component: CycloneDxComponent, id: string, dependsOn: readonly string[]): ListedSoftware {
  const { type, name, group, version = '', supplier, manufacturer, publisher, purl, cpe, hashes = [] } = component;
  return {
    id,
    kind: type,
    vendor: supplier?.name ?? manufacturer?.name ?? publisher ?? '',
    name: group === undefined || group === '' ? name : `${group}/${name}`,
    version,
    purls: purl === undefined ? [] : [purl],
    cpes: cpe === undefined ? [] : [cpe],
    marks: hashes.map(({ alg, content }) => ({ kind: 'hash', text: `${alg.toLowerCase()}:${content}` })),
    licences: (component.licenses ?? []).flatMap(
      ({ expression, license }) => expression ?? license?.id ?? license?.name ?? [],
    ),
    dependsOn,
  };
}
