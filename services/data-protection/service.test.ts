import type { MediaUse } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import type { MediumOnDevice } from './media/media-store.ts';
import { House } from './test-house.ts';
import type { JudgedTransfer, ReceiverTotal } from './transfers/transfer-store.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const INTERNET = '203.0.113.9';
const CSV = 'Patient;Name;Geburtsdatum;BSN\n1;Muster;01.04.1950;111222333\n2;Beispiel;13.12.1961;123456782\n';
const HL7 = '\x0bMSH|^~\\&|HIS|KH|LIS|KH|20260401||ADT^A01|1|P|2.5\rPID|1||4711^^^KH||Muster^Erika||19500401|F\r\x1c\r';

let house: House;
let port = 40_000;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

function ends(clientIp: string, serverIp: string, serverPort: number) {
  port += 1;
  return { clientIp, serverIp, clientPort: port, serverPort };
}

function post(host: string, path: string, body: string) {
  const length = Buffer.byteLength(body);
  return client(
    bytes(
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n${body}`,
    ),
  );
}

const OK = server(bytes('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));

async function transfersOf(ip: string): Promise<readonly JudgedTransfer[]> {
  return (await house.ask<Page<JudgedTransfer>>('listDataTransfers', { query: { ip } })).items;
}

function detectionsOf(ip: string) {
  return house.detections.filter(({ source, destination }) => source.ip === ip || destination.ip === ip);
}

describe('data of patients on its way', () => {
  it('to the internet in clear text is forbidden, told once, and never shown', async () => {
    const sender = '10.1.0.1';
    await house.see(ends(sender, INTERNET, 80), [post('files.example', '/up', CSV), OK]);
    await house.see(ends(sender, INTERNET, 80), [post('files.example', '/up', CSV), OK]);
    const transfers = await transfersOf(sender);
    expect(transfers).toHaveLength(2);
    expect(transfers[0]).toMatchObject({
      senderIp: sender,
      receiverIp: INTERNET,
      receiverName: 'files.example',
      protocol: 'http',
      receiverPlace: 'internet',
      rule: 'patient-data-to-internet',
      severity: 'high',
      counts: { identifiers: { 'nl-bsn': 2 }, records: { 'patient-table': 2 } },
    });
    const detections = detectionsOf(sender);
    expect(detections).toHaveLength(1);
    expect(detections[0]?.rule).toMatchObject({ gid: 20, sid: 2, title: expect.stringMatching(/\(2 persons\)$/) });
    expect(JSON.stringify([transfers, detections])).not.toMatch(/Muster|111222333|1950/);
  });

  it('between hosts of care is noted, and nobody is alarmed', async () => {
    await house.place('10.2.0.1', 'clinical-servers');
    await house.place('10.2.0.2', 'laboratory');
    await house.see(ends('10.2.0.1', '10.2.0.2', 2575), [client(bytes(HL7))]);
    expect(await transfersOf('10.2.0.1')).toMatchObject([
      { receiverPlace: 'clinical', rule: null, counts: { records: { hl7v2: 1 } } },
    ]);
    expect(detectionsOf('10.2.0.1')).toEqual([]);
  });

  it('into a zone that is none of care is forbidden', async () => {
    await house.place('10.2.0.3', 'guest');
    await house.see(ends('10.2.0.1', '10.2.0.3', 2575), [client(bytes(HL7))]);
    expect(await transfersOf('10.2.0.3')).toMatchObject([{ rule: 'patient-data-outside-clinical-zones' }]);
  });

  it('in the answer is sent by who answers', async () => {
    const answer = bytes(
      `HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: ${Buffer.byteLength(CSV)}\r\n\r\n${CSV}`,
    );
    await house.see(ends('203.0.113.77', '10.3.0.1', 80), [
      client(bytes('GET /export HTTP/1.1\r\nHost: x\r\n\r\n')),
      server(answer),
    ]);
    expect(await transfersOf('10.3.0.1')).toMatchObject([
      { senderIp: '10.3.0.1', receiverIp: '203.0.113.77', rule: 'patient-data-to-internet' },
    ]);
  });

  it('in the names of DNS is found', async () => {
    const name = ['bsn', '111222333', 'exfil', 'example'];
    const question = Buffer.concat([
      Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
      ...name.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
      Buffer.from([0, 0, 1, 0, 1]),
    ]);
    await house.see(ends('10.4.0.1', '10.4.0.53', 53), [client(question)], 'udp');
    expect(await transfersOf('10.4.0.1')).toMatchObject([{ protocol: 'dns', rule: 'patient-data-in-dns' }]);
  });

  it('in a mail is found in its text', async () => {
    const mail = 'Subject: Befund\r\n\r\nCodice fiscale RCCMNL83S18D969H\r\n.\r\n';
    await house.see(ends('10.5.0.1', INTERNET, 25), [
      server(bytes('220 mx.example ESMTP\r\n')),
      client(bytes('EHLO kh.example\r\n')),
      server(bytes('250 mx.example\r\n')),
      client(bytes('MAIL FROM:<a@kh.example>\r\n')),
      server(bytes('250 ok\r\n')),
      client(bytes('RCPT TO:<b@x.example>\r\n')),
      server(bytes('250 ok\r\n')),
      client(bytes('DATA\r\n')),
      server(bytes('354 go on\r\n')),
      client(bytes(mail)),
      server(bytes('250 ok\r\n')),
    ]);
    expect(await transfersOf('10.5.0.1')).toMatchObject([
      { protocol: 'smtp', rule: 'patient-data-to-internet', counts: { identifiers: { 'it-codice-fiscale': 1 } } },
    ]);
  });

  it('that is none is not noted', async () => {
    const orders = Array.from({ length: 500 }, (_, index) => `order ${100_000_007 + index * 97};shipped`).join('\n');
    await house.see(ends('10.6.0.1', INTERNET, 80), [post('shop.example', '/orders', orders), OK]);
    expect(await transfersOf('10.6.0.1')).toEqual([]);
  });
});

describe('a service on the internet', () => {
  it('that gets much is told by its name, as strictly as the zone of the sender asks for', async () => {
    await house.place('10.7.0.1', 'imaging');
    const much = 'x'.repeat(1_200_000);
    await house.see(ends('10.7.0.1', INTERNET, 80), [post('eu.chatgpt.com', '/v1', much), OK]);
    await house.see(ends('10.7.0.2', INTERNET, 80), [post('eu.chatgpt.com', '/v1', much), OK]);
    expect(await transfersOf('10.7.0.1')).toMatchObject([
      { cloudService: 'openai', rule: 'upload-to-ai-from-clinical-zone', severity: 'high' },
    ]);
    expect(await transfersOf('10.7.0.2')).toMatchObject([{ cloudService: 'openai', rule: null }]);
    const { items } = await house.ask<Page<ReceiverTotal & { title: string }>>('listDataReceivers');
    expect(items.find(({ receiver }) => receiver === 'openai')).toMatchObject({
      title: 'OpenAI ChatGPT',
      transfers: 2,
      forbidden: 1,
      senders: 2,
    });
  });
});

describe('a clinical protocol', () => {
  const conversation = (clientIp: string, serverIp: string, isEncrypted = false) => ({
    source: 'capture_1',
    sample: false,
    client: { ip: clientIp },
    server: { ip: serverIp },
    transport: 'tcp',
    serverPort: 104,
    protocol: 'dicom',
    isEncrypted,
    isAnswered: true,
    bytesToServer: 5000,
    bytesToClient: 90,
    packets: 10,
    flows: 1,
    firstSeen: 1_700_000_000_000,
    lastSeen: 1_700_000_001_000,
    packet: { source: 'capture_1', number: 4, time: 1_700_000_000_000 },
  });

  it('to the internet is forbidden, whoever of the two sends more', async () => {
    await house.publish('conversation.observed', 'a', conversation('10.8.0.1', INTERNET));
    await house.publish('conversation.observed', 'b', conversation(INTERNET, '10.8.0.2'));
    expect(await transfersOf('10.8.0.1')).toMatchObject([{ rule: 'clinical-protocol-to-internet', bytes: 5000 }]);
    expect(await transfersOf('10.8.0.2')).toMatchObject([{ rule: 'clinical-protocol-to-internet' }]);
  });

  it('with encryption, or between hosts of care, is what care consists of', async () => {
    await house.place('10.9.0.1', 'imaging');
    await house.place('10.9.0.2', 'imaging-servers');
    await house.publish('conversation.observed', 'c', conversation('10.9.0.1', '10.9.0.2'));
    await house.publish('conversation.observed', 'd', conversation('10.9.0.1', INTERNET, true));
    expect(await transfersOf('10.9.0.1')).toEqual([]);
  });
});

describe('a removable medium', () => {
  const use = (id: string, more: Partial<MediaUse> = {}): MediaUse => ({
    id,
    host: 'ws7',
    hostIp: '10.20.0.7',
    user: 'k.wolf',
    action: 'written',
    medium: { kind: 'usb-storage', maker: 'SanDisk', product: 'Ultra', serial: '4C530001' },
    drive: 'E:',
    files: 2,
    fileKinds: { dicom: 2 },
    bytes: 4096,
    patients: 0,
    events: 5,
    firstSeen: 1_700_000_000_000,
    lastSeen: 1_700_000_001_000,
    told: ['windows-removable-write'],
    logId: 'log_1',
    ...more,
  });
  const tell = (data: MediaUse) => house.publish('media.used', data.host, data);
  const media = async (query: object = {}) =>
    (await house.ask<Page<MediumOnDevice>>('listRemovableMedia', { query })).items;

  it('is shown per device with who used it, how much went onto it and what', async () => {
    await tell(use('a', { action: 'attached', user: '', files: 0, fileKinds: {}, bytes: 0 }));
    await tell(use('b'));
    await tell(use('c', { user: 'a.koenig', files: 3, fileKinds: { dicom: 1, table: 2 }, bytes: 100 }));
    await tell(use('d', { action: 'read', files: 7, fileKinds: { document: 7 }, bytes: 0 }));
    // A medium is known by its serial number, whatever another log calls it.
    await tell(use('e', { host: 'WS7', medium: { kind: 'usb-storage', maker: '', product: '', serial: '4c530001' } }));
    await tell(
      use('f', { host: 'ws8', action: 'attached', files: 0, fileKinds: {}, bytes: 0, lastSeen: 1_700_000_009_000 }),
    );
    const [newest, known, ...others] = await media();
    expect(others).toEqual([]);
    expect(newest).toMatchObject({ host: 'ws8', attached: 1, filesWritten: 0, otherDevices: 1 });
    expect(known).toMatchObject({
      medium: { maker: 'SanDisk', product: 'Ultra' },
      users: ['a.koenig', 'k.wolf'],
      attached: 1,
      filesWritten: 7,
      filesRead: 7,
      bytesWritten: 8292,
      fileKinds: { dicom: 5, table: 2 },
      otherDevices: 1,
    });
    expect(await media({ isWritten: 'true' })).toHaveLength(1);
    expect(await media({ host: 'ws8' })).toMatchObject([{ host: 'ws8' }]);
  });

  it('counts a fact that comes twice once, and tells use by use', async () => {
    await tell(use('b'));
    const [known] = await media({ host: 'ws7' });
    expect(known?.filesWritten).toBe(7);
    const { items } = await house.ask<Page<MediaUse>>('listMediaUses', { query: { medium: known?.id } });
    expect(items.map(({ id }) => id)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });
});

describe('who looks', () => {
  it('sees what is recognised, may try a text, and finds nothing of a source that was removed', async () => {
    const kinds = await house.ask<Page<{ id: string }>>('listDataKinds', { query: { limit: 200 } });
    expect(kinds.items.map(({ id }) => id)).toEqual(expect.arrayContaining(['nl-bsn', 'hl7v2', 'terms-de', 'openai']));
    expect(await house.ask('findPatientData', { body: { text: CSV } })).toMatchObject({ identifiers: { 'nl-bsn': 2 } });
    await house.publish('source.removed', 'capture_1', { source: 'capture_1', sample: false });
    expect((await house.ask<Page<unknown>>('listDataTransfers')).items).toEqual([]);
  });
});
