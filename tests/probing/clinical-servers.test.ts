import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCertificates } from './certificates.ts';
import { freePort, Lab } from './lab.ts';
import { type Probed, probeService } from './probe-service.ts';

// Clinical servers, each open and closed: what was planted is found, and nothing is found that is not there.

const lab = new Lab();
const servers: Server[] = [];

beforeAll(async () => {
  certificates = await createTestCertificates(lab);
}, 30_000);
afterAll(async () => {
  for (const server of servers) server.close();
  await lab.stop();
});

let certificates: Awaited<ReturnType<typeof createTestCertificates>>;

async function orthanc(settings: object): Promise<{ dicom: number; http: number }> {
  const ports = { dicom: await freePort(), http: await freePort() };
  const folder = await lab.folder();
  const about = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: ports.http,
    DicomPort: ports.dicom,
    DicomAet: 'ARCHIVE',
    RemoteAccessAllowed: true,
    AuthenticationEnabled: false,
    Plugins: [],
    ...settings,
  };
  const configured = await lab.folder({ 'orthanc.json': JSON.stringify(about) });
  await lab.start('Orthanc', [`${configured}/orthanc.json`], ports.dicom);
  return ports;
}

describe('Orthanc', () => {
  it('that takes any title is found, and says so of itself', async () => {
    const { dicom } = await orthanc({ DicomCheckCalledAet: false });
    const probed = await probeService(dicom, ['dicom']);
    expect(probed.failing).toContain('dicom-calling-title-checked');
    expect(probed.values('dicom.any-calling-title')).toEqual(['accepted for verification, storage, query']);
    expect(probed.values('dicom.called-ae-unchecked')).toEqual(['true']);
    expect(probed.values('dicom.operation')).toEqual([]);
    expect(probed.values('dicom.transfer-syntax')).toContain('JPEG 2000 Lossless');
    expect(probed.values('dicom.implementation-version')).toHaveLength(1);
  });

  it('never says that a title is its own which the probe made up', async () => {
    const { dicom } = await orthanc({ DicomCheckCalledAet: false });
    expect((await probeService(dicom, ['dicom'])).values('dicom.ae-title')).toEqual([]);
  });

  it('that knows its partners passes', async () => {
    const { dicom } = await orthanc({
      DicomCheckCalledAet: true,
      DicomAlwaysAllowEcho: false,
      DicomAlwaysAllowStore: false,
      DicomCheckModalityHost: true,
      DicomModalities: { ct: ['CT_1', '192.0.2.1', 104] },
    });
    const probed = await probeService(dicom, ['dicom'], { knownNames: ['ARCHIVE'] });
    expect(probed.values('dicom.any-calling-title')).toEqual(['refused']);
    expect(probed.passing).toContain('dicom-calling-title-checked');
    expect(probed.failing).toEqual(['dicom-encrypted']);
  });
});

describe('storescp of dcmtk', () => {
  it('that takes any title is found', async () => {
    const port = await freePort();
    await lab.start('storescp', ['--ignore', String(port)], port);
    const probed = await probeService(port, ['dicom']);
    expect(probed.failing).toContain('dicom-calling-title-checked');
    expect(probed.values('dicom.any-calling-title')[0]).toMatch(/^accepted for .*storage/);
  });

  it('inside TLS is probed there, and not called unencrypted', async () => {
    const port = await freePort();
    const { good } = certificates;
    await lab.start('storescp', ['+tls', good.key, good.certificate, '-ic', '--ignore', String(port)], port);
    const probed = await probeService(port, ['dicom', 'tls'], { isTls: true });
    expect(probed.values('dicom.any-calling-title')[0]).toMatch(/^accepted for .*storage/);
    expect(probed.failing).toEqual(['dicom-calling-title-checked']);
  });

  it('that demands a certificate of its callers lets no probe in', async () => {
    const port = await freePort();
    const { good, authority } = certificates;
    const parameters = ['+tls', good.key, good.certificate, '+cf', authority, '-rc', '--ignore', String(port)];
    await lab.start('storescp', parameters, port);
    const probed = await probeService(port, ['dicom', 'tls'], { isTls: true });
    expect(probed.values('dicom.any-calling-title')).toEqual([]);
    expect(probed.failing).toEqual([]);
  });
});

