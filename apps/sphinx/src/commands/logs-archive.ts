import { join, resolve } from 'node:path';
import { SphinxError } from '@sphinx/platform/errors';
import type { Command } from 'commander';
import { archiveCheckText, archiveText, type LogArchiveState } from '../terminal/log-archive-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';
import { readTrustedKeys } from './trusted-keys.ts';

const SERVICES = ['log-collection'];

/** `sphinx logs archive` */
export function archiveCommand(): Command {
  return defineCommand(
    'archive',
    'tell how far the signed archive of logs goes, and what is in it',
    'sphinx logs archive --json\nsphinx logs archive --seal',
  )
    .option('--seal', 'close and sign at once what is gathered')
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient<CommonOptions & { readonly seal?: boolean }>(
        self,
        async (client, { json, seal }) => {
          const state =
            seal === true
              ? await client.send<LogArchiveState>('POST', '/log-archive/seal')
              : await client.send<LogArchiveState>('GET', '/log-archive');
          if (json) printJson(state);
          else print(archiveText(state));
        },
        SERVICES,
      ),
    );
}

/** `sphinx logs keys` */
export function archiveKeysCommand(): Command {
  return defineCommand(
    'keys',
    'print the public key with which the archive of logs is signed',
    'sphinx logs keys > log-keys.json',
  ).action((_options: CommonOptions, self: Command) =>
    withRunningClient(self, async (client) => printJson(await client.send('GET', '/log-archive-keys')), SERVICES),
  );
}

interface VerifyOptions extends CommonOptions {
  readonly keys?: string;
  readonly head?: string;
}

/** `sphinx logs verify [FOLDER]` */
export function verifyArchiveCommand(): Command {
  return defineCommand(
    'verify',
    'check the archive of logs offline; exit code 3 when anything in it was changed, cut or put in',
    'sphinx logs verify\nsphinx logs verify /mnt/copy-of-archive --keys log-keys.json',
  )
    .argument('[folder]', 'folder of the archive, or a copy of it; that in the data folder when absent')
    .option('--keys <file>', 'keys of the hospital, from "sphinx logs keys"; without, the key in the archive')
    .option('--head <hash>', 'hash that "sphinx logs archive" told before; the archive must still hold its entry')
    .action(async (folder: string | undefined, _options: VerifyOptions, self: Command) => {
      const options = self.optsWithGlobals<VerifyOptions>();
      const { json, keys, head } = options;
      if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) {
        throw new SphinxError('SPX_INVALID_INPUT', '--head is a hash of 64 hexadecimal digits.');
      }
      const { checkArchive } = await import('@sphinx/service-log-collection');
      const place =
        folder === undefined
          ? join(pathsOf(options).dataFolder, 'services', 'log-collection', 'archive')
          : resolve(folder);
      const check = await checkArchive(place, {
        trusted: keys === undefined ? undefined : await readTrustedKeys(keys, 'sphinx logs keys'),
        notedHash: head,
      });
      if (json) printJson(check);
      else print(archiveCheckText(place, check));
      if (!check.isIntact) process.exitCode = EXIT.negative;
    });
}
