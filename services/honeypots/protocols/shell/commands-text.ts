import { createHash } from 'node:crypto';
import type { ShellCommand } from './commands.ts';
import type { Shell } from './shell.ts';

const MAXIMUM_LINES = 5000;

/** Commands over text. */
export const TEXT_COMMANDS: readonly (readonly [string, ShellCommand])[] = [
  ['echo', (words) => ({ output: echo(words), status: 0 })],
  [
    'printf',
    ([format = '', ...values]) => ({
      output: unescaped(format.replace(/%[sd]/g, () => values.shift() ?? '')),
      status: 0,
    }),
  ],
  ['cat', (words, shell, input) => overFiles('cat', words, shell, input, (text) => text)],
  ['more', (words, shell, input) => overFiles('more', words, shell, input, (text) => text)],
  ['less', (words, shell, input) => overFiles('less', words, shell, input, (text) => text)],
  [
    'head',
    (words, shell, input) =>
      overFiles('head', words, shell, input, (text) => lines(text).slice(0, countOf(words)).join('')),
  ],
  [
    'tail',
    (words, shell, input) =>
      overFiles('tail', words, shell, input, (text) => lines(text).slice(-countOf(words)).join('')),
  ],
  ['wc', (words, shell, input) => overFiles('wc', words, shell, input, (text) => `${lines(text).length}\n`)],
  ['sort', (words, shell, input) => overFiles('sort', words, shell, input, (text) => lines(text).sort().join(''))],
  [
    'uniq',
    (words, shell, input) =>
      overFiles('uniq', words, shell, input, (text) =>
        lines(text)
          .filter((line, index, all) => line !== all[index - 1])
          .join(''),
      ),
  ],
  ['grep', (words, shell, input) => grep(words, shell, input)],
  ['egrep', (words, shell, input) => grep(words, shell, input)],
  ['md5sum', (words, shell, input) => digest('md5', words, shell, input)],
  ['sha1sum', (words, shell, input) => digest('sha1', words, shell, input)],
  ['sha256sum', (words, shell, input) => digest('sha256', words, shell, input)],
  [
    'base64',
    (words, shell, input) =>
      overFiles('base64', words, shell, input, (text) =>
        base64(
          text,
          words.some((word) => word === '-d' || word === '--decode'),
        ),
      ),
  ],
  [
    'tee',
    (words, shell, input) => {
      for (const path of words.filter((word) => !word.startsWith('-')))
        shell.files.write(shell.path(path), input, shell.user, words.includes('-a'));
      return { output: input, status: 0 };
    },
  ],
  ['dd', (words, shell, input) => copyBlocks(words, shell, input)],
];

function echo(words: readonly string[]): string {
  let index = 0;
  let isEscaped = false;
  let hasNewLine = true;
  for (; /^-[neE]+$/.test(words[index] ?? ''); index += 1) {
    isEscaped ||= (words[index] ?? '').includes('e');
    hasNewLine &&= !(words[index] ?? '').includes('n');
  }
  const text = words.slice(index).join(' ');
  return `${isEscaped ? unescaped(text) : text}${hasNewLine ? '\n' : ''}`;
}

/** Escapes of `echo -e` and `printf`: programs are brought along in them, byte by byte. */
function unescaped(text: string): string {
  const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\x07' };
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|[ntra\\])/g, (_whole, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return simple[code] ?? String.fromCharCode(Number.parseInt(code, 8) & 0xff);
  });
}

function overFiles(
  name: string,
  words: readonly string[],
  shell: Shell,
  input: string,
  work: (text: string) => string,
) {
  const paths = words.filter(
    (word, index) => !word.startsWith('-') && !(words[index - 1] === '-n' || words[index - 1] === '-c'),
  );
  if (paths.length === 0) return { output: work(input), status: 0 };
  let output = '';
  let status = 0;
  for (const path of paths) {
    const node = shell.files.get(shell.path(path));
    if (node === undefined || node.isFolder) {
      output += `${name}: ${path}: ${node === undefined ? 'No such file or directory' : 'Is a directory'}\n`;
      status = 1;
    } else if (node.mode === 0o600 && node.owner !== shell.user && shell.user !== 'root') {
      output += `${name}: ${path}: Permission denied\n`;
      status = 1;
    } else {
      shell.peer.note('download', `read ${shell.path(path)}`, { path: shell.path(path) });
      output += work(node.content);
    }
  }
  return { output, status };
}

function grep(words: readonly string[], shell: Shell, input: string) {
  const flags = words.filter((word) => word.startsWith('-')).join('');
  const [pattern = '', ...paths] = words.filter((word) => !word.startsWith('-'));
  const wanted = pattern.toLowerCase().replace(/[\\^$]/g, '');
  const fits = (line: string) => {
    const isThere = wanted.split('|').some((each) => line.toLowerCase().includes(each));
    return isThere !== flags.includes('v');
  };
  const result = overFiles('grep', paths, shell, input, (text) => lines(text).filter(fits).join(''));
  return { output: flags.includes('q') ? '' : result.output, status: result.output === '' ? 1 : result.status };
}

function digest(algorithm: string, words: readonly string[], shell: Shell, input: string) {
  const [path = '-'] = words.filter((word) => !word.startsWith('-'));
  const node = path === '-' ? undefined : shell.files.get(shell.path(path));
  if (path !== '-' && node === undefined)
    return { output: `${algorithm}sum: ${path}: No such file or directory\n`, status: 1 };
  const sum = createHash(algorithm)
    .update(node?.content ?? input, 'latin1')
    .digest('hex');
  return { output: `${sum}  ${path}\n`, status: 0 };
}

function base64(text: string, isDecoding: boolean): string {
  if (isDecoding) return Buffer.from(text, 'base64').toString('latin1');
  return `${Buffer.from(text, 'latin1').toString('base64')}\n`;
}

function copyBlocks(words: readonly string[], shell: Shell, input: string) {
  const option = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const from = option('if');
  const to = option('of');
  const content = from === undefined ? input : (shell.files.get(shell.path(from))?.content ?? '');
  const count = Number(option('count') ?? Number.NaN) * (Number.parseInt(option('bs') ?? '512', 10) || 512);
  const text = Number.isFinite(count) ? content.slice(0, count) : content;
  if (to !== undefined) shell.files.write(shell.path(to), text, shell.user);
  return { output: to === undefined ? text : `0+1 records in\n0+1 records out\n`, status: 0 };
}

function lines(text: string): string[] {
  return text
    .split(/(?<=\n)/, MAXIMUM_LINES)
    .map((line) => (line.endsWith('\n') ? line : `${line}\n`))
    .filter((line) => text !== '' || line !== '\n');
}

function countOf(words: readonly string[]): number {
  const at = words.findIndex((word) => word === '-n' || word === '-c');
  const text = at >= 0 ? words[at + 1] : words.find((word) => /^-n?\d+$/.test(word))?.replace(/\D/g, '');
  return Math.min(MAXIMUM_LINES, Math.max(1, Number.parseInt(text ?? '10', 10) || 10));
}
