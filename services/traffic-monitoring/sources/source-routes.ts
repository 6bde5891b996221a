import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SphinxError } from '@sphinx/platform';
import { z } from 'zod';
import { listInterfaces } from './live-capture.ts';
import { NewSource, Source, SourceKind, SourceState } from './source.ts';
import type { SourceManager } from './source-manager.ts';

const SourceId = z.object({ id: z.string() });
const BYTES_PER_MEGABYTE = 1_000_000;

/** Adding, starting, stopping and removing traffic sources. */
export function sourceRoutes(dependencies: {
  sources: SourceManager;
  uploadFolder: string;
  maximumUploadMegabytes: number;
  writeSampleCapture: (path: string) => Promise<void>;
}): readonly Route[] {
  const { sources } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/sources',
      operationId: 'listSources',
      summary: 'Every traffic source with its state and progress',
      tag: 'traffic',
      permission: 'sources:read',
      query: ListQuery.extend({ kind: SourceKind.optional(), state: SourceState.optional() }),
      response: pageSchema(Source),
      handler: async ({ query }) => {
        const found = sources
          .list()
          .filter(({ kind }) => query.kind === undefined || kind === query.kind)
          .filter(({ state }) => query.state === undefined || state === query.state);
        return pageOfList(found, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/sources',
      operationId: 'addSource',
      summary:
        'Adds a file, a folder to watch, an interface, a listener for what other sensors send, or a capture on another machine, and starts it',
      tag: 'traffic',
      permission: 'sources:write',
      body: NewSource,
      response: Source,
      status: 201,
      audit: { action: 'source.add', subject: ({ body }) => placeOf(body) },
      handler: async ({ body }) => {
        const source = await sources.add(body);
        return sources.start(source.id);
      },
    }),
    uploadRoute(dependencies),
    ...lifecycleRoutes(sources),
    ...sampleRoutes(dependencies),
    defineRoute({
      method: 'GET',
      path: '/interfaces',
      operationId: 'listInterfaces',
      summary: 'Network interfaces of the machine that SPHINX runs on',
      tag: 'traffic',
      permission: 'sources:read',
      query: ListQuery,
      response: pageSchema(z.object({ name: z.string(), addresses: z.array(z.string()), isLoopback: z.boolean() })),
      handler: async ({ query }) => pageOfList(listInterfaces(), query, ({ name }) => name),
    }),
  ];
}

/** What the audit trail calls it: where it reads from, without anything that is told in confidence. */
function placeOf(source: NewSource): string {
  const parts = [
    'host' in source && !('path' in source && source.path !== undefined) ? `${source.host}:${source.port}` : '',
    'path' in source ? (source.path ?? '') : '',
    'interface' in source ? source.interface : '',
  ];
  return `${source.kind} ${parts.filter((part) => part !== '').join(' ')}`;
}

function lifecycleRoutes(sources: SourceManager): readonly Route[] {
  const act = (verb: 'start' | 'stop', summary: string) =>
    defineRoute({
      method: 'POST',
      path: `/sources/{id}/${verb}`,
      operationId: `${verb}Source`,
      summary,
      tag: 'traffic',
      permission: 'sources:write',
      params: SourceId,
      response: Source,
      audit: { action: `source.${verb}`, subject: ({ params }) => params.id },
      handler: ({ params }) => sources[verb](params.id),
    });
  return [
    act('start', 'Starts a source; a file is read from its beginning'),
    act('stop', 'Stops a source; what was read stays'),
    defineRoute({
      method: 'DELETE',
      path: '/sources/{id}',
      operationId: 'removeSource',
      summary: 'Stops a source and takes back everything that only it has shown',
      tag: 'traffic',
      permission: 'sources:write',
      params: SourceId,
      response: null,
      audit: { action: 'source.remove', subject: ({ params }) => params.id },
      handler: ({ params }) => sources.remove(params.id),
    }),
  ];
}

/** Uploads carry patient data: the file lives while it is read and is deleted right after. */
function uploadRoute(dependencies: {
  sources: SourceManager;
  uploadFolder: string;
  maximumUploadMegabytes: number;
}): Route {
  const { sources, uploadFolder, maximumUploadMegabytes } = dependencies;
  return defineRoute({
    method: 'POST',
    path: '/sources/upload',
    operationId: 'uploadCapture',
    summary:
      'Reads a capture or a log of another sensor that is sent as the request body; it is deleted once it is read',
    tag: 'traffic',
    permission: 'sources:write',
    query: z.object({ name: z.string().min(1).max(255) }),
    bodyKind: 'raw',
    response: Source,
    status: 201,
    audit: { action: 'source.upload', subject: ({ query }) => basename(query.name) },
    handler: async ({ query, request }) => {
      if (request.body === null) throw new SphinxError('SPX_INVALID_INPUT', 'Send the capture file as request body.');
      const folder = await mkdtemp(join(uploadFolder, 'upload-'));
      const removeUpload = () => rm(folder, { recursive: true, force: true });
      try {
        const path = join(folder, 'capture');
        await pipeline(
          Readable.fromWeb(request.body as NodeReadableStream),
          limitBytes(maximumUploadMegabytes * BYTES_PER_MEGABYTE),
          createWriteStream(path, { mode: 0o600 }),
        );
        return await sources.readFile({ path, title: basename(query.name), isSample: false, afterRun: removeUpload });
      } catch (error) {
        await removeUpload();
        throw error;
      }
    },
  });
}

function sampleRoutes(dependencies: {
  sources: SourceManager;
  uploadFolder: string;
  writeSampleCapture: (path: string) => Promise<void>;
}): readonly Route[] {
  const { sources, uploadFolder, writeSampleCapture } = dependencies;
  const removeSamples = async () => {
    for (const source of sources.list().filter(({ isSample }) => isSample)) await sources.remove(source.id);
  };
  return [
    defineRoute({
      method: 'POST',
      path: '/sources/sample',
      operationId: 'addSampleTraffic',
      summary: 'Reads traffic of an invented hospital; everything from it is marked as sample',
      tag: 'traffic',
      permission: 'sources:write',
      response: Source,
      status: 201,
      audit: { action: 'source.sample.add', subject: () => 'sample traffic' },
      handler: async () => {
        // The invented ten minutes always end now: an older sample is replaced, not kept beside.
        await removeSamples();
        const path = join(uploadFolder, 'sample-hospital.pcap');
        await writeSampleCapture(path);
        return sources.readFile({ path, title: 'Sample hospital (invented)', isSample: true });
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/sources/sample',
      operationId: 'removeSampleTraffic',
      summary: 'Removes the sample traffic and everything that came from it',
      tag: 'traffic',
      permission: 'sources:write',
      response: null,
      audit: { action: 'source.sample.remove', subject: () => 'sample traffic' },
      handler: removeSamples,
    }),
  ];
}

function limitBytes(maximumBytes: number): Transform {
  let received = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      received += chunk.length;
      if (received <= maximumBytes) return done(null, chunk);
      const limit = Math.round(maximumBytes / BYTES_PER_MEGABYTE);
      done(
        new SphinxError(
          'SPX_TOO_LARGE',
          `The file is larger than ${limit} MB. Raise "Largest upload" in the toolbox, or copy the file to the server and add it by its path.`,
        ),
      );
    },
  });
}
