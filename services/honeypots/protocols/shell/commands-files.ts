import { posix } from 'node:path';
import type { ShellCommand } from './commands.ts';
import { type FileNode, sizeOf } from './file-system.ts';
import type { Shell } from './shell.ts';

const DONE = { output: '', status: 0 };
const MAXIMUM_LISTED = 2000;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const HALF_YEAR_MS = 182 * 86_400_000;

/** Commands over files and folders. */
export const FILE_COMMANDS: readonly (readonly [string, ShellCommand])[] = [
  ['ls', (words, shell) => list(words, shell)],
  ['ll', (words, shell) => list(['-l', ...words], shell)],
  ['dir', (words, shell) => list(words, shell)],
  ['pwd', (_words, shell) => ({ output: `${shell.cwd}\n`, status: 0 })],
  ['cd', (words, shell) => changeFolder(words, shell)],
  [
    'mkdir',
    (words, shell) =>
      eachPath(words, (path) => shell.files.makeFolder(shell.path(path), shell.user), 'mkdir: cannot create directory'),
  ],
  [
    'touch',
    (words, shell) =>
      eachPath(
        words,
        (path) =>
          shell.files.get(shell.path(path)) === undefined
            ? shell.files.write(shell.path(path), '', shell.user)
            : undefined,
        'touch: cannot touch',
      ),
  ],
  ['rm', (words, shell) => remove(words, shell)],
  ['rmdir', (words, shell) => remove(['-r', ...words], shell)],
  ['cp', (words, shell) => copy(words, shell, false)],
  ['mv', (words, shell) => copy(words, shell, true)],
  ['chmod', (words, shell) => changeMode(words, shell)],
  ['chown', () => DONE],
  ['chattr', () => DONE],
  ['find', (words, shell) => find(words, shell)],
  ['stat', (words, shell) => describe(words, shell)],
  ['file', (words, shell) => describeType(words, shell)],
  ['df', (_words, shell) => ({ output: diskText(shell), status: 0 })],
  ['du', (words, shell) => ({ output: `${usedKb(words.at(-1) ?? '.', shell)}\t${words.at(-1) ?? '.'}\n`, status: 0 })],
  [
    'mount',
    () => ({
      output:
        '/dev/sda1 on / type ext4 (rw,relatime,errors=remount-ro)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\ntmpfs on /run type tmpfs (rw,nosuid,nodev,noexec,relatime,size=402332k,mode=755)\n',
      status: 0,
    }),
  ],
  ['umount', () => DONE],
  ['sync', () => DONE],
  ['ln', () => DONE],
];

function list(words: readonly string[], shell: Shell): { output: string; status: number } {
  const flags = flagsOf(words);
  const paths = words.filter((word) => !word.startsWith('-'));
  const wanted = paths.length === 0 ? ['.'] : paths.flatMap((path) => expand(path, shell));
  let output = '';
  let status = 0;
  for (const path of wanted) {
    const absolute = shell.path(path);
    const node = shell.files.get(absolute);
    if (node === undefined) {
      output += `ls: cannot access '${path}': No such file or directory\n`;
      status = 2;
      continue;
    }
    const isShownItself = !node.isFolder || flags.includes('d');
    const entries: (readonly [string, FileNode])[] = isShownItself ? [[path, node]] : [...shell.files.list(absolute)];
    const shown = entries.filter(
      ([name]) => isShownItself || flags.includes('a') || flags.includes('A') || !name.startsWith('.'),
    );
    if (!isShownItself && flags.includes('a')) shown.unshift(['.', node], ['..', node]);
    if (wanted.length > 1 && !isShownItself) output += `${path}:\n`;
    output += listing(shown.slice(0, MAXIMUM_LISTED), flags.includes('l'), shell, !isShownItself);
  }
  return { output, status };
}

function listing(
  entries: readonly (readonly [string, FileNode])[],
  isLong: boolean,
  shell: Shell,
  hasTotal: boolean,
): string {
  if (entries.length === 0) return isLong && hasTotal ? 'total 0\n' : '';
  if (!isLong) return `${entries.map(([name]) => name).join('  ')}\n`;
  const width = Math.max(...entries.map(([, node]) => String(sizeOf(node)).length));
  const lines = entries.map(([name, node]) => {
    const owner = node.owner.padEnd(8);
    const size = String(sizeOf(node)).padStart(width);
    return `${modeText(node)} ${node.isFolder ? 2 : 1} ${owner} ${owner} ${size} ${timeText(node.changed, shell.peer.now())} ${name}`;
  });
  const blocks = entries.reduce((sum, [, node]) => sum + Math.ceil(sizeOf(node) / 4096) * 4, 0);
  return `${hasTotal ? `total ${blocks}\n` : ''}${lines.join('\n')}\n`;
}

