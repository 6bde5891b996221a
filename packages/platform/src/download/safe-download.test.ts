import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isInternalAddress } from './internal-address.ts';
import { downloadSafely } from './safe-download.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, resolve));
  return (server.address() as AddressInfo).port;
}

const LIMITS = { maximumBytes: 1024 * 1024, timeoutMs: 5000, internalHosts: ['localhost'] };

describe('a download', () => {
  it('never reaches an inner address, however it is written', () => {
    const inner = ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '::1', 'fd00::1', 'fe80::1', '0.0.0.0'];
    for (const address of [...inner, '::ffff:10.1.2.3', '64:ff9b::a00:1', 'nonsense'])
      expect(isInternalAddress(address), address).toBe(true);
    for (const address of ['203.0.113.9', '2001:db8::1', '8.8.8.8']) expect(isInternalAddress(address)).toBe(false);
  });

  it('judges a redirect as it judges the first address', async () => {
    const port = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end(),
    );
    await expect(downloadSafely(`http://localhost:${port}/`, LIMITS)).rejects.toThrow('127.0.0.1 is an address of an');
  });

  it('judges what a name means when it is asked', async () => {
    const port = await serve((_, response) => response.end('secret'));
    const outside = { ...LIMITS, internalHosts: [] };
    await expect(downloadSafely(`http://localhost:${port}/`, outside)).rejects.toThrow(
      /localhost is (::1|127\.0\.0\.1)/,
    );
    expect(Buffer.from(await downloadSafely(`http://localhost:${port}/`, LIMITS)).toString()).toBe('secret');
  });

  it('ends at its size, and at redirects that lead round', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(2 * 1024 * 1024));
      else response.writeHead(302, { location: '/again' }).end();
    });
    await expect(downloadSafely(`http://localhost:${port}/large`, LIMITS)).rejects.toThrow('larger than 1 MB');
    await expect(downloadSafely(`http://localhost:${port}/`, LIMITS)).rejects.toThrow('without end');
    await expect(downloadSafely('file:///etc/passwd', LIMITS)).rejects.toThrow('not followed');
  });

  it('gives up on a server that says nothing', async () => {
    const port = await serve(() => undefined);
    const impatient = { ...LIMITS, timeoutMs: 100 };
    await expect(downloadSafely(`http://localhost:${port}/`, impatient)).rejects.toThrow('too long');
  });
});
