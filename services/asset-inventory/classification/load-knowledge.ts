import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { AssetKind, type DeviceProfile, ProfileFile, Zone } from './profile.ts';

/** All that identification rests on. */
export interface IdentificationKnowledge {
  readonly profiles: readonly (DeviceProfile & { readonly version: string })[];
  readonly kinds: ReadonlyMap<string, AssetKind>;
  readonly zones: ReadonlyMap<string, Zone>;
}

/**
 * Reads `device-profiles`, `asset-kinds` and `zones`.
 *
 * @param folder the folder `knowledge/`
 * @throws SphinxError SPX_INVALID_INPUT that names every file that does not fit and why
 */
export async function loadIdentificationKnowledge(folder: string): Promise<IdentificationKnowledge> {
  const problems: string[] = [];
  const kinds = await readFileAs(join(folder, 'asset-kinds', 'kinds.yaml'), KindFile, problems);
  const zones = await readFileAs(join(folder, 'zones', 'zones.yaml'), ZoneFile, problems);
  const profileFolder = join(folder, 'device-profiles');
  const names = (await readdir(profileFolder)).filter((name) => name.endsWith('.yaml')).sort();
  const profiles: (DeviceProfile & { version: string })[] = [];
  for (const name of names) {
    const file = await readFileAs(join(profileFolder, name), ProfileFile, problems);
    for (const profile of file?.profiles ?? []) profiles.push({ ...profile, version: file?.version ?? '' });
  }
  const knowledge = {
    profiles,
    kinds: new Map(kinds?.kinds.map((kind) => [kind.id, kind])),
    zones: new Map(zones?.zones.map((zone) => [zone.id, zone])),
  };
  problems.push(...contradictionsIn(knowledge));
  if (problems.length > 0) throw new SphinxError('SPX_INVALID_INPUT', problems.join('\n'));
  return knowledge;
}

const KindFile = z.object({ version: z.string(), kinds: z.array(AssetKind).min(1) });
const ZoneFile = z.object({ version: z.string(), zones: z.array(Zone).min(1) });

async function readFileAs<Content>(
  path: string,
  schema: z.ZodType<Content>,
  problems: string[],
): Promise<Content | undefined> {
  try {
    const parsed = schema.safeParse(parseYaml(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data;
    problems.push(`${path}: ${z.prettifyError(parsed.error)}`);
  } catch (error) {
    problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** What a schema of one file cannot see. */
function contradictionsIn({ profiles, kinds, zones }: IdentificationKnowledge): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { id, asserts, rules } of profiles) {
    if (seen.has(id)) problems.push(`device-profiles: the id ${id} is there twice`);
    seen.add(id);
    if (asserts.kind !== undefined && !kinds.has(asserts.kind)) {
      problems.push(`device-profiles: ${id} asserts the kind ${asserts.kind}, which is not in asset-kinds`);
    }
    if (asserts.zone !== undefined && !zones.has(asserts.zone)) {
      problems.push(`device-profiles: ${id} asserts the zone ${asserts.zone}, which is not in zones`);
    }
    const groups = new Set(rules.flatMap(({ when }) => when.flatMap(groupNamesOf)));
    for (const template of Object.values(asserts)) {
      for (const [, name = ''] of template.matchAll(/\{(\w+)\}/g)) {
        if (!groups.has(name)) problems.push(`device-profiles: ${id} uses {${name}}, which no pattern of it names`);
      }
    }
  }
  for (const { id, zone } of kinds.values()) {
    if (!zones.has(zone)) problems.push(`asset-kinds: ${id} lies in the zone ${zone}, which is not in zones`);
  }
  return problems;
}

function groupNamesOf(condition: object): string[] {
  return Object.values(condition).flatMap((value) =>
    typeof value === 'string' ? [...value.matchAll(/\(\?<(\w+)>/g)].map(([, name = '']) => name) : [],
  );
}
