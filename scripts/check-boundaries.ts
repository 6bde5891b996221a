import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

// Who may import whom (docs/architecture.md, "Layout"): schema < wire, platform < probes < services < apps/sphinx; the console
// speaks HTTP and shares types only.

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['packages', 'services', 'apps'];
const SOURCE_FILE = /\.(ts|tsx|js|mjs)$/;
const IMPORT =
  /(?:^|\n)\s*(import|export)(\s+type)?\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?(?:from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Workspace → workspaces that its code may import, by name or by path. */
const ALLOWED: readonly { readonly from: RegExp; readonly to: RegExp; readonly typesOnly?: RegExp }[] = [
  { from: /^packages\/schema$/, to: /^$/ },
  {
    from: /^packages\/(learning|platform|wire|rules|vulnerabilities|logs|patient-data|risk)$/,
    to: /^packages\/schema$/,
  },
  { from: /^packages\/(playbooks|response)$/, to: /^packages\/(schema|platform)$/ },
  { from: /^packages\/probes$/, to: /^packages\/(platform|schema|wire)$/ },
  { from: /^services\//, to: /^packages\// },
  { from: /^apps\/sphinx$/, to: /^(packages|services)\// },
  { from: /^apps\/console$/, to: /^$/, typesOnly: /^packages\/schema$/ },
];

interface Workspace {
  readonly folder: string;
  readonly name: string;
}

/** @returns one line for every import that crosses a border */
export function findBoundaryViolations(root: string): string[] {
  const workspaces = FOLDERS.flatMap((folder) => listWorkspaces(root, folder));
  return workspaces.flatMap((workspace) =>
    listSources(join(root, workspace.folder)).flatMap((file) => violationsIn(root, file, workspace, workspaces)),
  );
}

function violationsIn(root: string, file: string, from: Workspace, workspaces: readonly Workspace[]): string[] {
  const rule = ALLOWED.find((candidate) => candidate.from.test(from.folder));
  if (rule === undefined)
    return [`${from.folder}: no rule says what it may import; add one to scripts/check-boundaries.ts`];
  return importsOf(readFileSync(file, 'utf8')).flatMap(({ specifier, isTypeOnly }) => {
    const to = targetOf(root, file, specifier, workspaces);
    if (to === undefined || to.folder === from.folder || rule.to.test(to.folder)) return [];
    if (isTypeOnly && rule.typesOnly?.test(to.folder)) return [];
    return [`${relative(root, file)} imports ${specifier}: ${from.folder} may not use ${to.folder}`];
  });
}

function importsOf(source: string): { specifier: string; isTypeOnly: boolean }[] {
  return [...source.matchAll(IMPORT)].map(([, , type, specifier, dynamic]) => ({
    specifier: specifier ?? dynamic ?? '',
    isTypeOnly: type !== undefined,
  }));
}

function targetOf(
  root: string,
  file: string,
  specifier: string,
  workspaces: readonly Workspace[],
): Workspace | undefined {
  if (specifier.startsWith('.')) {
    const path = relative(root, resolve(dirname(file), specifier))
      .split(sep)
      .join('/');
    return workspaces.find(({ folder }) => path === folder || path.startsWith(`${folder}/`));
  }
  return workspaces.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
}

function listWorkspaces(root: string, parent: string): Workspace[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = `${parent}/${name}`;
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name: string };
      return { folder, name: manifest.name };
    });
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : listSources(path);
    return SOURCE_FILE.test(entry.name) ? [path] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = findBoundaryViolations(ROOT);
  for (const violation of violations) console.error(violation);
  console.log(violations.length === 0 ? 'Every import stays within its borders.' : `${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
