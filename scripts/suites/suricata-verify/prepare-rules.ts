import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  DEFAULT_ADDRESS_GROUPS,
  DEFAULT_PORT_GROUPS,
  defaultResources,
  type LoadedRules,
  loadRules,
  parseClassification,
  parseReputation,
  Suppressions,
} from '@sphinx/rules';
import type { VerifyCase } from './case.ts';

/** The rules of a case with what lies beside them. */
export interface PreparedRules extends LoadedRules {
  readonly suppressions: Suppressions;
}

/** Loads the rules of a case with the variables, classes, lists and thresholds of its settings. */
export function prepareRules(one: VerifyCase): PreparedRules {
  const { folder, ruleFiles } = one;
  const read = (name: string | undefined) => {
    const file = name === undefined ? undefined : resolve(folder, name);
    return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const addressGroups = { ...DEFAULT_ADDRESS_GROUPS, ...groupsOf(one, 'address-groups') };
  const resources = defaultResources({
    addressGroups,
    portGroups: { ...DEFAULT_PORT_GROUPS, ...groupsOf(one, 'port-groups') },
    classes: parseClassification(read(textOf(one, 'classification-file') ?? 'classification.config') ?? ''),
    readFile: (path) => read(path) ?? read(basename(path)),
    reputation: parseReputation(
      read(textOf(one, 'reputation-categories-file') ?? 'categories.txt') ?? '',
      listOf(one, 'reputation-files').flatMap((name) => read(name) ?? []),
    ),
  });
  const loaded = loadRules(
    ruleFiles.map((name) => ({ name, content: readFileSync(name, 'utf8') })),
    resources,
  );
  const suppressions = new Suppressions();
  const thresholds = read(textOf(one, 'threshold-file') ?? 'threshold.config') ?? '';
  for (const line of thresholds.replaceAll('\\\n', ' ').split('\n')) {
    if (/^(suppress|threshold|event_filter)\s/.test(line)) suppressions.add(line, addressGroups);
  }
  return { ...loaded, suppressions };
}

function settingOf(one: VerifyCase, name: string): unknown {
  const override = one.overrides.get(name);
  return override ?? memberOf(one.settings, name);
}

function textOf(one: VerifyCase, name: string): string | undefined {
  const value = settingOf(one, name);
  return typeof value === 'string' ? value : undefined;
}

function listOf(one: VerifyCase, name: string): readonly string[] {
  const value = settingOf(one, name);
  if (Array.isArray(value)) return value.map(String);
  return ['reputation.list', 'iprep.list', 'rep.list'].filter((file) => existsSync(join(one.folder, file)));
}

function groupsOf(one: VerifyCase, kind: 'address-groups' | 'port-groups'): Record<string, string> {
  const groups = memberOf(memberOf(one.settings, 'vars'), kind);
  const fromFile = typeof groups === 'object' && groups !== null ? Object.entries(groups) : [];
  const prefix = `vars.${kind}.`;
  const fromArguments = [...one.overrides].flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
  );
  return Object.fromEntries([...fromFile, ...fromArguments].map(([name, value]) => [name, String(value)]));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
