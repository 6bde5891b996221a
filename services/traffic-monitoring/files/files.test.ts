import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TelemetryRow } from '@sphinx/schema';
import { afterEach, describe, expect, it } from 'vitest';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import type { Source } from '../sources/source.ts';
import { Monitoring } from '../test-monitoring.ts';
import type { FileDetail, FilePolicy } from './file-views.ts';

const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const POLYGLOT = `MZ${'\0'.repeat(126)}DICM${'\0'.repeat(100)}`;

type Row = TelemetryRow<'file_activity'>;

let house: Monitoring;
afterEach(() => house.close());

/** One HTTP connection as a capture file (pcap, Ethernet). */
function httpCapture(target: string, body: string): Buffer {
  const packet = (isFromClient: boolean, sequence: number, flags: number, text: string) => {
    const payload = Buffer.from(text, 'latin1');
    const bytes = Buffer.alloc(54 + payload.length);
    bytes.writeUInt16BE(0x0800, 12);
    bytes[14] = 0x45;
    bytes.writeUInt16BE(40 + payload.length, 16);
    bytes[22] = 64;
    bytes[23] = 6;
    bytes.set(isFromClient ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1], 26);
    bytes.writeUInt16BE(isFromClient ? 40_000 : 80, 34);
    bytes.writeUInt16BE(isFromClient ? 80 : 40_000, 36);
    bytes.writeUInt32BE(sequence, 38);
    bytes[46] = 0x50;
    bytes[47] = flags;
    bytes.set(payload, 54);
    const header = Buffer.alloc(16);
    header.writeUInt32LE(1_790_000_000, 0);
    header.writeUInt32LE(bytes.length, 8);
    header.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([header, bytes]);
  };
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  return Buffer.concat([
    head,
    packet(true, 999, 2, ''),
    packet(false, 4999, 0x12, ''),
    packet(true, 1000, 0x18, `GET ${target} HTTP/1.1\r\n\r\n`),
    packet(false, 5000, 0x18, answer),
  ]);
}

async function read(
  settings: Partial<TrafficMonitoringSettings>,
  target: string,
  body: string,
): Promise<readonly Row[]> {
  house = await Monitoring.open(settings);
  const path = join(house.folder, 'one.pcap');
  await writeFile(path, httpCapture(target, body));
  const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
  await house.until(id, 'finished');
  return (await house.ask<{ items: Row[] }>('listFiles')).items;
}

const contentOf = async (id: string) => {
  const answer = await house.ask<Response>('downloadFile', { id });
  return Buffer.from(await answer.arrayBuffer()).toString('latin1');
};

