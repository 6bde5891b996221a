import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SensorBatch } from '../sensor.ts';
import { recordsOf, valuesOf } from '../testing/capture.ts';
import {
  freePort,
  haveAll,
  inFolder,
  makeObject,
  mayCapture,
  record,
  run,
  serving,
} from '../testing/recorded-session.ts';

const hasPrograms = await haveAll(['echoscu', '--version'], ['storescp', '--version'], ['openssl', 'version']);
const isPossible = hasPrograms && (await mayCapture());

const HOST = '127.0.0.1';
/** The IANA's port of DICOM over TLS. */
const SECURE_PORT = 2762;
const ENDS = ['-aet', 'CT_TEST', '-aec', 'ARCHIVE'];
const SECRETS = /house|vicodin|Doe|4711|ticket|assertion|header\.payload/;

/** What is heard while `session` talks to storescp. */
async function withArchive(options: readonly string[], session: (port: string, folder: string) => Promise<void>) {
  return inFolder(async (folder) => {
    const port = await freePort();
    const parameters = ['--aetitle', 'ARCHIVE', '--ignore', ...options, String(port)];
    let batch: SensorBatch | undefined;
    await serving('storescp', parameters, port, async () => {
      batch = await record([port], () => session(String(port), folder));
    });
    return recordsOf(batch as SensorBatch, 'dicom');
  });
}

/** Programs say by their exit code that they were refused or aborted. */
async function tries(command: string, parameters: readonly string[]): Promise<void> {
  await run(command, parameters).catch(() => undefined);
}

