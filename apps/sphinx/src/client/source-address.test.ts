import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSourceAddress, parseSourceAddress } from './source-address.ts';

describe('the address of a source', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-address-'));
    await writeFile(join(folder, 'secret'), 'open sesame\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['flows://:2055', { kind: 'flow-exports', port: 2055 }],
    ['flows://[::1]:9995', { kind: 'flow-exports', host: '::1', port: 9995 }],
    ['records://:5140', { kind: 'records', port: 5140 }],
    ['records:///run/sphinx/eve.sock', { kind: 'records', path: '/run/sphinx/eve.sock' }],
    ['pcap://arkime.hospital.example:57012', { kind: 'packet-client', host: 'arkime.hospital.example', port: 57012 }],
    ['pcap-server://127.0.0.1', { kind: 'packet-server', host: '127.0.0.1' }],
  ])('%s names what to read', async (text, request) => {
    expect(isSourceAddress(text)).toBe(true);
    expect(await parseSourceAddress(text, {})).toEqual(request);
  });

  it('takes a password and a key out of files, so that neither stands in a list of processes', async () => {
    const passwordFile = join(folder, 'secret');
    expect(await parseSourceAddress('rpcap://anna@10.0.0.5/\\Device\\NPF_{1}', { passwordFile })).toEqual({
      kind: 'rpcap',
      host: '10.0.0.5',
      user: 'anna',
      interface: '\\Device\\NPF_{1}',
      password: 'open sesame',
    });
    const request = await parseSourceAddress('ssh://monitor@gateway:2222/eth1', { key: passwordFile, sudo: true });
    expect(request).toMatchObject({
      kind: 'ssh',
      user: 'monitor',
      port: 2222,
      usesSudo: true,
      privateKey: 'open sesame\n',
    });
  });

  it.each([
    ['ssh://monitor@gateway/eth1', /needs a private key/],
    ['telnet://gateway', /Known are flows/],
  ])('%s is told what it lacks', async (text, message) => {
    await expect(parseSourceAddress(text, {})).rejects.toThrow(message);
  });

  it('is no path of a file', () => {
    expect(isSourceAddress('/captures/ward.pcap')).toBe(false);
    expect(isSourceAddress('C:\\captures')).toBe(false);
  });
});
