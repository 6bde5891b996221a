import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { recordsOf, sense, valuesOf } from '../testing/capture.ts';

const run = promisify(execFile);
const ARCHIVE_PROGRAM: string = 'storescp';
const hasPrograms = await Promise.all([run('echoscu', ['--version']), run(ARCHIVE_PROGRAM, ['--version'])]).then(
  () => true,
  () => false,
);
/** tcpdump says that it listens as soon as it may; it is ended by the time limit. */
const mayCapture = await run('tcpdump', ['-i', 'lo', '-w', '/dev/null'], { timeout: 1500 }).then(
  ({ stderr }) => /listening on lo/.test(stderr),
  (error: { stderr?: string }) => /listening on lo/.test(error.stderr ?? ''),
);

/** As dump2dcm reads it. */
const OBJECT = `(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.276.0.7230010.3.1.4.1]
(0008,0070) LO [Maker of scanners]
(0010,0010) PN [Doe^Jane]
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function stop(program: ChildProcess): Promise<void> {
  const ended = new Promise((done) => program.once('exit', done));
  program.kill('SIGINT');
  await ended;
}

/** What the sensor says of all that goes over the port while `session` runs. */
async function record(port: number, session: () => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-dcmtk-'));
  const file = join(folder, 'session.pcap');
  const capture = spawn('tcpdump', ['-i', 'lo', '-U', '--immediate-mode', '-w', file, `tcp port ${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await new Promise((done) => capture.stderr?.once('data', done));
    await session();
    await pause(300);
    await stop(capture);
    return sense(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!hasPrograms || !mayCapture)(
  'DCMTK with itself (needs dcmtk, tcpdump and the right to capture on lo)',
  () => {
    it('is heard: who identifies himself how, never as whom, and what the answer was', async () => {
      const port = await freePort();
      const archive = spawn(ARCHIVE_PROGRAM, ['--aetitle', 'ARCHIVE', '--ignore', String(port)], { stdio: 'ignore' });
      const folder = await mkdtemp(join(tmpdir(), 'sphinx-object-'));
      const object = join(folder, 'object.dcm');
      await writeFile(join(folder, 'object.dump'), OBJECT);
      await run('dump2dcm', [join(folder, 'object.dump'), object]);
      const ends = ['-aet', 'CT_TEST', '-aec', 'ARCHIVE'];
      try {
        await pause(500);
        const batch = await record(port, async () => {
          await run('echoscu', [...ends, '127.0.0.1', String(port)]);
          const identity = ['--user', 'doctor.house', '--password', 'vicodin'];
          await run('storescu', [...ends, ...identity, '127.0.0.1', String(port), object]);
          await run('findscu', [...ends, '-S', '-k', 'QueryRetrieveLevel=STUDY', '127.0.0.1', String(port)]).catch(
            () => {},
          );
        });
        const records = recordsOf(batch, 'dicom');
        expect(records).toContainEqual(
          expect.objectContaining({ activity: 'associate-request', userIdentity: 'user-name-and-passcode' }),
        );
        expect(records).toContainEqual(expect.objectContaining({ operation: 'C-ECHO', outcome: 'success' }));
        const stored = { operation: 'C-STORE', sopClass: 'Secondary Capture Image Storage', outcome: 'success' };
        expect(records).toContainEqual(expect.objectContaining(stored));
        expect(records).toContainEqual(expect.objectContaining({ activity: 'release' }));
        expect(valuesOf(batch, '127.0.0.1', 'dicom.user-identity')).toContain('user-name-and-passcode');
        expect(JSON.stringify(records)).not.toMatch(/house|vicodin|Doe/);
      } finally {
        await stop(archive);
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
);
