import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { Actuator, ActuatorCommand } from '../../contract/actuator.ts';
import { quoteForShell } from '../../means/ssh.ts';
import type { OpenC2Command } from '../../openc2/command.ts';
import { SshServer, secretsOf } from '../../testing/ssh-server.ts';
import { fillIn } from './command-template.ts';
import { sshCommand } from './ssh-command.ts';

const signal = new AbortController().signal;
const COMMANDS = [
  {
    action: 'deny',
    target: 'file',
    run: ['mv', '-n', '--', '{path}', '{path}.quarantined'],
    undo: ['mv', '-n', '--', '{path}.quarantined', '{path}'],
    check: ['test', '-e', '{path}.quarantined'],
  },
  { action: 'stop', target: 'process', run: ['pkill', '-KILL', '-f', '-x', '--', '{name}'] },
];

let server: SshServer;
let folder: string;
beforeAll(async () => {
  server = await SshServer.start();
  folder = await mkdtemp(join(tmpdir(), 'sphinx-ssh-command-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function open(target: object = {}): Actuator {
  const settings = sshCommand.settings.parse({ ssh: { ...server.target(), ...target }, commands: COMMANDS });
  return sshCommand.open('files', settings, { secrets: secretsOf({ 'ssh-key': server.privateKey }), now: () => 0 });
}

function commandOf(command: OpenC2Command): ActuatorCommand {
  return { id: JSON.stringify(command), command, addresses: [], macAddresses: [], keptFlows: [] };
}

const deny = (path: string): ActuatorCommand => commandOf({ action: 'deny', target: { file: { path } } });

describeActuatorContract('A command by SSH', async () => {
  await rm(folder, { recursive: true });
  await mkdir(folder);
  const hostile = "it's $(touch pwned) `touch pwned`; touch pwned";
  for (const name of ['locker.exe', 'report.doc', hostile]) await writeFile(join(folder, name), name);
  return {
    open,
    openAway: () => open({ port: 1 }),
    openRefused: () => open({ user: 'nobody-here' }),
    command: deny(join(folder, 'locker.exe')),
    other: deny(join(folder, 'report.doc')),
    hostile: [
      deny(join(folder, hostile)),
      deny('a\ntouch pwned'),
      deny('--help'),
      deny(''),
      commandOf({ action: 'delete', target: { file: { path: folder } } }),
    ],
    async state() {
      const names = (await readdir(folder)).sort();
      return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]));
    },
    changeByOthers: () => writeFile(join(folder, 'theirs'), 'theirs'),
    stopsAfterMs: [5],
    dispose: async () => {},
  };
});

describe('A command by SSH', () => {
  it('ends a process, and says that this can not be taken back', async () => {
    const child = spawn('sleep', ['86399.25']);
    const command = commandOf({ action: 'stop', target: { process: { name: 'sleep 86399.25' } } });
    const preparation = await open().prepare(command, signal);
    expect(preparation.isReversible).toBe(false);
    const end = once(child, 'exit');
    await open().apply(command, preparation, signal);
    expect((await end)[1]).toBe('SIGKILL');
  });

  it('takes no pattern for the name of a process', async () => {
    for (const name of ['.*', 'sshd|cron', '[a-z]', '^', '-1', 'a\nb'])
      await expect(
        open().prepare(commandOf({ action: 'stop', target: { process: { name } } }), signal),
      ).rejects.toThrow(/no plain name|option|shown/);
  });

  it('reaches the other machine word by word, whatever the words hold', async () => {
    const words = ["a'b", '"', '$HOME', '\\', '', '* ?', '\n', '`id`', '!!', 'é🫀'];
    const echo = spawn('sh', ['-c', `printf '%s|' ${quoteForShell(words)}`]);
    const parts: Buffer[] = [];
    echo.stdout.on('data', (part: Buffer) => parts.push(part));
    await once(echo, 'close');
    expect(Buffer.concat(parts).toString()).toBe(words.map((word) => `${word}|`).join(''));
  });

  it('keeps the number of words, and never begins one with a dash that a value brought', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const template = ['mv', '{path}', '{path}.old'];
        try {
          const words = fillIn(template, deny(path));
          return words.length === 3 && words.every((word) => !word.startsWith('-')) && words[2] === `${path}.old`;
        } catch (error) {
          return (error as Error).name === 'ActuatorError';
        }
      }),
    );
  });
});