function changeFolder(words: readonly string[], shell: Shell): { output: string; status: number } {
  const [to = shell.home] = words;
  const path = shell.path(to === '-' ? shell.home : to);
  const node = shell.files.get(path);
  const shellName = shell.machine.isBusyBox ? 'sh' : '-bash';
  if (node === undefined) return { output: `${shellName}: cd: ${to}: No such file or directory\n`, status: 1 };
  if (!node.isFolder) return { output: `${shellName}: cd: ${to}: Not a directory\n`, status: 1 };
  shell.cwd = path;
  return DONE;
}

function eachPath(words: readonly string[], work: (path: string) => string | undefined, message: string) {
  let output = '';
  for (const path of words.filter((word) => !word.startsWith('-'))) {
    const fault = work(path);
    if (fault !== undefined && !words.includes('-p')) output += `${message} '${path}': ${fault}\n`;
  }
  return { output, status: output === '' ? 0 : 1 };
}

function remove(words: readonly string[], shell: Shell): { output: string; status: number } {
  const flags = flagsOf(words);
  let output = '';
  for (const path of words.filter((word) => !word.startsWith('-')).flatMap((each) => expand(each, shell))) {
    const node = shell.files.get(shell.path(path));
    if (node === undefined) {
      if (!flags.includes('f')) output += `rm: cannot remove '${path}': No such file or directory\n`;
    } else if (node.isFolder && !/[rR]/.test(flags)) output += `rm: cannot remove '${path}': Is a directory\n`;
    else shell.files.remove(shell.path(path));
  }
  return { output, status: output === '' ? 0 : 1 };
}

function copy(words: readonly string[], shell: Shell, isMoved: boolean): { output: string; status: number } {
  const name = isMoved ? 'mv' : 'cp';
  const [from, to] = words.filter((word) => !word.startsWith('-'));
  if (from === undefined || to === undefined) return { output: `${name}: missing file operand\n`, status: 1 };
  const node = shell.files.get(shell.path(from));
  if (node === undefined) return { output: `${name}: cannot stat '${from}': No such file or directory\n`, status: 1 };
  const target =
    shell.files.get(shell.path(to))?.isFolder === true
      ? posix.join(shell.path(to), posix.basename(from))
      : shell.path(to);
  const fault = shell.files.write(target, node.content, shell.user);
  if (fault !== undefined) return { output: `${name}: cannot create regular file '${to}': ${fault}\n`, status: 1 };
  const copied = shell.files.get(target);
  if (copied !== undefined) copied.mode = node.mode;
  if (isMoved) shell.files.remove(shell.path(from));
  return DONE;
}

function changeMode(words: readonly string[], shell: Shell): { output: string; status: number } {
  const [mode = '', ...paths] = words.filter((word) => !/^-[a-zA-Z]+$/.test(word) || /^-[rwx]+$/.test(word));
  let output = '';
  for (const path of paths) {
    const node = shell.files.get(shell.path(path));
    if (node === undefined) output += `chmod: cannot access '${path}': No such file or directory\n`;
    else if (/^[0-7]{3,4}$/.test(mode)) node.mode = Number.parseInt(mode, 8) & 0o777;
    else if (mode.includes('+') && mode.includes('x')) node.mode |= 0o111;
    else if (mode.includes('-') && mode.includes('x')) node.mode &= ~0o111;
  }
  return { output, status: output === '' ? 0 : 1 };
}

