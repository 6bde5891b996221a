import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json']);
const MINIMUM_COMPRESSED_BYTES = 1024;

interface StaticFile {
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
  compressed?: Promise<Uint8Array<ArrayBuffer>>;
  /** The name carries a digest of the content (Vite's `assets/`). */
  readonly isImmutable: boolean;
}

/**
 * Files of a folder, held in memory: a path that is not among them is never looked up on the disk.
 *
 * @returns undefined when the folder is missing
 */
export async function loadStaticFiles(
  folder: string,
): Promise<((request: Request) => Promise<Response | undefined>) | undefined> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (names === undefined) return undefined;
  const files = new Map<string, StaticFile>();
  for (const entry of names.filter((name) => name.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).split(sep).join('/')}`;
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    files.set(url, { type, content: new Uint8Array(await readFile(path)), isImmutable: url.startsWith('/assets/') });
  }
  const index = files.get('/index.html');
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = new URL(request.url).pathname;
    // Pages of the console have no file of their own: the console finds its page from the path.
    const file = files.get(path) ?? (extname(path) === '' ? index : undefined);
    return file === undefined ? undefined : answer(file, request, extname(path) === '' ? '.html' : extname(path));
  };
}

async function answer(file: StaticFile, request: Request, extension: string): Promise<Response> {
  const headers: Record<string, string> = {
    'content-type': file.type,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
  };
  const acceptsGzip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  if (!acceptsGzip || !COMPRESSIBLE.has(extension) || file.content.length < MINIMUM_COMPRESSED_BYTES) {
    return new Response(file.content, { headers });
  }
  file.compressed ??= compress(file.content).then((bytes) => new Uint8Array(bytes));
  return new Response(await file.compressed, { headers: { ...headers, 'content-encoding': 'gzip' } });
}
