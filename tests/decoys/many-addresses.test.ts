import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cable, WITHOUT_NAMESPACES } from '../probing/cable.ts';
import { run } from './clients.ts';

// One decoy on every address of a range that the machine was given as docs/honeypots.md says.

const PROGRAM = fileURLToPath(new URL('./decoys-apart.ts', import.meta.url));
const RANGE = '198.51.100.16/28';
let cable: Cable;
let decoys: ReturnType<typeof spawn>;

describe.skipIf(WITHOUT_NAMESPACES !== '')('a decoy on a range of addresses', () => {
  beforeAll(async () => {
    cable = Cable.open({ isAskerApart: true });
    await run(...cable.onDevice('ip', 'route', 'add', 'local', RANGE, 'dev', cable.deviceInterface));
    await run(...cable.onAsker('ip', 'route', 'add', RANGE, 'dev', cable.askerInterface));
    const [command, parameters] = cable.onDevice(process.execPath, PROGRAM, RANGE);
    decoys = spawn(command, parameters, { stdio: ['pipe', 'inherit', 'inherit'] });
    await cable.listens('tcp', 2575);
  }, 60_000);
  afterAll(() => {
    decoys?.kill();
    cable?.close();
  });

  it('answers on each of them, ARP included, and on no other', async () => {
    const [nmap, parameters] = cable.onAsker('nmap', '-n', '-PR', '-sT', '-p', '2575,104', '-oG', '-', RANGE);
    const { output } = await run(nmap, parameters);
    const open = [...output.matchAll(/^Host: (\S+) .*104\/open.*2575\/open/gm)].map(([, address]) => address);
    expect(open).toHaveLength(14);
    expect(open).toContain('198.51.100.17');
    expect(open).not.toContain('198.51.100.16');
  }, 60_000);
});
