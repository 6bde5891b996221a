import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../tests/probing/lab.ts';
import { House } from '../test-house.ts';
import type { Honeytoken } from './token.ts';

// Planted values: in decoys over real sockets, in traffic as sensor threads read it.

let house: House;
let web: number;
let telnet: number;

beforeAll(async () => {
  house = await House.open();
  [web, telnet] = [await freePort(), await freePort()];
  await house.decoy('infusion-pump', { 80: web, 23: telnet });
});
afterAll(() => house.close());

const plant = (kind: string, more: object = {}) =>
  house.ask<Honeytoken>('createHoneytoken', { body: { kind, label: `planted for ${kind}`, ...more } });
const ENDS = { clientIp: '10.9.0.4', serverIp: '10.9.0.80', clientPort: 50_123, serverPort: 80 };

describe('planted values', () => {
  it('are looked for in traffic only while there are any', async () => {
    expect(await house.see(ENDS, [{ direction: 'to-server', bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n') }])).toBe(
      false,
    );
  });

  it('raise the alarm in a log-on to a decoy', async () => {
    const { id, values } = await plant('credential');
    const socket = connect(telnet, '127.0.0.1');
    await pause(200);
    socket.write(`${values.user}\r\n`);
    await pause(200);
    socket.write(`${values.password}\r\n`);
    await pause(300);
    socket.destroy();
    const alert = await house.alert(({ analytic }) => analytic.id === id);
    expect(alert).toMatchObject({ kind: 'honeytoken', severity: 'critical' });
    expect(alert.subjects).toContainEqual({ role: 'affected', type: 'account', value: values.user });
    expect(alert.message).toContain('planted for credential');
    const session = await house.session(({ tokens }) => tokens.includes(id));
    expect(session.severity).toBe('critical');
    expect(alert.evidence[0]?.id).toBe(session.id);
  });

  it('raise the alarm when a planted document calls home', async () => {
    const { id, values } = await plant('document', { address: `127.0.0.1:${web}` });
    const file = await (await house.ask<Response>('getHoneytokenDocument', { params: { id } })).text();
    expect(file).toContain(values.url);
    await fetch(values.url ?? '', { headers: { connection: 'close' } }).then((answer) => answer.text());
    const alert = await house.alert(({ analytic }) => analytic.id === id);
    expect(alert.message).toContain('A planted document was opened');
  });

  it('raise the alarm in traffic, also where a value comes in two parts, once a connection', async () => {
    const { id, values } = await plant('patient');
    const text = `MSH|^~\\&|A|B|C|D|2026||QRY^A19|1|P|2.5\rQRD|2026|R|I|Q1|||1|${values.patientId}|DEM\r`;
    const half = text.indexOf(values.patientId ?? '') + 4;
    const bytes = [
      Buffer.from(`\x0b${text.slice(0, half)}`),
      Buffer.from(`${text.slice(half)}\x1c\r`),
      Buffer.from(`\x0b${text}\x1c\r`),
    ];
    await house.see(
      { ...ENDS, serverPort: 2575 },
      bytes.map((each) => ({ direction: 'to-server' as const, bytes: each })),
    );
    const alert = await house.alert(({ analytic }) => analytic.id === id);
    expect(alert).toMatchObject({ count: 1, techniques: ['T1213'] });
    expect(alert.subjects[0]).toEqual({ role: 'actor', type: 'ip', value: '10.9.0.4' });
    expect(alert.evidence[0]).toMatchObject({ kind: 'packet', packet: { source: 'capture_1' } });
  });

  it('raise the alarm when a planted name is looked up', async () => {
    const { id, values } = await plant('dns-name', { domain: 'clinic.example' });
    await house.see(
      { ...ENDS, serverPort: 53 },
      [{ direction: 'to-server', bytes: dnsQuestion(values.name ?? '') }],
      'udp',
    );
    expect(await house.alert(({ analytic }) => analytic.id === id)).toMatchObject({ severity: 'high' });
  });

  it('raise none once they are revoked, and nobody who only looks sees them', async () => {
    const { id, values } = await plant('dicom-study');
    await house.ask('revokeHoneytoken', { params: { id } });
    await house.see(ENDS, [
      { direction: 'to-server', bytes: Buffer.from(`GET /studies/${values.studyUid} HTTP/1.1\r\nHost: a\r\n\r\n`) },
    ]);
    expect([...house.alerts.values()].some(({ analytic }) => analytic.id === id)).toBe(false);
    const seen = await house.ask<{ items: Honeytoken[] }>('listHoneytokens', { permissions: ['decoys:read'] });
    expect(JSON.stringify(seen)).not.toContain(values.studyUid);
    expect(seen.items.find((token) => token.id === id)?.revokedAt).not.toBeNull();
  });
});

function dnsQuestion(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([Buffer.from('123401000001000000000000', 'hex'), ...labels, Buffer.from('0000010001', 'hex')]);
}
