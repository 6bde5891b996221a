import {
  defineRoute,
  type EventStore,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  SphinxError,
} from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import { z } from 'zod';
import { readPage } from '../traffic/row-page.ts';
import type { FileDesk } from './file-desk.ts';
import { FileFilter, FileListQuery, fileFilter, fileOrder } from './file-filter.ts';
import { countTypes, describeDetail, FileDetail, FilePolicy, FileRow, FileTypeCount } from './file-views.ts';
import { RuleMeaning } from './rule-meanings.ts';

const FileId = z.object({ id: z.string().max(100).meta({ description: 'Id of the file' }) });
/** Types, verdicts and mismatches that are told apart. */
const MAXIMUM_GROUPS = 2000;

interface FileRouteParts {
  readonly telemetry: EventStore;
  readonly desk: FileDesk;
  readonly audit: (entry: { action: string; subject: string; detail?: object }) => Promise<void>;
}

/** Files that crossed the network, and the content of those that are kept. */
export function fileRoutes(parts: FileRouteParts): readonly Route[] {
  return [...listRoutes(parts), ...ruleRoutes(parts), ...oneFileRoutes(parts)];
}

function listRoutes({ telemetry, desk }: FileRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/files',
      operationId: 'listFiles',
      summary:
        'Files that crossed the network: type, size, hashes, verdict; names of documents only where a setting says so',
      tag: 'traffic',
      permission: 'traffic:read',
      query: FileListQuery,
      response: pageSchema(FileRow),
      handler: async ({ query }) => {
        const page = { cursor: query.cursor, limit: query.limit, order: fileOrder(query.sort) };
        const { items, nextCursor } = await readPage(telemetry, 'file_activity', fileFilter(query), page);
        return { items: await withKept(desk, items), nextCursor };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/files/summary',
      operationId: 'summariseFiles',
      summary: 'How many files of which type crossed the network, and how many matched a rule',
      tag: 'traffic',
      permission: 'traffic:read',
      query: FileFilter,
      response: z.object({ types: z.array(FileTypeCount) }),
      handler: async ({ query }) => {
        const groups = await telemetry.aggregate('file_activity', {
          ...fileFilter(query),
          groupBy: ['type', 'category', 'verdict', 'is_mismatch'],
          sum: ['size'],
          limit: MAXIMUM_GROUPS,
        });
        return { types: [...countTypes(groups, desk.titles)] };
      },
    }),
  ];
}

/** Content goes before its row does: what a row says of it holds for the time when the file was seen. */
async function withKept(desk: FileDesk, rows: readonly TelemetryRow<'file_activity'>[]) {
  const kept = await desk.kept.find(rows.filter((row) => row.is_kept).map((row) => row.file_id));
  return rows.map((row) => ({ ...row, is_kept: kept.has(row.file_id) }));
}

function ruleRoutes({ desk }: FileRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/files/rules',
      operationId: 'listYaraRules',
      summary: 'YARA rules in force, with what a match means',
      tag: 'traffic',
      permission: 'traffic:read',
      query: ListQuery,
      response: pageSchema(RuleMeaning),
      handler: async ({ query }) => pageOfList([...desk.meanings.values()], query, ({ rule }) => rule),
    }),
    defineRoute({
      method: 'GET',
      path: '/files/policy',
      operationId: 'getFilePolicy',
      summary: 'How files are treated: what is followed, scanned, named and kept',
      tag: 'traffic',
      permission: 'traffic:read',
      response: FilePolicy,
      handler: () => desk.policy(),
    }),
  ];
}

function oneFileRoutes({ telemetry, desk, audit }: FileRouteParts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/files/{id}',
      operationId: 'getFile',
      summary: 'One file that crossed the network, with what its matches mean and until when its content is kept',
      tag: 'traffic',
      permission: 'traffic:read',
      params: FileId,
      response: FileDetail,
      handler: async ({ params }) => {
        const [row] = await telemetry.select('file_activity', { equals: { file_id: params.id }, limit: 1 });
        if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no file ${params.id}.`);
        const kept = (await desk.kept.find([row.file_id])).get(row.file_id);
        return describeDetail(row, desk.titles, desk.meanings, kept, desk.settings);
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
        const content = await desk.kept.read(params.id);
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
