import { ActuatorError } from '../contract/actuator.ts';
import { type Machine, runOrFail } from '../means/machine.ts';
import type { FileEntry, KnownGood } from './known-good.ts';

/** What of an asset is looked at. */
export interface StateScope {
  readonly assetId: string;
  /** Folders and files, with all below them on the same file system. */
  readonly paths: readonly string[];
  /** Commands whose output is kept as text, by name: `firewall` → `nft list ruleset`. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Command that prints the name of a running service per line; without it services are not looked at. */
  readonly services?: readonly string[] | undefined;
}

/** Running services of systemd, one per line. */
export const SYSTEMD_SERVICES: readonly string[] = [
  ...['systemctl', 'list-units', '--type=service', '--state=running', '--plain', '--no-legend', '--no-pager', '--full'],
];
/** Hashing a large share takes its time. */
const LIMIT_MS = 60 * 60 * 1000;
/** Fields of an entry end with NUL, as no path can hold it. */
const FORMAT = '%y\\0%m\\0%u\\0%g\\0%l\\0%p\\0';
const KINDS: Readonly<Record<string, FileEntry['kind']>> = { f: 'file', d: 'folder', l: 'link' };

/**
 * Looks at a machine: every file with hash, owner and mode, services, texts. Changes nothing.
 *
 * @param now milliseconds since 1970-01-01 UTC
 * @throws ActuatorError where a path is no absolute one, or the machine can't be asked
 */
export async function takeState(
  machine: Machine,
  scope: StateScope,
  now: number,
  signal: AbortSignal,
): Promise<KnownGood> {
  for (const path of scope.paths)
    if (!path.startsWith('/')) throw new ActuatorError(`"${path}" does not begin with "/".`);
  const options = { limitMs: LIMIT_MS };
  const files: Record<string, FileEntry> = {};
  for (const path of scope.paths) {
    const listed = await runOrFail(machine, ['find', path, '-xdev', '-printf', FORMAT], signal, options);
    const hash = ['find', path, '-xdev', '-type', 'f', '-exec', 'sha256sum', '--zero', '--', '{}', '+'];
    const hashes = await runOrFail(machine, hash, signal, options);
    Object.assign(files, readFiles(listed, hashes));
  }
  const texts: Record<string, string> = {};
  for (const [name, words] of Object.entries(scope.texts))
    texts[name] = await runOrFail(machine, words, signal, options);
  const services = scope.services === undefined ? '' : await runOrFail(machine, scope.services, signal, options);
  return { assetId: scope.assetId, takenAt: now, files, services: readServices(services), texts };
}

/**
 * Reads what `find` and `sha256sum` printed. Never throws; what is cut short is left out.
 *
 * @param listed entries of `find -printf`, six fields each
 * @param hashes `sha256sum --zero`
 */
export function readFiles(listed: string, hashes: string): Readonly<Record<string, FileEntry>> {
  const hashOf = new Map(
    hashes
      .split('\0')
      .flatMap((line) => (/^[0-9a-f]{64} [ *]/.test(line) ? [[line.slice(66), line.slice(0, 64)] as const] : [])),
  );
  const fields = listed.split('\0');
  const entries: [string, FileEntry][] = [];
  for (let at = 0; at + 6 <= fields.length; at += 6) {
    const [type = '', mode = '', owner = '', group = '', target = '', path = ''] = fields.slice(at, at + 6);
    if (path === '') continue;
    const kind = KINDS[type] ?? 'other';
    const sha256 = kind === 'file' ? hashOf.get(path) : undefined;
    const entry = {
      kind,
      mode,
      owner,
      group,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(kind === 'link' ? { target } : {}),
    };
    entries.push([path, entry]);
  }
  return Object.fromEntries(entries);
}

function readServices(text: string): string[] {
  const names = text.split('\n').map((line) => line.trim().split(/\s+/)[0] ?? '');
  return [...new Set(names.filter((name) => name !== ''))].sort();
}
