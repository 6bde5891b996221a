import { defineRoute, type Route, SphinxError } from '@sphinx/platform';
import { TrustedKeys } from '@sphinx/platform/signing';
import { z } from 'zod';
import { ArchiveHead } from '../archive/archive-entry.ts';
import type { LogArchive } from '../archive/log-archive.ts';

const TAG = 'logs';
const ArchiveState = z
  .object({
    folder: z.string(),
    keyId: z.string().meta({ description: 'SHA-256 of the public key with which it is signed' }),
    head: ArchiveHead.nullable().meta({
      description: 'How far it goes. Who notes the hash elsewhere can prove later that nothing was cut off',
    }),
    segments: z.int(),
    lines: z.int().meta({ description: 'In segments that are closed and signed' }),
    sizeBytes: z.int().meta({ description: 'Packed' }),
    dropped: z.object({ segments: z.int(), lines: z.int() }).meta({ description: 'Removed as the retention says' }),
    lost: z.int().meta({ description: 'Lines that could not be written' }),
    unsigned: z.int().meta({ description: 'Lines that are kept, and signed when their segment is closed' }),
    problem: z.string().meta({ description: 'What is wrong; empty where nothing is' }),
  })
  .meta({ id: 'LogArchive' });

/** The archive whose integrity can be shown. */
export function archiveRoutes(archive: LogArchive | undefined): readonly Route[] {
  const needed = (): LogArchive => {
    if (archive !== undefined) return archive;
    throw new SphinxError(
      'SPX_NOT_FOUND',
      'No archive of logs is kept: the setting "keepsArchive" is off, or the archive cannot be opened.',
    );
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/log-archive',
      operationId: 'getLogArchive',
      summary: 'The signed archive of logs: how far it goes, what is in it, what was dropped or lost',
      tag: TAG,
      permission: 'logs:read',
      response: ArchiveState,
      handler: async () => needed().status(),
    }),
    defineRoute({
      method: 'POST',
      path: '/log-archive/seal',
      operationId: 'sealLogArchive',
      summary: 'Closes and signs at once all that is gathered, for example before a copy is handed over',
      tag: TAG,
      permission: 'logs:write',
      response: ArchiveState,
      audit: { action: 'log-archive.seal', subject: () => 'log-archive' },
      handler: async () => {
        const open = needed();
        await open.seal();
        return open.status();
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/log-archive-keys',
      operationId: 'getLogArchiveKeys',
      summary: 'Public key with which the archive of logs is signed; give it to whoever checks it',
      tag: TAG,
      permission: 'logs:read',
      response: TrustedKeys,
      handler: async () => ({ keys: [...needed().keys] }),
    }),
  ];
}
