import { type DecoyContext, named } from '../../decoys/decoy-context.ts';
import type { Machine } from '../../decoys/machine.ts';
import type { Peer } from '../conversation.ts';
import { readCommands, type SimpleCommand } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { FakeFileSystem, resolvePath } from './file-system.ts';

/** What one command hands back. */
export interface CommandResult {
  readonly output: string;
  readonly status: number;
}

const MAXIMUM_OUTPUT = 64 * 1024;
const MAXIMUM_DEPTH = 4;
const MAXIMUM_HISTORY = 500;
/** What a program file begins with, or a script. */
const PROGRAM = /^(\x7fELF|MZ|#!)/;

/**
 * A shell that runs nothing: its commands are answers over invented files. It reaches nobody; what it is told to fetch or to
 * connect to is noted.
 */
export class Shell {
  readonly machine: Machine;
  readonly files: FakeFileSystem;
  readonly peer: Peer;
  readonly hostName: string;
  readonly domain: string;
  readonly environment = new Map<string, string>();
  readonly history: string[] = [];
  user: string;
  home: string;
  cwd: string;
  status = 0;
  hasExited = false;
  #depth = 0;

  constructor(machine: Machine, context: DecoyContext, peer: Peer, user: string) {
    this.machine = machine;
    this.peer = peer;
    this.hostName = context.identity.hostName;
    this.domain = context.identity.domain;
    this.files = new FakeFileSystem(
      machine,
      (text) => named(text, context.identity),
      () => peer.now(),
    );
    this.user = user;
    this.home = homeOf(machine, user);
    this.cwd = this.files.get(this.home) === undefined ? '/' : this.home;
    this.environment.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
    this.environment.set('HOME', this.home);
    this.environment.set('USER', user);
    this.environment.set('SHELL', machine.isBusyBox ? '/bin/sh' : '/bin/bash');
    this.environment.set('LANG', 'en_US.UTF-8');
  }

  get prompt(): string {
    const mark = this.user === 'root' ? '#' : '$';
    if (this.machine.isBusyBox) return `${mark} `;
    const place = this.cwd === this.home ? '~' : this.cwd;
    return `${this.user}@${this.hostName}:${place}${mark} `;
  }

  path(path: string): string {
    return resolvePath(this.cwd, this.home, path);
  }

  become(user: string): void {
    this.user = user;
    this.home = homeOf(this.machine, user);
    this.environment.set('HOME', this.home);
    this.environment.set('USER', user);
  }

  /** A line that a person or a program typed. @returns what the terminal shows */
  run(line: string): string {
    if (line.trim() === '') return '';
    this.peer.note('command', line.slice(0, 1500));
    if (this.history.length < MAXIMUM_HISTORY) this.history.push(line.slice(0, 1000));
    return this.execute(line);
  }

  /** As `run`, for commands within commands. */
  execute(line: string, input = ''): string {
    if (this.#depth >= MAXIMUM_DEPTH) return '';
    this.#depth += 1;
    let output = '';
    let piped = input;
    const commands = readCommands(line, (name) => this.#variable(name));
    for (const [index, command] of commands.entries()) {
      const isSkipped = (command.joint === '&&' && this.status !== 0) || (command.joint === '||' && this.status === 0);
      if (isSkipped || this.hasExited) continue;
      const result = this.#simple(command, command.joint === '|' ? piped : input);
      const isPiped = commands[index + 1]?.joint === '|';
      if (isPiped) piped = result;
      else output += result;
      if (output.length > MAXIMUM_OUTPUT) break;
    }
    this.#depth -= 1;
    return output.slice(0, MAXIMUM_OUTPUT);
  }

  /** Puts what this session left behind into the quarantine. */
  leave(): void {
    for (const [path, { content }] of this.files.made().slice(0, 20)) {
      this.peer.sample(path.split('/').at(-1) ?? 'file', Buffer.from(content, 'latin1'));
    }
  }

  #simple({ words, redirects }: SimpleCommand, input: string): string {
    let from = input;
    for (const { kind, path } of redirects) {
      if (kind !== '<') continue;
      const file = this.files.get(this.path(path));
      if (file === undefined || file.isFolder) {
        this.status = 1;
        return `${this.#name}: ${path}: No such file or directory\n`;
      }
      from = file.content;
    }
    const { output, status } = this.#invoke(words, from);
    this.status = status;
    const target = redirects.find(({ kind, isError }) => kind !== '<' && !isError);
    if (target === undefined) return redirects.some(({ isError }) => isError) && status !== 0 ? '' : output;
    return this.#redirect(target.path, output, target.kind === '>>');
  }

  #redirect(path: string, output: string, isAppended: boolean): string {
    const absolute = this.path(path);
    if (absolute.startsWith('/dev/')) return absolute === '/dev/tty' ? output : '';
    const reach = /^\/dev\/(tcp|udp)\/([^/]+)\/(\d+)$/.exec(path);
    if (reach !== null) return '';
    const fault = this.files.write(absolute, output, this.user, isAppended);
    if (fault === undefined) return '';
    this.status = 1;
    return `${this.#name}: ${path}: ${fault}\n`;
  }

  #invoke(words: readonly string[], input: string): CommandResult {
    const [first = '', ...rest] = words;
    const assignment = /^([A-Za-z_]\w{0,40})=(.*)$/s.exec(first);
    if (assignment !== null) {
      if (this.environment.size < 100) this.environment.set(assignment[1] ?? '', (assignment[2] ?? '').slice(0, 1000));
      return rest.length === 0 ? { output: '', status: 0 } : this.#invoke(rest, input);
    }
    if (first === '') return { output: '', status: 0 };
    for (const word of words) this.#noteDevice(word);
    const name = first.split('/').at(-1) ?? '';
    const command = COMMANDS.get(name);
    const isPath = first.includes('/');
    if (isPath && this.files.get(this.path(first))?.isNew === true) return this.#runOwn(first);
    if (command !== undefined) return command(rest, this, input);
    if (isPath) {
      const node = this.files.get(this.path(first));
      if (node === undefined) return { output: `${this.#name}: ${first}: No such file or directory\n`, status: 127 };
      if (node.isFolder) return { output: `${this.#name}: ${first}: Is a directory\n`, status: 126 };
      return { output: '', status: 0 };
    }
    return {
      output: this.machine.isBusyBox ? `sh: ${first}: not found\n` : `-bash: ${first}: command not found\n`,
      status: 127,
    };
  }

  /** A file that this session made: a script is read as commands are, a program seems to be of another machine. */
  #runOwn(path: string): CommandResult {
    const node = this.files.get(this.path(path));
    if (node === undefined || node.isFolder) return { output: '', status: 126 };
    if ((node.mode & 0o111) === 0) return { output: `${this.#name}: ${path}: Permission denied\n`, status: 126 };
    this.peer.note('command', `ran ${path}, which it had brought along`, { isOwnProgram: true });
    if (PROGRAM.test(node.content) && !node.content.startsWith('#!')) {
      return { output: `${this.#name}: ${path}: cannot execute binary file: Exec format error\n`, status: 126 };
    }
    return { output: this.execute(node.content.slice(0, 8192)), status: this.status };
  }

  /** `/dev/tcp/host/port` of bash is a connection. */
  #noteDevice(word: string): void {
    const [, , host, port] = /\/dev\/(tcp|udp)\/([^/\s]{1,255})\/(\d{1,5})/.exec(word) ?? [];
    if (host !== undefined)
      this.peer.note('reach-out', `told to connect to ${host} port ${port}`, { host, port: Number(port) });
  }

  #variable(name: string): string {
    if (name === '?') return String(this.status);
    if (name === '$') return '2417';
    if (name === '#') return '0';
    return this.environment.get(name) ?? '';
  }

  get #name(): string {
    return this.machine.isBusyBox ? 'sh' : '-bash';
  }
}

function homeOf({ users }: Machine, user: string): string {
  return users.find(({ name }) => name === user)?.home ?? (user === 'root' ? '/root' : `/home/${user}`);
}
