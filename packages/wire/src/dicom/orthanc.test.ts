import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProtocolRecord } from '../protocol.ts';
import type { SensorBatch } from '../sensor.ts';
import { recordsOf } from '../testing/capture.ts';
import {
  freePort,
  haveAll,
  inFolder,
  makeObject,
  mayCapture,
  OBJECT_UID,
  record,
  run,
  STUDY_UID,
  serving,
} from '../testing/recorded-session.ts';

const hasPrograms = await haveAll(['storescp', '--version'], ['Orthanc', '--version']);
const isPossible = hasPrograms && (await mayCapture());

const HOST = '127.0.0.1';
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** An archive that knows itself and a receiver, and answers to nobody by another name. */
async function settings(folder: string, ports: { dicom: number; http: number; receiver: number }): Promise<string> {
  const file = join(folder, 'orthanc.json');
  const about = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: ports.http,
    DicomPort: ports.dicom,
    DicomAet: 'ARCHIVE',
    DicomCheckCalledAet: true,
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowGet: true,
    DicomAlwaysAllowMove: true,
    AuthenticationEnabled: false,
    RemoteAccessAllowed: false,
    Plugins: [],
    DicomModalities: { itself: ['ARCHIVE', HOST, ports.dicom], receiver: ['RECEIVER', HOST, ports.receiver] },
  };
  await writeFile(file, JSON.stringify(about));
  return file;
}

/** The archive asks itself whether it keeps one object that it has and one that it never had. */
async function commitStorage(http: number): Promise<void> {
  const instances = [
    [SECONDARY_CAPTURE, OBJECT_UID],
    [SECONDARY_CAPTURE, '1.2.3.4'],
  ];
  const body = JSON.stringify({ DicomInstances: instances });
  const address = `http://${HOST}:${http}`;
  const answer = await fetch(`${address}/modalities/itself/storage-commitment`, { method: 'POST', body });
  const { Path: path } = (await answer.json()) as { Path: string };
  for (let tries = 0; tries < 50; tries++) {
    const report = (await (await fetch(address + path)).json()) as { Status?: string };
    if (report.Status !== undefined && report.Status !== 'Pending') return;
    await pause(100);
  }
}

async function session(): Promise<readonly ProtocolRecord[]> {
  return inFolder(async (folder) => {
    const ports = { dicom: await freePort(), http: await freePort(), receiver: await freePort() };
    const file = await settings(folder, ports);
    const object = await makeObject(folder);
    const ends = ['-aet', 'WORKSTATION', '-aec', 'ARCHIVE'];
    const to = [HOST, String(ports.dicom)];
    const study = ['-S', '-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${STUDY_UID}`];
    const receiver = ['-aet', 'RECEIVER', '--ignore', String(ports.receiver)];
    let batch: SensorBatch | undefined;
    await serving('Orthanc', [file], ports.dicom, () =>
      serving('storescp', receiver, ports.receiver, async () => {
        batch = await record([ports.dicom, ports.receiver], async () => {
          await run('storescu', [...ends, ...to, object]);
          await run('findscu', [...ends, ...study, ...to]);
          await run('movescu', [...ends, '-aem', 'RECEIVER', ...study, ...to]);
          await run('movescu', [...ends, '-aem', 'NOBODY', ...study, ...to]).catch(() => undefined);
          await run('getscu', [...ends, ...study, '-od', folder, ...to]);
          await run('echoscu', ['-aec', 'ANOTHER', ...to]).catch(() => undefined);
          await commitStorage(ports.http);
        });
      }),
    );
    // Contexts of these programs fill pages.
    return recordsOf(batch as SensorBatch, 'dicom').map((one) => ('contexts' in one ? { ...one, contexts: [] } : one));
  });
}

describe.skipIf(!isPossible)('Orthanc and DCMTK (needs orthanc, dcmtk, tcpdump and the right to capture on lo)', () => {
  let records: readonly ProtocolRecord[] = [];
  beforeAll(async () => {
    records = await session();
  }, 60_000);

  it('are heard to store, find, move and fetch, with what became of the objects', () => {
    const expected = [
      { operation: 'C-STORE', outcome: 'success', moveOriginator: '', invokedBy: 'client' },
      { operation: 'C-FIND', outcome: 'success', responses: 2, queryLevel: 'STUDY', serviceClass: 'query/retrieve' },
      { operation: 'C-MOVE', outcome: 'success', moveDestination: 'RECEIVER' },
      { operation: 'C-STORE', outcome: 'success', moveOriginator: 'WORKSTATION' },
      { operation: 'C-MOVE', outcome: 'failure', moveDestination: 'NOBODY' },
      { operation: 'C-GET', outcome: 'success' },
      { operation: 'C-STORE', outcome: 'success', invokedBy: 'server' },
    ];
    for (const one of expected) expect(records).toContainEqual(expect.objectContaining(one));
    const moved = { operation: 'C-MOVE', subOperations: expect.objectContaining({ completed: 1, failed: 0 }) };
    expect(records).toContainEqual(expect.objectContaining(moved));
  });

  it('are heard to commit storage: how many objects were asked for, kept and missed, and why', () => {
    const commitment = { sopClass: 'Storage Commitment Push Model', serviceClass: 'storage commitment' };
    expect(records).toContainEqual(
      expect.objectContaining({
        ...commitment,
        operation: 'N-ACTION',
        detail: 'request storage commitment',
        referencedObjects: 2,
        failedObjects: 0,
        outcome: 'success',
      }),
    );
    expect(records).toContainEqual(
      expect.objectContaining({
        ...commitment,
        operation: 'N-EVENT-REPORT',
        detail: 'storage commitment with failures',
        referencedObjects: 1,
        failedObjects: 1,
        failureReasons: ['no such SOP instance'],
        outcome: 'success',
      }),
    );
  });

  it('are heard to refuse who calls another name', () => {
    const rejection = {
      activity: 'associate-reject',
      calledAeTitle: 'ANOTHER',
      reason: 'called AE title not recognized',
    };
    expect(records).toContainEqual(expect.objectContaining(rejection));
  });

  it('name no patient', () => {
    expect(JSON.stringify(records)).not.toMatch(/Doe|4711/);
  });
});
