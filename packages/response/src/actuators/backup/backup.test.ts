import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { Actuator, ActuatorCommand, Json } from '../../contract/actuator.ts';
import type { OpenC2Command } from '../../openc2/command.ts';
import { SshServer, secretsOf } from '../../testing/ssh-server.ts';
import { borg } from './borg.ts';
import { restic } from './restic.ts';

const signal = new AbortController().signal;
const run = promisify(execFile);
const PASSWORD = 'correct horse';
const KINDS = { restic, borg } as const;
type Kind = keyof typeof KINDS;

let server: SshServer;
const folders: Record<Kind, string> = { restic: '', borg: '' };
/** Letters before anything happened to them. */
const good: Record<Kind, Json> = { restic: null, borg: null };
beforeAll(async () => {
  server = await SshServer.start();
  for (const kind of ['restic', 'borg'] as const) {
    folders[kind] = await mkdtemp(join(tmpdir(), `sphinx-${kind}-`));
    await fill(folders[kind]);
    good[kind] = await treeOf(join(folders[kind], 'share/letters'));
    await INITIALISE[kind](folders[kind]);
  }
});
afterAll(async () => {
  await server.stop();
  for (const folder of Object.values(folders)) await rm(folder, { recursive: true });
});

const INITIALISE: Readonly<Record<Kind, (folder: string) => Promise<unknown>>> = {
  async restic(folder) {
    const env = { ...process.env, RESTIC_PASSWORD: PASSWORD, RESTIC_REPOSITORY: join(folder, 'repository') };
    await run('restic', ['init'], { env });
    await run('restic', ['backup', join(folder, 'share')], { env });
  },
  async borg(folder) {
    const env = { ...process.env, BORG_PASSPHRASE: PASSWORD, BORG_REPO: join(folder, 'repository') };
    await run('borg', ['init', '-e', 'repokey'], { env });
    await run('borg', ['create', '::monday', join(folder, 'share')], { env });
  },
};

async function fill(folder: string): Promise<void> {
  await mkdir(join(folder, 'share/letters'), { recursive: true });
  await mkdir(join(folder, 'share/images'));
  for (let at = 0; at < 8; at++)
    await writeFile(join(folder, 'share/letters', `letter ${at}.txt`), `letter ${at}\n`.repeat(50));
  await writeFile(join(folder, 'share/images', "it's *.dcm"), Buffer.alloc(20_000, 7));
  await chmod(join(folder, 'share/letters/letter 1.txt'), 0o640);
}

function open(kind: Kind, more: object = {}, password = PASSWORD): Actuator {
  const folder = folders[kind];
  const settings = KINDS[kind].settings.parse({
    repository: join(folder, 'repository'),
    passwordSecret: 'backup',
    paths: [join(folder, 'share')],
    ...more,
  });
  const secrets = secretsOf({ backup: password, 'ssh-key': server.privateKey });
  return KINDS[kind].open('backup', settings, { secrets, now: () => 0 });
}

function commandOf(command: OpenC2Command, id = JSON.stringify(command)): ActuatorCommand {
  return { id, command, addresses: [], macAddresses: [], keptFlows: [] };
}
const restore = (path: string): ActuatorCommand => commandOf({ action: 'restore', target: { file: { path } } });

/** Path, mode and hash of everything in a folder. */
async function treeOf(folder: string): Promise<Json> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { mode } = await stat(path);
      const isFolder = (mode & 0o170000) === 0o040000;
      return [
        name,
        mode,
        isFolder
          ? ''
          : createHash('sha256')
              .update(await readFile(path))
              .digest('hex'),
      ];
    }),
  );
}

/** What ransomware leaves behind. */
async function encrypt(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    await writeFile(join(folder, name), createHash('sha512').update(name).digest());
    await rename(join(folder, name), join(folder, `${name}.locked`));
  }
  await writeFile(join(folder, 'README_TO_RESTORE.txt'), 'pay');
}

for (const kind of ['restic', 'borg'] as const) {
  describeActuatorContract(`Restoring by ${kind}`, async () => {
    const share = join(folders[kind], 'share');
    const letters = join(share, 'letters');
    if (!(await readdir(letters)).includes('README_TO_RESTORE.txt')) await encrypt(letters);
    return {
      open: () => open(kind),
      openAway: () => open(kind, { repository: join(folders[kind], 'nowhere') }),
      openRefused: () => open(kind, {}, 'wrong'),
      command: restore(letters),
      other: restore(join(share, 'images')),
      hostile: [
        '/etc',
        `${share}/../../etc`,
        `${share}/$(reboot)`,
        `${share}/*`,
        `--target=/`,
        `${share}/letters\n`,
      ].map(restore),
      state: () => treeOf(share),
      changeByOthers: () => writeFile(join(share, 'theirs'), 'theirs'),
      stopsAfterMs: [300],
      dispose: async () => {},
    };
  });

  describe(`${kind}`, () => {
    it('brings encrypted files back with mode and hash, keeps what was there, and finds out when one differs', async () => {
      const folder = folders[kind];
      const letters = join(folder, 'share/letters');
      const damaged = await treeOf(letters);
      const command = restore(letters);
      const preparation = await open(kind).prepare(command, signal);
      const { result } = await open(kind).apply(command, preparation, signal);
      expect(result).toMatchObject({ files: 8 });
      expect(await treeOf(letters)).toEqual(good[kind]);
      const [kept] = (await readdir(join(folder, 'share'))).filter((name) => name.includes('before'));
      expect(await treeOf(join(folder, 'share', kept ?? ''))).toEqual(damaged);
      await writeFile(join(letters, 'letter 3.txt'), 'something else');
      expect(await open(kind).verify(command, preparation, signal)).toBe('absent');
    });

    it('makes one copy for a command, however often it is asked, and restores no copy from after the attack', async () => {
      const command = commandOf({ action: 'copy', target: { device: { device_id: 'file server' } } });
      const preparation = await open(kind).prepare(command, signal);
      expect(preparation.isReversible).toBe(false);
      const first = await open(kind).apply(command, preparation, signal);
      expect(await open(kind).apply(command, preparation, signal)).toEqual(first);
      expect(await open(kind).verify(command, preparation, signal)).toBe('in-force');
      const share = { 'x-sphinx:service': { name: 'share' } };
      const early = commandOf({ action: 'restore', target: share, args: { stop_time: 1000 } });
      await expect(open(kind).prepare(early, signal)).rejects.toThrow(/no copy from before 1970/);
    });
  });
}

describe('Restoring by restic over SSH', () => {
  it('does on the other machine what it does on this one', async () => {
    const images = join(folders.restic, 'share/images');
    const before = await treeOf(images);
    await encrypt(images);
    const actuator = open('restic', { ssh: server.target() });
    const preparation = await actuator.prepare(restore(images), signal);
    await actuator.apply(restore(images), preparation, signal);
    expect(await actuator.verify(restore(images), preparation, signal)).toBe('in-force');
    expect(await treeOf(images)).toEqual(before);
  });
});
