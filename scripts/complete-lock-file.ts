import { readFileSync, writeFileSync } from 'node:fs';

// A registry that mirrors only some platforms makes npm leave the binaries of the others out of the lock, and then
// `npm ci` refuses it. Writes the missing entries, so that the lock names the binaries of every platform.

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}
interface Lock {
  packages: Record<string, LockedPackage>;
}

/** @returns paths that optional dependencies of locked packages ask for and the lock does not have */
export function missingBinaries({
  packages,
}: Lock): { path: string; name: string; version: string; of: LockedPackage }[] {
  return Object.entries(packages).flatMap(([parent, of]) =>
    Object.entries(of.optionalDependencies ?? {})
      .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages))
      .map(([name, version]) => ({ path: `node_modules/${name}`, name, version, of })),
  );
}

/** @returns the lock with an entry for every missing binary, its platform read from its name */
export function completeLock(lock: Lock): Lock {
  const added = missingBinaries(lock).map(({ path, name, version, of }) => [path, entryOf(name, version, of)] as const);
  const [root, ...others] = Object.entries(lock.packages);
  if (root === undefined) return lock;
  const sorted = [...others, ...added].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries([root, ...sorted]) };
}

function entryOf(name: string, version: string, of: LockedPackage): LockedPackage {
  const [os = '', cpu = '', library = ''] = (name.split('/').at(-1) ?? '')
    .replace(/^(cli|node-bindings|binding)-/, '')
    .split('-');
  return {
    version,
    cpu: [cpu],
    ...(of.dev === true ? { dev: true } : {}),
    ...(os === 'linux' ? { libc: [library.includes('musl') ? 'musl' : 'glibc'] } : {}),
    ...(of.license === undefined ? {} : { license: of.license }),
    optional: true,
    os: [os],
    ...(of.engines === undefined ? {} : { engines: of.engines }),
  };
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  const missing = missingBinaries(lock);
  writeFileSync('package-lock.json', `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(missing.length === 0 ? 'The lock is complete.' : `Added ${missing.map(({ name }) => name).join(', ')}.`);
}
