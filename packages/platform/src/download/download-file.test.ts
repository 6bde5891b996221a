import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, createKeyPair, issueCertificate } from '../http/certificate-authority.ts';
import { downloadFile, type FileDownload } from './download-file.ts';

const CONTENT = randomBytes(300_000);
const servers: Server[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sphinx-download-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that knows ranges and validators; it cuts the first so many answers off in the middle. */
function publisher(options: { cuts?: number; etag?: () => string; seen?: IncomingMessage[] } = {}): RequestListener {
  let cuts = options.cuts ?? 0;
  return (request, response) => {
    options.seen?.push(request);
    const etag = options.etag?.() ?? '"1"';
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    const asked = request.headers['if-range'] === etag ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '') : null;
    const from = Number(asked?.[1] ?? 0);
    const part = CONTENT.subarray(from);
    const range = asked === null ? {} : { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` };
    response.writeHead(asked === null ? 200 : 206, { etag, 'content-length': part.length, ...range });
    if (cuts === 0) return void response.end(part);
    cuts -= 1;
    response.write(part.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
  };
}

function wanted(url: string, options: Partial<FileDownload> = {}): FileDownload {
  return {
    url,
    path: join(folder, 'feed'),
    internalHosts: ['localhost'],
    maximumBytes: 1024 * 1024,
    idleTimeoutMs: 5000,
    reserveBytes: 0,
    retries: { most: 2, firstWaitMs: 1, longestWaitMs: 10 },
    signal: new AbortController().signal,
    ...options,
  };
}

describe('a file that is fetched', () => {
  it('is taken up where its connection was cut, twice, and is whole', async () => {
    const seen: IncomingMessage[] = [];
    const port = await listen(createServer(publisher({ cuts: 2, seen })));
    const fetched = await downloadFile(wanted(`http://localhost:${port}/`));
    expect(fetched).toMatchObject({ isChanged: true, sizeBytes: CONTENT.length, resumedBytes: 200_000 });
    expect(readFileSync(join(folder, 'feed')).equals(CONTENT)).toBe(true);
    expect(seen.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
  });

  it('is gone on with by a later call, as after a kill, unless the file has changed meanwhile', async () => {
    let etag = '"1"';
    const port = await listen(createServer(publisher({ cuts: 2, etag: () => etag })));
    const onceOnly = { retries: { most: 0, firstWaitMs: 1, longestWaitMs: 1 } };
    const url = `http://localhost:${port}/`;
    await expect(downloadFile(wanted(url, onceOnly))).rejects.toThrow('broke off');
    await expect(downloadFile(wanted(url, onceOnly))).rejects.toThrow('broke off');
    expect(statSync(join(folder, 'feed.part')).size).toBe(200_000);
    etag = '"2"';
    expect(await downloadFile(wanted(url, onceOnly))).toMatchObject({ resumedBytes: 0, validators: { etag: '"2"' } });
    expect(readFileSync(join(folder, 'feed')).equals(CONTENT)).toBe(true);
  });

  it('is not fetched again while it is as it was', async () => {
    const port = await listen(createServer(publisher()));
    const url = `http://localhost:${port}/`;
    const first = await downloadFile(wanted(url));
    expect(first.isChanged && first.validators).toEqual({ etag: '"1"' });
    expect(await downloadFile(wanted(url, { validators: { etag: '"1"' } }))).toEqual({ isChanged: false });
  });

  it('waits for a server that is busy, and not for one that says no', async () => {
    let asked = 0;
    const port = await listen(
      createServer((_, response) => {
        asked += 1;
        if (asked < 3) response.writeHead(503, { 'retry-after': '0' }).end();
        else if (asked === 3) response.end('here');
        else response.writeHead(404).end();
      }),
    );
    expect(await downloadFile(wanted(`http://localhost:${port}/`))).toMatchObject({ sizeBytes: 4 });
    await expect(downloadFile(wanted(`http://localhost:${port}/`))).rejects.toThrow('answered 404');
    expect(asked).toBe(4);
  });

  it('ends at its size, at a full disk and when too little room would be left', async () => {
    const port = await listen(createServer(publisher()));
    const url = `http://localhost:${port}/`;
    await expect(downloadFile(wanted(url, { maximumBytes: 1000 }))).rejects.toThrow('larger than');
    await expect(downloadFile(wanted(url, { reserveBytes: 2 ** 50 }))).rejects.toThrow('disk is full');
    symlinkSync('/dev/full', join(folder, 'feed.part'));
    await expect(downloadFile(wanted(url))).rejects.toThrow('disk is full');
  });

  it('ends when a person cancels it, or the server falls silent', async () => {
    const port = await listen(createServer((_, response) => response.write('a')));
    const cancel = new AbortController();
    const waiting = downloadFile(wanted(`http://localhost:${port}/`, { signal: cancel.signal }));
    setTimeout(() => cancel.abort(), 50);
    await expect(waiting).rejects.toThrow();
    const silent = { idleTimeoutMs: 50, retries: { most: 0, firstWaitMs: 1, longestWaitMs: 1 } };
    await expect(downloadFile(wanted(`http://localhost:${port}/`, silent))).rejects.toThrow('took too long');
  });

  it('comes over TLS from who is trusted only, and its key does not follow a redirect', async () => {
    const nowMs = Date.now();
    const authority = await createAuthority('Feeds', nowMs);
    const keys = createKeyPair();
    const server = { name: 'localhost', publicKey: keys.publicKey, usage: 'server', nowMs, days: 1 } as const;
    const certificate = await issueCertificate(authority, server);
    const seen: (string | string[] | undefined)[] = [];
    const tls = { key: keys.privateKey, cert: certificate };
    const mirror = await listen(
      createHttpsServer(tls, (request, response) => {
        seen.push(request.headers.apikey);
        response.end('elsewhere');
      }),
    );
    const port = await listen(
      createHttpsServer(tls, (request, response) => {
        seen.push(request.headers.apikey);
        response.writeHead(302, { location: `https://localhost:${mirror}/` }).end();
      }),
    );
    const url = `https://localhost:${port}/`;
    await expect(downloadFile(wanted(url))).rejects.toThrow(/certificate|self-signed/);
    const trusting = { certificateAuthorities: authority.certificate, secretHeaders: { apikey: 'secret' } };
    await downloadFile(wanted(url, trusting));
    expect(seen).toEqual(['secret', undefined]);
    expect(readFileSync(join(folder, 'feed'), 'utf8')).toBe('elsewhere');
  });

  it('comes through a proxy where there is one, which is not asked for an inner address', async () => {
    const asked: string[] = [];
    const target = await listen(createServer((_, response) => response.end('through')));
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      const ahead = connect(target, 'localhost', () =>
        ahead.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
      );
      ahead.pipe(response.socket as NodeJS.WritableStream);
    });
    const port = await listen(proxy);
    const through = { proxy: `http://localhost:${port}`, internalHosts: [] };
    await downloadFile(wanted('http://feeds.example/list', through));
    expect(asked).toEqual(['http://feeds.example/list']);
    await expect(downloadFile(wanted(`http://localhost:${target}/`, through))).rejects.toThrow('inner network');
    expect(asked).toHaveLength(1);
  });
});
