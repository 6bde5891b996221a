import { posix } from 'node:path';
import type { Machine } from '../../decoys/machine.ts';

const DAY_MS = 86_400_000;
const MAXIMUM_NEW_FILES = 200;
const MAXIMUM_NEW_BYTES = 2 * 1024 * 1024;
const FOLDER_BYTES = 4096;

/** A file or folder of a decoy. */
export interface FileNode {
  readonly isFolder: boolean;
  /** latin1, so that bytes stay as they are. */
  content: string;
  readonly size: number | undefined;
  owner: string;
  mode: number;
  changed: number;
  /** Made in this session. */
  readonly isNew: boolean;
}

/** Files that a session sees: those of the machine, and what it changed itself, which ends with it. Nothing is on a disk. */
export class FakeFileSystem {
  readonly #nodes = new Map<string, FileNode>();
  readonly #now: () => number;
  #newFiles = 0;
  #newBytes = 0;

  /** @param fill puts the names of the decoy into texts */
  constructor(machine: Machine, fill: (text: string) => string, now: () => number) {
    this.#now = now;
    this.#nodes.set('/', this.#folder('root', now() - machine.upDays * DAY_MS));
    for (const { path, content, owner, mode, size, daysOld } of machine.entries) {
      const changed = now() - daysOld * DAY_MS;
      this.#addParents(fill(path), changed);
      const isFolder = content === undefined && size === undefined;
      this.#nodes.set(fill(path), {
        isFolder,
        content: Buffer.from(fill(content ?? ''), 'utf8').toString('latin1'),
        size,
        owner,
        mode: Number.parseInt(mode ?? (isFolder ? '755' : '644'), 8),
        changed,
        isNew: false,
      });
    }
  }

  get(path: string): FileNode | undefined {
    return this.#nodes.get(path);
  }

  /** @returns names in a folder with their nodes, in order */
  list(path: string): readonly (readonly [name: string, node: FileNode])[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    const found: [string, FileNode][] = [];
    for (const [each, node] of this.#nodes) {
      const name = each.slice(prefix.length);
      if (each.startsWith(prefix) && name !== '' && !name.includes('/')) found.push([name, node]);
    }
    return found.sort(([left], [right]) => (left < right ? -1 : 1));
  }

  /** @returns every path at or under a folder */
  under(path: string): readonly string[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...this.#nodes.keys()].filter((each) => each === path || each.startsWith(prefix)).sort();
  }

  /** @returns why it cannot be written, as a shell says it; undefined when it was */
  write(path: string, content: string, owner: string, isAppended = false): string | undefined {
    const known = this.#nodes.get(path);
    if (known?.isFolder === true) return 'Is a directory';
    if (this.#nodes.get(posix.dirname(path))?.isFolder !== true) return 'No such file or directory';
    const whole = isAppended ? (known?.content ?? '') + content : content;
    if (this.#newBytes + content.length > MAXIMUM_NEW_BYTES || this.#newFiles >= MAXIMUM_NEW_FILES) {
      return 'No space left on device';
    }
    this.#newBytes += content.length;
    if (known === undefined) this.#newFiles += 1;
    this.#nodes.set(path, {
      isFolder: false,
      content: whole,
      size: undefined,
      owner: known?.owner ?? owner,
      mode: known?.mode ?? 0o644,
      changed: this.#now(),
      isNew: true,
    });
    return undefined;
  }

  makeFolder(path: string, owner: string): string | undefined {
    if (this.#nodes.has(path)) return 'File exists';
    if (this.#nodes.get(posix.dirname(path))?.isFolder !== true) return 'No such file or directory';
    if (this.#newFiles >= MAXIMUM_NEW_FILES) return 'No space left on device';
    this.#newFiles += 1;
    this.#nodes.set(path, { ...this.#folder(owner, this.#now()), isNew: true });
    return undefined;
  }

  remove(path: string): void {
    if (path === '/') return;
    for (const each of this.under(path)) this.#nodes.delete(each);
  }

  /** Files that this session made, for the quarantine. */
  made(): readonly (readonly [path: string, node: FileNode])[] {
    return [...this.#nodes].filter(([, node]) => node.isNew && !node.isFolder && node.content !== '');
  }

  #addParents(path: string, changed: number): void {
    for (let folder = posix.dirname(path); !this.#nodes.has(folder); folder = posix.dirname(folder)) {
      this.#nodes.set(folder, this.#folder('root', changed));
    }
  }

  #folder(owner: string, changed: number): FileNode {
    return { isFolder: true, content: '', size: FOLDER_BYTES, owner, mode: 0o755, changed, isNew: false };
  }
}

/** @returns an absolute path without dots; `~` is the home folder */
export function resolvePath(cwd: string, home: string, path: string): string {
  const expanded = path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;
  const absolute = posix.resolve(cwd, expanded.slice(0, 1024));
  return absolute === '' ? '/' : absolute;
}

/** @returns bytes of a file as listings show them */
export function sizeOf({ size, content }: FileNode): number {
  return size ?? content.length;
}