function find(words: readonly string[], shell: Shell): { output: string; status: number } {
  const [start = '.'] = words.filter((word) => !word.startsWith('-'));
  const named = words[words.findIndex((word) => word === '-name' || word === '-iname') + 1];
  const isByName = words.some((word) => word === '-name' || word === '-iname');
  const pattern = isByName ? wildcard(named ?? '*') : undefined;
  const kind = words[words.indexOf('-type') + 1];
  const found = shell.files.under(shell.path(start)).filter((path) => {
    const node = shell.files.get(path);
    if (words.includes('-type') && node?.isFolder !== (kind === 'd')) return false;
    if (words.includes('-perm') && ((node?.mode ?? 0) & 0o4000) === 0) return false;
    return pattern === undefined || pattern.test(posix.basename(path));
  });
  const shown = found
    .slice(0, MAXIMUM_LISTED)
    .map((path) => (start.startsWith('/') ? path : `${start}/${posix.relative(shell.path(start), path)}`));
  return { output: shown.map((path) => `${path}\n`).join(''), status: 0 };
}

function describe(words: readonly string[], shell: Shell): { output: string; status: number } {
  const path = words.find((word) => !word.startsWith('-')) ?? '';
  const node = shell.files.get(shell.path(path));
  if (node === undefined) return { output: `stat: cannot statx '${path}': No such file or directory\n`, status: 1 };
  const time = new Date(node.changed).toISOString().replace('T', ' ').replace('Z', '000000 +0000');
  return {
    output: `  File: ${path}\n  Size: ${sizeOf(node)}\tBlocks: ${Math.ceil(sizeOf(node) / 512)}\tIO Block: 4096   ${node.isFolder ? 'directory' : 'regular file'}\nAccess: (0${node.mode.toString(8)}/${modeText(node)})  Uid: (    0/${node.owner})\nModify: ${time}\n`,
    status: 0,
  };
}

function describeType(words: readonly string[], shell: Shell): { output: string; status: number } {
  const path = words.find((word) => !word.startsWith('-')) ?? '';
  const node = shell.files.get(shell.path(path));
  if (node === undefined) return { output: `${path}: cannot open \`${path}' (No such file or directory)\n`, status: 0 };
  const kind = node.isFolder
    ? 'directory'
    : node.content.startsWith('\x7fELF')
      ? 'ELF executable'
      : node.content === ''
        ? 'data'
        : 'ASCII text';
  return { output: `${path}: ${kind}\n`, status: 0 };
}

function usedKb(path: string, shell: Shell): number {
  const sizes = shell.files.under(shell.path(path)).map((each) => shell.files.get(each));
  return sizes.reduce((sum, node) => sum + (node === undefined ? 0 : Math.ceil(sizeOf(node) / 4096) * 4), 0);
}

function diskText({ machine }: Shell): string {
  if (machine.isBusyBox) {
    return 'Filesystem           1K-blocks      Used Available Use% Mounted on\n/dev/root                29696     22144      7552  75% /\ntmpfs                    30720       412     30308   1% /tmp\n';
  }
  return 'Filesystem     1K-blocks      Used Available Use% Mounted on\nudev             1987204         0   1987204   0% /dev\ntmpfs             402332      1104    401228   1% /run\n/dev/sda1      102626232  61830412  35536556  64% /\n/dev/sdb1     2064208996 1533402112 425936232  79% /srv\n';
}

/** @returns the paths that a pattern stands for; itself where there is none */
function expand(path: string, shell: Shell): readonly string[] {
  if (!/[*?]/.test(path)) return [path];
  const folder = posix.dirname(path);
  const pattern = wildcard(posix.basename(path));
  const found = shell.files.list(shell.path(folder)).filter(([name]) => pattern.test(name) && !name.startsWith('.'));
  return found.length === 0 ? [path] : found.map(([name]) => (folder === '.' ? name : posix.join(folder, name)));
}

/** Each star stands once, so that no pattern takes long. */
function wildcard(pattern: string): RegExp {
  const escaped = pattern
    .slice(0, 100)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '*');
  const parts = escaped.split('*').slice(0, 4);
  return new RegExp(`^${parts.join('.*').replaceAll('?', '.')}$`);
}

function flagsOf(words: readonly string[]): string {
  return words.filter((word) => /^-[a-zA-Z1]/.test(word)).join('');
}

function modeText({ isFolder, mode }: FileNode): string {
  const letters = 'rwxrwxrwx';
  const bits = [...letters].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
  return `${isFolder ? 'd' : '-'}${bits}`;
}

function timeText(time: number, now: number): string {
  const date = new Date(time);
  const day = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  const clock = `${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
  return `${day} ${now - time < HALF_YEAR_MS ? clock : ` ${date.getUTCFullYear()}`}`;
}
