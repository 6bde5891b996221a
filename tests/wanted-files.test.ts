import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { bytes } from '../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../packages/wire/src/testing/conversation-capture.ts';
import { client, server, type Turn } from '../packages/wire/src/testing/play.ts';
import { call, openWholeProgram } from './whole-program.ts';

const RULES = [
  'alert http any any -> any any (msg:"script"; file.name; content:".ps1"; endswith; filestore; sid:1;)',
  'alert http any any -> any any (msg:"all that follows"; http.uri; content:"/all"; filestore:to_client,flow; sid:2;)',
  'alert http any any -> any any (msg:"the answer"; http.uri; content:"/next"; filestore:response; noalert; sid:3;)',
].join('\n');

interface FileRow {
  readonly size: number;
  readonly is_kept: boolean;
  readonly is_clinical: boolean;
  readonly verdict: string;
}

let program: Program;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-wanted-'));
  program = await openWholeProgram();
  await call(program, 'POST', '/rule-sets', { title: 'keep', content: RULES });
}, 60_000);
afterAll(async () => {
  await program.close();
  await rm(folder, { recursive: true, force: true });
});

function answered(path: string, body: string, type = 'application/octet-stream'): readonly Turn[] {
  return [
    client(bytes(`GET ${path} HTTP/1.1\r\nHost: ward\r\n\r\n`)),
    server(bytes(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)),
  ];
}

/** Reads connections with files whose lengths tell them apart. @returns the files by length */
async function read(name: string, ...connections: (readonly Turn[])[]): Promise<ReadonlyMap<number, FileRow>> {
  const path = join(folder, name);
  const ends = { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 80 };
  const capture = conversationsCapture(
    connections.map((turns, index) => ({ ends: { ...ends, clientPort: 40_000 + index }, turns })),
  );
  await writeFile(path, capture);
  const { id } = await call<{ id: string }>(program, 'POST', '/sources', { kind: 'file', path });
  await vi.waitFor(
    async () => {
      const { items } = await call<{ items: { id: string; state: string }[] }>(program, 'GET', '/sources');
      expect(items.find((source) => source.id === id)?.state).toBe('finished');
    },
    { timeout: 30_000, interval: 50 },
  );
  const { items } = await call<{ items: FileRow[] }>(program, 'GET', `/files?source=${id}`);
  return new Map(items.map((file) => [file.size, file]));
}

const keptOf = (files: ReadonlyMap<number, FileRow>) =>
  [...files].flatMap(([size, file]) => (file.is_kept ? [size] : [])).sort();

describe('a rule that asks to keep files', () => {
  it('keeps the file that it speaks of, the next one, or all that follow on the flow, and no other', async () => {
    const files = await read(
      'keep.pcap',
      [...answered('/a.txt', 'a'.repeat(11)), ...answered('/b.ps1', 'b'.repeat(12)), ...answered('/c', 'c'.repeat(13))],
      [...answered('/next', 'd'.repeat(21)), ...answered('/later', 'e'.repeat(22))],
      [...answered('/x', 'f'.repeat(31)), ...answered('/all', 'g'.repeat(32)), ...answered('/y', 'h'.repeat(33))],
    );
    expect([...files.keys()].sort()).toEqual([11, 12, 13, 21, 22, 31, 32, 33]);
    expect(keptOf(files)).toEqual([12, 21, 32, 33]);
  }, 60_000);

  it('keeps no clinical content, by declaration or by what it is', async () => {
    const object = `${'\0'.repeat(128)}DICM${'\0'.repeat(20)}`;
    const files = await read('clinical.pcap', [
      ...answered('/all', '{"resourceType":"Patient"}', 'application/fhir+json'),
      ...answered('/image', object),
    ]);
    expect([...files.values()].map((file) => file.is_clinical)).toEqual([true, true]);
    expect(keptOf(files)).toEqual([]);
  }, 60_000);

  it('keeps nothing where policy keeps nothing', async () => {
    await call(program, 'PATCH', '/settings', { 'services.traffic-monitoring.keptFiles': 'none' });
    const files = await read('none.pcap', answered('/z.ps1', 'z'.repeat(41)));
    expect(keptOf(files)).toEqual([]);
    expect(files.size).toBe(1);
  }, 60_000);
});
