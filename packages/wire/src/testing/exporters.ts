import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const SOFTFLOWD = '/usr/sbin/softflowd';
const PMACCTD = '/usr/sbin/pmacctd';
/** Datagrams on loopback are there at once; this is for a busy machine. */
const SETTLE_MS = 300;
const QUIET_MS = 1500;

/** Real exporters of flows that are installed here; a test without its exporter skips. */
export const EXPORTERS = { softflowd: isExecutable(SOFTFLOWD), pmacctd: isExecutable(PMACCTD) };

/**
 * Datagrams that softflowd sends for a capture file.
 *
 * @param version 5, 9 or 10 (IPFIX)
 * @param options further options of softflowd, for example `-b` for both directions in one record
 */
export async function exportWithSoftflowd(
  capture: string,
  version: 5 | 9 | 10,
  options: readonly string[] = [],
): Promise<readonly Uint8Array[]> {
  return collect(async (port, folder) => {
    const files = ['-p', join(folder, 'pid'), '-c', 'none'];
    const what = ['-r', capture, '-n', `127.0.0.1:${port}`, '-v', String(version), '-a', '-d'];
    const child = spawn(SOFTFLOWD, [...what, ...files, ...options], { stdio: 'ignore' });
    await once(child, 'exit');
    await delay(SETTLE_MS);
  });
}

/** Datagrams of sFlow that pmacctd sends for a capture file. @param samplingRate one packet of this many is taken */
export async function exportWithPmacctd(capture: string, samplingRate: number): Promise<readonly Uint8Array[]> {
  return collect(async (port, folder, isQuiet) => {
    const file = join(folder, 'pmacctd.conf');
    const settings = [
      'daemonize: false',
      `pcap_savefile: ${capture}`,
      'plugins: sfprobe',
      `sfprobe_receiver: 127.0.0.1:${port}`,
      'sfprobe_agentip: 127.0.0.1',
      `sampling_rate: ${samplingRate}`,
    ];
    await writeFile(file, `${settings.join('\n')}\n`);
    const child = spawn(PMACCTD, ['-f', file], { stdio: 'ignore' });
    // It reads the file after two seconds, sends, and then waits for ever.
    while (!isQuiet()) await delay(100);
    child.kill('SIGINT');
    await once(child, 'exit');
  });
}

async function collect(
  send: (port: number, folder: string, isQuiet: () => boolean) => Promise<void>,
): Promise<readonly Uint8Array[]> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 8 << 20 });
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-exporter-'));
  const datagrams: Uint8Array[] = [];
  let latest = 0;
  socket.on('message', (message) => {
    latest = performance.now();
    datagrams.push(new Uint8Array(message));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  try {
    await send(socket.address().port, folder, () => latest > 0 && performance.now() - latest > QUIET_MS);
  } finally {
    socket.close();
    await rm(folder, { recursive: true, force: true });
  }
  return datagrams;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