describe.skipIf(!isPossible)('DCMTK with itself (needs dcmtk, tcpdump and the right to capture on lo)', () => {
  it('is heard: what is asked for, what is stored, and what the answer was', async () => {
    const records = await withArchive([], async (port, folder) => {
      const object = await makeObject(folder);
      await run('echoscu', [...ENDS, HOST, port]);
      await run('storescu', [...ENDS, HOST, port, object]);
      await tries('findscu', [...ENDS, '-S', '-k', 'QueryRetrieveLevel=STUDY', HOST, port]);
    });
    expect(records).toContainEqual(expect.objectContaining({ operation: 'C-ECHO', outcome: 'success' }));
    const stored = { operation: 'C-STORE', sopClass: 'Secondary Capture Image Storage', serviceClass: 'storage' };
    expect(records).toContainEqual(expect.objectContaining({ ...stored, outcome: 'success', priority: 'medium' }));
    const refused = ['Study Root Query/Retrieve - FIND: abstract syntax not supported'];
    expect(records).toContainEqual(expect.objectContaining({ activity: 'associate-accept', refusals: refused }));
    const release = { activity: 'release', releasedBy: 'client', isConfirmed: true };
    expect(records).toContainEqual(expect.objectContaining(release));
    expect(JSON.stringify(records)).not.toMatch(SECRETS);
  });

  it.each([
    ['user-name', () => ['--user', 'house']],
    ['user-name-and-passcode', () => ['--user', 'house', '--password', 'vicodin']],
    ['kerberos', (file: string) => ['--kerberos', file]],
    ['saml', (file: string) => ['--saml', file]],
    ['jwt', (file: string) => ['--jwt', file]],
  ] as const)(
    'tells a user identity of the kind %s, that nobody confirmed it, and never whose',
    async (kind, options) => {
      const records = await withArchive([], async (port, folder) => {
        const object = await makeObject(folder);
        const file = join(folder, 'identity');
        await writeFile(file, 'header.payload of a ticket or assertion');
        // The archive of DCMTK accepts without a word, which the client takes for a refusal.
        await tries('storescu', [...ENDS, ...options(file), '--pos-response', HOST, port, object]);
      });
      const identity = { activity: 'associate-request', userIdentity: kind, isUserIdentityAnswerRequested: true };
      expect(records).toContainEqual(expect.objectContaining(identity));
      const accept = { activity: 'associate-accept', isUserIdentityConfirmed: false, isUserIdentityIgnored: true };
      expect(records).toContainEqual(expect.objectContaining(accept));
      expect(JSON.stringify(records)).not.toMatch(SECRETS);
    },
  );

  it('says who refused an association and why', async () => {
    const records = await withArchive(['--refuse'], (port) => tries('echoscu', [...ENDS, HOST, port]));
    const rejection = { activity: 'associate-reject', callingAeTitle: 'CT_TEST', rejectedBy: 'service-user' };
    expect(records).toContainEqual(
      expect.objectContaining({ ...rejection, isPermanent: true, reason: 'no reason given' }),
    );
  });

  it('says who aborted an association, and what stayed without an answer', async () => {
    const byClient = await withArchive([], (port) =>
      run('echoscu', [...ENDS, '--abort', HOST, port]).then(() => undefined),
    );
    expect(byClient.at(-1)).toMatchObject({ activity: 'abort', abortedBy: 'service-user' });
    const byServer = await withArchive(['--abort-during'], async (port, folder) => {
      await tries('storescu', [...ENDS, HOST, port, await makeObject(folder)]);
    });
    expect(byServer).toContainEqual(expect.objectContaining({ activity: 'abort' }));
    expect(byServer).toContainEqual(expect.objectContaining({ operation: 'C-STORE', outcome: 'unanswered' }));
  });

  it('hears queries of a worklist, their matches and their cancellation', async () => {
    const records = await inFolder(async (folder) => {
      const list = join(folder, 'WORKLIST');
      await mkdir(list);
      await writeFile(join(list, 'lockfile'), '');
      for (const number of ['1', '2', '3']) {
        const step = `(0010,0010) PN Doe^Jane\n(0010,0020) LO 4711${number}\n(0020,000d) UI 1.2.3.${number}\n(0040,0100) SQ\n(fffe,e000) -\n(0008,0060) CS CT\n(0040,0001) AE CT_TEST\n(0040,0002) DA 20260101\n(0040,0003) TM 080000\n(fffe,e00d) -\n(fffe,e0dd) -\n`;
        await writeFile(join(folder, 'step.dump'), step);
        await run('dump2dcm', ['+te', join(folder, 'step.dump'), join(list, `step${number}.wl`)]);
      }
      const port = await freePort();
      const parameters = [
        '--data-files-path',
        folder,
        '--disable-file-reject',
        '--single-process',
        '--sleep-during',
        '1',
        String(port),
      ];
      let batch: SensorBatch | undefined;
      await serving('wlmscpfs', parameters, port, async () => {
        batch = await record([port], async () => {
          const query = ['-W', '-aet', 'CT_TEST', '-aec', 'WORKLIST', '-k', 'PatientName', HOST, String(port)];
          await run('findscu', query);
          await tries('findscu', ['--cancel', '1', ...query]);
        });
      });
      return recordsOf(batch as SensorBatch, 'dicom');
    });
    const query = { operation: 'C-FIND', sopClass: 'Modality Worklist - FIND', serviceClass: 'modality worklist' };
    expect(records).toContainEqual(expect.objectContaining({ ...query, outcome: 'success', responses: 4 }));
    expect(records).toContainEqual(expect.objectContaining({ ...query, isCancelled: true }));
    expect(JSON.stringify(records)).not.toMatch(SECRETS);
  });

  it('hears films printed: sessions, boxes and images made, printed and deleted', async () => {
    const operations = await inFolder(async (folder) => {
      const port = await freePort();
      const settings = join(folder, 'print.cfg');
      await writeFile(settings, printSettings(folder, port));
      for (const name of ['database', 'spool', 'log']) await mkdir(join(folder, name));
      await run('dcmpsprt', ['-c', settings, '--printer', 'FILM', await makeObject(folder)], { cwd: folder });
      const film = (await readdir(join(folder, 'database'))).find((name) => name.startsWith('SP'));
      let batch: SensorBatch | undefined;
      await serving('dcmprscp', ['-c', settings, '--printer', 'FILM'], port, async () => {
        batch = await record([port], async () => {
          await run('dcmprscu', ['-c', settings, '--printer', 'FILM', join(folder, 'database', film ?? '')]);
        });
      });
      return recordsOf(batch as SensorBatch, 'dicom').filter(({ activity }) => activity === 'operation');
    });
    expect(operations.every((one) => (one as { serviceClass?: string }).serviceClass === 'print management')).toBe(
      true,
    );
    const names = new Set(operations.map((one) => (one as { operation?: string }).operation));
    expect([...names]).toEqual(expect.arrayContaining(['N-GET', 'N-CREATE', 'N-SET', 'N-ACTION', 'N-DELETE']));
    expect(operations).toContainEqual(
      expect.objectContaining({ operation: 'N-ACTION', detail: 'print', outcome: 'success' }),
    );
  });

  it('is told as DICOM over TLS, with the version, by the port that is registered for it', async () => {
    const batch = await inFolder(async (folder) => {
      const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
      const subject = ['-subj', '/CN=archive.example', '-days', '2'];
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        certificate,
        ...subject,
      ]);
      const secured = ['--aetitle', 'ARCHIVE', '--ignore', '+tls', key, certificate, '-ic', String(SECURE_PORT)];
      let heard: SensorBatch | undefined;
      await serving('storescp', secured, SECURE_PORT, async () => {
        const object = await makeObject(folder);
        heard = await record([SECURE_PORT], async () => {
          await run('storescu', [...ENDS, '+tls', key, certificate, '-ic', HOST, String(SECURE_PORT), object]);
        });
      });
      return heard as SensorBatch;
    });
    expect(batch.flows).toMatchObject([{ protocol: 'tls' }]);
    expect(valuesOf(batch, HOST, 'dicom.tls-version')).toEqual([expect.stringMatching(/^TLS 1\.[23]$/)]);
    expect(recordsOf(batch, 'dicom')).toEqual([]);
  });
});

function printSettings(folder: string, port: number): string {
  return `[[GENERAL]]
[APPLICATION]
LogDirectory = ${folder}/log
[PRINT]
Directory = ${folder}/spool
[DATABASE]
Directory = ${folder}/database
[[COMMUNICATION]]
[FILM]
Type = LOCALPRINTER
Aetitle = FILM
Hostname = ${HOST}
Port = ${port}
DisplayFormat = 1,1
FilmSizeID = 8INX10IN
MagnificationType = NONE
MaxPDU = 32768
SupportsPresentationLUT = true
Supports12Bit = true
MediumType = PAPER
`;
}
