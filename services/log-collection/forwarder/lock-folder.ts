import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { SphinxError } from '@sphinx/platform/errors';

/**
 * Keeps a folder for this process until it ends, however it ends: a socket without a file (unix(7), abstract sockets) goes with it, and a
 * number that another process got after a restart cannot be mistaken for it. Elsewhere than on Linux nothing is kept.
 *
 * @throws SphinxError SPX_DATA_FOLDER_IN_USE
 */
export async function lockFolder(folder: string): Promise<void> {
  if (platform() !== 'linux') return;
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex');
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new SphinxError(
          'SPX_DATA_FOLDER_IN_USE',
          `Another "sphinx forward" works in ${folder}. Give this one --data.`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen({ path: `\0sphinx-forward-${name}` }, resolve);
  });
  server.unref();
}
