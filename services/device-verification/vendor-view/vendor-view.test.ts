import type { Principal } from '@sphinx/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetFixture } from '../checks/check.ts';
import { House } from '../test-house.ts';
import type { VendorDevice, VendorReport } from './vendor-report.ts';

const vendor = (...makers: string[]): Principal => ({
  kind: 'user',
  id: 'usr_1',
  name: 'vendor',
  role: 'vendor',
  permissions: new Set(['vendor:read']),
  makers,
});
const ACME = vendor('Acme Medical');
const PUMP: AssetFixture = {
  facts: {
    kind: 'infusion-pump',
    manufacturer: 'ACME Medical',
    model: 'Pump One',
    serial: 'SN-4711',
    location: 'Intensive care, bed 7',
    owner: 'Dr Invented',
    zone: 'clinical',
    patientSafetyClass: 'therapy',
  },
  services: [{ protocol: 'http', port: 80 }],
  peers: [{ ip: '203.0.113.9', protocol: 'http', port: 80, direction: 'outgoing', isExternal: true }],
  evidence: [
    { attribute: 'arp.address', value: '10.3.0.7', role: 'self' },
    { attribute: 'dhcp.hostname', value: 'icu-bed7', role: 'self' },
    { attribute: 'ssh.protocol', value: '1.5', port: 22 },
    { attribute: 'telnet.banner', value: 'icu-bed7 login:', port: 23 },
    { attribute: 'telnet.server', value: 'true', port: 23 },
    { attribute: 'http.server', value: 'GoAhead/2.5 on icu-bed7', port: 80 },
    { attribute: 'tls.server.version', value: 'TLS 1.0', port: 443 },
  ],
};
const SECRETS = [
  'icu-bed7',
  'Intensive care',
  'Dr Invented',
  '10.3.0.7',
  '203.0.113.9',
  'ast_pump',
  '02:00:00',
  'Other',
];

let house: House;
beforeAll(openHouse);
afterAll(() => house.close());

const devicesOf = async (as: Principal, query: object = {}) =>
  ((await house.ask('listVendorDevices', { as, query })) as { items: VendorDevice[] }).items;

async function openHouse(): Promise<void> {
  house = await House.open();
  const pump = { id: 'ast_pump', name: 'Pump of bed 7', ips: ['10.3.0.7'], hostnames: ['icu-bed7'] };
  await house.see(PUMP, pump);
  const other = { ...PUMP, facts: { ...PUMP.facts, manufacturer: 'Acme Medical Other' } };
  await house.see(other, { id: 'ast_other', name: 'Other', ips: ['10.3.0.8'], macs: ['02:00:00:00:00:02'] });
}

describe('what the maker of a device sees of its verification', () => {
  it('is its own devices, told apart by model and serial number, with the verdict', async () => {
    expect(await devicesOf(ACME)).toMatchObject([
      { maker: 'ACME Medical', model: 'Pump One', serial: 'SN-4711', verdict: 'rejected', certificate: null },
    ]);
    expect(await devicesOf(vendor('Somebody else'))).toEqual([]);
    expect(await devicesOf(vendor('Acme Medical', 'Acme Medical Other'))).toHaveLength(2);
  });

  it('says what failed on the device and what to do, with what it showed', async () => {
    const [device] = await devicesOf(ACME);
    const report = (await house.ask('getVendorDevice', { as: ACME, params: { id: device?.id } })) as VendorReport;
    const failed = report.results.filter(({ outcome }) => outcome === 'fail');
    expect(failed.length).toBe(device?.failed);
    expect(failed.flatMap(({ seen }) => seen)).toContainEqual({ attribute: 'tls.server.version', value: 'TLS 1.0' });
    for (const { remedy } of failed) expect(remedy.length).toBeGreaterThan(10);
  });

  it('tells neither place, address, name, owner nor whom it talks to, on screen and on paper', async () => {
    const [device] = await devicesOf(ACME);
    const params = { id: device?.id };
    const report = await house.ask('getVendorDevice', { as: ACME, params });
    const page = await ((await house.ask('printVendorDevice', { as: ACME, params })) as Response).text();
    expect(page).toContain('Pump One');
    for (const text of [JSON.stringify([device, report]), page]) {
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }
  });

  it('names a device by what nobody can calculate from its address, the same every time', async () => {
    const [before] = await devicesOf(ACME);
    expect(before?.id).toMatch(/^dev_[0-9a-f]{24}$/);
    expect((await devicesOf(ACME))[0]?.id).toBe(before?.id);
  });

  it('ends where its makers end: a device of another maker is not there', async () => {
    const [foreign] = await devicesOf(vendor('Acme Medical Other'));
    for (const operation of ['getVendorDevice', 'printVendorDevice']) {
      const asked = house.ask(operation, { as: ACME, params: { id: foreign?.id } });
      await expect(asked).rejects.toMatchObject({ code: 'SPX_NOT_FOUND' });
    }
    await expect(devicesOf(ACME, { maker: 'Acme Medical Other' })).rejects.toMatchObject({ code: 'SPX_FORBIDDEN' });
  });
});