describe('an HL7 listener', () => {
  async function listener(acknowledge: (message: string) => string): Promise<Probed & { messages: string[] }> {
    const messages: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        const message = bytes.toString('latin1').slice(1, -2);
        messages.push(message);
        socket.write(`\x0b${acknowledge(message)}\x1c\r`, 'latin1');
      });
      socket.on('error', () => socket.destroy());
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { ...(await probeService(port, ['hl7'])), messages };
  }

  const answer = (message: string, code: string) => {
    const [, , , , , , , , , id] = message.split('\r')[0]?.split('|') ?? [];
    return `MSH|^~\\&|ENGINE|HOSPITAL|||20261130||ACK|1|P|2.5\rMSA|${code}|${id}\r`;
  };

  it('that acknowledges everybody is found, without a word about a patient', async () => {
    const probed = await listener((message) => answer(message, 'AA'));
    expect(probed.failing).toContain('hl7-sender-checked');
    expect(probed.values('hl7.application')).toEqual(['ENGINE']);
    expect(probed.messages).toHaveLength(1);
    expect(probed.messages[0]).toMatch(/\|NMQ\^N01/);
    expect(probed.messages[0]).not.toMatch(/\r(PID|PV1|QRD|QPD)/);
  });

  it('that turns strangers away passes', async () => {
    const known = ['CT_GATEWAY'];
    const probed = await listener((message) =>
      answer(message, known.includes(message.split('|')[2] ?? '') ? 'AA' : 'AR'),
    );
    expect(probed.passing).toContain('hl7-sender-checked');
    expect(probed.failing).toEqual(['hl7-encrypted']);
  });
});

describe('a FHIR server', () => {
  const statement = (security: object) => ({
    resourceType: 'CapabilityStatement',
    status: 'active',
    fhirVersion: '4.0.1',
    software: { name: 'Example FHIR', version: '3.2' },
    rest: [
      {
        mode: 'server',
        ...security,
        resource: [{ type: 'Patient', interaction: [{ code: 'read' }, { code: 'search-type' }] }],
      },
    ],
  });
  const smart = { security: { service: [{ coding: [{ code: 'SMART-on-FHIR' }] }] } };
  const bundle = (...names: readonly string[]) => ({
    resourceType: 'Bundle',
    type: 'searchset',
    total: names.length,
    entry: names.map((family) => ({ resource: { resourceType: 'Patient', name: [{ family }] } })),
  });
  const refusal = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] };

  /** @param search what it says to a search, with its status */
  async function fhirServer(
    security: object,
    search: readonly [number, object],
  ): Promise<Probed & { asked: string[] }> {
    const asked: string[] = [];
    const server = createHttpServer((request, response) => {
      asked.push(request.url ?? '');
      const isStatement = request.url === '/fhir/r4/metadata';
      const isSearch = request.url?.startsWith('/fhir/r4/Patient') === true;
      const [status, body] = isStatement ? [200, statement(security)] : isSearch ? search : [404, refusal];
      response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { ...(await probeService(port, ['fhir'])), asked };
  }

  it('that searches for everybody and declares no security is found, and nobody was asked for', async () => {
    const probed = await fhirServer({}, [200, bundle()]);
    expect(probed.failing).toEqual(expect.arrayContaining(['fhir-authorised', 'fhir-security-declared']));
    expect(probed.values('fhir.software')).toEqual(['Example FHIR 3.2']);
    expect(probed.asked.filter((path) => path.includes('Patient'))).toEqual([
      '/fhir/r4/Patient?_id=sphinx-asks-for-nobody&_summary=count',
    ]);
  });

  it('that hands out patients whatever it is asked leaves nothing of them with us', async () => {
    const probed = await fhirServer(smart, [200, bundle('Mustermann', 'Musterfrau')]);
    expect(probed.failing).toContain('fhir-authorised');
    expect(Buffer.concat(probed.packets.map(({ bytes }) => bytes)).toString('latin1')).not.toMatch(/Muster/);
    expect(JSON.stringify([probed.evidence, probed.records])).not.toMatch(/Muster/);
  });

  it('that turns strangers away passes', async () => {
    for (const status of [401, 403]) {
      const probed = await fhirServer(smart, [status, refusal]);
      expect(probed.passing).toEqual(expect.arrayContaining(['fhir-authorised', 'fhir-security-declared']));
      expect(probed.failing).toEqual(['fhir-encrypted']);
    }
  });

  it('that does not understand the question is judged neither way', async () => {
    const probed = await fhirServer(smart, [400, refusal]);
    expect([...probed.failing, ...probed.passing]).not.toContain('fhir-authorised');
  });
});
