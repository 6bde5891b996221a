import { defineRoute, type EventStore, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { TELEMETRY } from '@sphinx/schema';
import { z } from 'zod';
import { RowPage, readPage } from '../traffic/row-page.ts';
import { rangeOf, TimeRange } from '../traffic/traffic-filter.ts';
import type { KeptFiles } from './kept-files.ts';

const FileRow = TELEMETRY.file_activity.meta({ id: 'FileActivity' });
const FileId = z.object({ id: z.string().max(100).meta({ description: 'Id of the file' }) });
const Word = z.string().max(100).optional();
const FileFilter = TimeRange.extend({
  ...RowPage,
  address: Word.meta({ description: 'Either end has this address' }),
  protocol: Word,
  source: Word,
  flow: Word.meta({ description: 'Id of one flow' }),
  type: Word.meta({ description: 'By content, for example `pe`' }),
  category: Word,
  verdict: z.enum(['matched', 'clean', 'unscanned']).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** Files that crossed the network, and the content of those that are kept. */
export function fileRoutes(dependencies: {
  readonly telemetry: EventStore;
  readonly kept: KeptFiles;
  readonly audit: (entry: { action: string; subject: string; detail?: object }) => Promise<void>;
}): readonly Route[] {
  const { telemetry, kept, audit } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/files',
      operationId: 'listFiles',
      summary: 'Files that crossed the network, newest first: type, size, hashes, verdict; names of documents never',
      tag: 'traffic',
      permission: 'traffic:read',
      query: FileFilter,
      response: pageSchema(FileRow),
      handler: async ({ query }) => {
        const { protocol, source, flow, type, category, verdict, sha256, address } = query;
        const wanted = { app_name: protocol, source_id: source, flow_id: flow, type, category, verdict, sha256 };
        const equals = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        const filter = { ...rangeOf(query), ...(address === undefined ? {} : { address }), equals };
        return readPage(telemetry, 'file_activity', filter, query);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/files/{id}',
      operationId: 'getFile',
      summary: 'One file that crossed the network',
      tag: 'traffic',
      permission: 'traffic:read',
      params: FileId,
      response: FileRow,
      handler: async ({ params }) => {
        const [row] = await telemetry.select('file_activity', { equals: { file_id: params.id }, limit: 1 });
        if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no file ${params.id}.`);
        return row;
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/files/{id}/content',
      operationId: 'downloadFile',
      summary: 'Content of a kept file, which may be malware; each reading is recorded in the audit trail',
      tag: 'traffic',
      permission: 'files:download',
      params: FileId,
      response: { raw: 'application/octet-stream' },
      handler: async ({ params, principal }) => {
        const content = await kept.read(params.id);
        await audit({ action: 'file.download', subject: params.id, detail: { by: principal.name } });
        return new Response(new Uint8Array(content), {
          headers: {
            'content-type': 'application/octet-stream',
            'content-disposition': `attachment; filename="${params.id.replace(/[^\w-]/g, '')}.bin"`,
            'x-content-type-options': 'nosniff',
          },
        });
      },
    }),
  ];
}