describe('a file that crosses the network', () => {
  it('is listed with its hashes, scanned, told as a detection when a rule matches, and kept sealed', async () => {
    const [row, ...others] = await read({}, '/tool.com', EICAR);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      src_ip: '10.0.0.2',
      dst_ip: '10.0.0.1',
      activity: 'download',
      name: 'tool.com',
      size: 68,
      md5: '44d88612fea8a8f36de82e1278abb02f',
      verdict: 'matched',
      rules: '["EICAR_Test_File"]',
      is_kept: true,
      is_whole: true,
    });
    const [detection] = await house.facts('detection.found');
    expect(detection).toMatchObject({
      rule: { gid: 9, set: 'yara/sphinx-general' },
      severity: 'low',
      source: { ip: '10.0.0.2', port: 80 },
      destination: { ip: '10.0.0.1' },
      file: { id: row?.file_id, sha256: row?.sha256 },
    });
    expect(await contentOf(row?.file_id ?? '')).toBe(EICAR);
    expect(house.notifications).toContain('files');
  });

  it('opens to what it is, what its matches mean, and until when its content is kept', async () => {
    const [row] = await read({ keptFileDays: 3 }, '/report.pdf', EICAR);
    const one = await house.ask<FileDetail>('getFile', { id: row?.file_id ?? '' });
    expect(one).toMatchObject({
      sha256: row?.sha256,
      typeTitle: 'text',
      namedTypes: ['PDF document'],
      matches: [{ rule: 'EICAR_Test_File', title: 'EICAR anti-malware test file', severity: 'low' }],
      kept: { bytes: 68 },
    });
    expect((one.kept?.until ?? 0) - (one.kept?.keptAt ?? 0)).toBe(3 * 86_400_000);
    expect(one.matches[0]?.rationale).not.toBe('');
    await expect(house.ask('getFile', { id: 'fil_none' })).rejects.toMatchObject({ code: 'SPX_NOT_FOUND' });
  });

  it('is found by what a person may know of it, and counted by its type', async () => {
    const [row] = await read({}, '/tool.com', EICAR);
    const found = async (query: object) => (await house.ask<{ items: Row[] }>('listFiles', { query })).items.length;
    for (const search of ['TOOL', 'eicar_test', row?.sha256.slice(5, 20) ?? '', '10.0.0.2', 'com'])
      expect(await found({ search }), search).toBe(1);
    for (const query of [{ rule: 'EICAR_Test_File' }, { isKept: 'true' }, { activity: 'download' }])
      expect(await found(query)).toBe(1);
    for (const query of [{ search: 'letter' }, { rule: 'EICAR' }, { isKept: 'false' }, { isMismatch: 'true' }])
      expect(await found(query)).toBe(0);
    const { types } = await house.ask<{ types: object[] }>('summariseFiles');
    expect(types).toMatchObject([{ type: row?.type, files: 1, bytes: 68, matched: 1 }]);
  });

  it('is listed in the order that is asked for, page by page', async () => {
    house = await Monitoring.open({});
    for (const [index, length] of [30, 10, 20, 20].entries()) {
      const path = join(house.folder, `${index}.pcap`);
      await writeFile(path, httpCapture('/a.txt', String(index).repeat(length)));
      const { id } = await house.ask<Source>('addSource', { body: { kind: 'file', path } });
      await house.until(id, 'finished');
    }
    const sizes = async (sort: string) => {
      const all: number[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = { sort, limit: 1, ...(cursor === undefined ? {} : { cursor }) };
        const page: { items: Row[]; nextCursor: string | null } = await house.ask('listFiles', { query });
        all.push(...page.items.map(({ size }) => size));
        cursor = page.nextCursor;
      }
      return all;
    };
    expect(await sizes('size')).toEqual([10, 20, 20, 30]);
    expect(await sizes('-size')).toEqual([30, 20, 20, 10]);
    const other = await house.ask<{ nextCursor: string }>('listFiles', { query: { sort: 'name', limit: 1 } });
    const query = { sort: 'size', cursor: other.nextCursor };
    await expect(house.ask('listFiles', { query })).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
  });

  it('is treated as policy says, which anybody who may read traffic may read', async () => {
    await read({ keptFiles: 'matched' }, '/tool.com', EICAR);
    const policy = await house.ask<FilePolicy>('getFilePolicy');
    expect(policy).toMatchObject({ keptFiles: 'matched', rejected: [], keptNow: { files: 1, bytes: 68 } });
    const { items } = await house.ask<{ items: object[] }>('listYaraRules');
    expect(items).toHaveLength(policy.rules);
  });

  it('that is clinical is never kept, though a rule matches it and policy keeps its type', async () => {
    const [row] = await read({ keptFiles: 'types', keptFileTypes: ['dicom', 'clinical'] }, '/image', POLYGLOT);
    expect(row).toMatchObject({ type: 'dicom', is_clinical: true, verdict: 'matched', is_kept: false, name: '*' });
    await expect(contentOf(row?.file_id ?? '')).rejects.toMatchObject({ code: 'SPX_NOT_FOUND' });
  });

  it('is not kept where nothing matches, unless policy keeps its type', async () => {
    expect(await read({}, '/Mustermann_Max.txt', 'a letter')).toMatchObject([
      { name: '*.txt', verdict: 'clean', is_kept: false },
    ]);
    await house.close();
    const [kept] = await read({ keptFiles: 'types', keptFileTypes: ['text'] }, '/a.txt', 'a letter');
    expect(kept).toMatchObject({ is_kept: true });
    expect(await contentOf(kept?.file_id ?? '')).toBe('a letter');
  });

  it('is gone with its source, its content too', async () => {
    const [row] = await read({}, '/tool.com', EICAR);
    await house.ask('removeSource', { id: row?.source_id ?? '' });
    expect((await house.ask<{ items: Row[] }>('listFiles')).items).toEqual([]);
    await expect(contentOf(row?.file_id ?? '')).rejects.toMatchObject({ code: 'SPX_NOT_FOUND' });
  });

  it('is not looked at where that is switched off', async () => {
    expect(await read({ followsFiles: false }, '/tool.com', EICAR)).toEqual([]);
  });
});
