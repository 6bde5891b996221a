import type { Asset } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import type { Inventory } from './inventory.ts';
import { evidence, HOUR, hostSeen, MINUTE, MORNING, newInventory, sourceRemoved, talk } from './test-inventory.ts';

const PUMP = { mac: '00:12:21:0a:0b:0c', ip: '10.20.30.124' };
const MONITOR = { mac: '00:09:fb:22:33:44', ip: '10.20.30.129' };
const CT_TITLE = evidence('dicom.ae-title', 'CT_AUFNAHME', { role: 'client' });

function only(inventory: Inventory): Asset {
  const assets = inventory.list();
  expect(assets).toHaveLength(1);
  return assets[0] as Asset;
}

function at(inventory: Inventory, ip: string): Asset {
  const found = inventory.list().find(({ ips }) => ips.includes(ip));
  if (found === undefined) throw new Error(`no asset has ${ip}`);
  return found;
}

function conflictsAt(inventory: Inventory, ip: string): string[] {
  return at(inventory, ip).conflicts.map(({ kind, value }) => `${kind} ${value}`);
}

describe('telling devices apart', () => {
  it('knows a device again that gets another address', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'dhcp.hostname': 'SPACECOM-12A7' })]);
    const before = only(inventory);
    inventory.observe([
      hostSeen({ ...PUMP, ip: '10.20.30.77' }, { 'dhcp.address': '10.20.30.77' }, { at: MORNING + HOUR }),
    ]);
    expect(only(inventory).id).toBe(before.id);
    expect(only(inventory).ips).toEqual(['10.20.30.77', '10.20.30.124']);
  });

  it('does not make two devices one because DHCP gave the address of one to the other', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { until: MORNING + MINUTE })]);
    inventory.observe([hostSeen({ ...MONITOR, ip: PUMP.ip }, { 'arp.address': PUMP.ip }, { at: MORNING + HOUR })]);
    expect(inventory.list()).toHaveLength(2);
    expect(at(inventory, PUMP.ip).macs).toEqual([MONITOR.mac]);
    expect(inventory.list().flatMap(({ conflicts }) => conflicts)).toEqual([]);
  });

  it('knows a device behind a router again by what it keeps, once its old address is silent', () => {
    const inventory = newInventory();
    const serial = (at: number) => [evidence('dicom.serial', 'VE95-1188', { role: 'client', at })];
    inventory.observe([hostSeen({ ip: '10.9.0.5' }, serial(MORNING))]);
    const before = only(inventory);
    inventory.observe([hostSeen({ ip: '10.9.0.9' }, serial(MORNING + HOUR), { at: MORNING + HOUR })]);
    expect(only(inventory).id).toBe(before.id);
    expect(only(inventory).ips).toEqual(['10.9.0.5', '10.9.0.9']);
  });

  it('keeps two devices behind a router apart that show one host name at the same time', () => {
    const inventory = newInventory();
    const name = [evidence('nbns.name', 'KIOSK', { at: MORNING, until: MORNING + HOUR })];
    inventory.observe([hostSeen({ ip: '10.9.0.5' }, name), hostSeen({ ip: '10.9.0.9' }, name)]);
    expect(inventory.list()).toHaveLength(2);
  });

  it('makes a new asset when another device shows itself at a routed address', () => {
    const inventory = newInventory();
    const serial = (value: string) => [evidence('dicom.serial', value, { role: 'client' })];
    inventory.observe([hostSeen({ ip: '10.9.0.5' }, serial('66021'))]);
    inventory.observe([hostSeen({ ip: '10.9.0.5' }, serial('42011'), { at: MORNING + HOUR })]);
    expect(inventory.list()).toHaveLength(2);
  });

  it('keeps one asset when an address seen through a router turns out to have a network card here', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen({ ip: PUMP.ip }, { 'http.server': 'SpaceCom/1' })]);
    const before = only(inventory);
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { at: MORNING + MINUTE })]);
    expect(only(inventory)).toMatchObject({ id: before.id, macs: [PUMP.mac] });
  });

  it('takes group addresses, broadcasts and the outside world for no assets', () => {
    const inventory = newInventory();
    const shown = { 'http.server': 'nginx' };
    const hosts = [{ ip: '203.0.113.7' }, { ip: '239.255.255.250' }, { ip: 'ff02::fb' }, { mac: '01:00:5e:00:00:fb' }];
    inventory.observe(hosts.map((host) => hostSeen(host, shown)));
    expect(inventory.list()).toEqual([]);
  });

  it('takes a public address for an asset where the hospital says that it is its own', () => {
    const inventory = newInventory({ ownNetworks: ['203.0.113.0/24'] });
    inventory.observe([hostSeen({ ip: '203.0.113.7' }, { 'http.server': 'nginx' })]);
    expect(only(inventory).ips).toEqual(['203.0.113.7']);
  });

  it('takes a host that is known by a name only for no asset, and knows the name once the host shows itself', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen({ ip: '10.0.0.9' }, { 'dns.name': 'pacs.klinik.example' })]);
    inventory.observe([hostSeen({ ip: '10.0.0.8' }, { 'mdns.name': 'printer.local' })]);
    expect(inventory.list()).toEqual([]);
    inventory.observe([hostSeen({ ip: '10.0.0.9' }, { 'http.server': 'nginx' }, { at: MORNING + MINUTE })]);
    expect(only(inventory).name).toBe('pacs.klinik.example');
  });

  it('forgets the name of a host with the traffic that told it', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen({ ip: '10.0.0.9' }, { 'dns.name': 'pacs.example' }, { source: 'old' })]);
    inventory.observe([sourceRemoved('old'), hostSeen({ ip: '10.0.0.9' }, { 'http.server': 'nginx' })]);
    expect(only(inventory)).toMatchObject({ name: '10.0.0.9', sources: ['test'] });
  });

  it('never mixes sample traffic with real traffic', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip })]);
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { sample: true, source: 'sample' })]);
    expect(inventory.list().map(({ isSample }) => isSample)).toEqual([false, true]);
    expect(inventory.list().flatMap(({ conflicts }) => conflicts)).toEqual([]);
  });
});

describe('conflicts of identity', () => {
  it('reports two devices that claim one address at the same time, on both', () => {
    const inventory = newInventory();
    const claim = [evidence('arp.address', '10.20.30.10', { at: MORNING, until: MORNING + HOUR })];
    inventory.observe([hostSeen({ ...PUMP, ip: '10.20.30.10' }, claim)]);
    inventory.observe([hostSeen({ ...MONITOR, ip: '10.20.30.10' }, claim)]);
    const conflicts = inventory.list().map((asset) => asset.conflicts.map(({ kind, value }) => `${kind} ${value}`));
    expect(conflicts).toEqual([['duplicate-ip 10.20.30.10'], ['duplicate-ip 10.20.30.10']]);
  });

  it('reports an AE title that two devices act under, and names the other', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen({ ip: '10.0.0.1' }, [CT_TITLE]), hostSeen({ ip: '10.0.0.2' }, [CT_TITLE])]);
    expect(conflictsAt(inventory, '10.0.0.1')).toEqual(['duplicate-ae-title CT_AUFNAHME']);
    expect(at(inventory, '10.0.0.1').conflicts[0]?.otherAssetId).toBe(at(inventory, '10.0.0.2').id);
    expect(at(inventory, '10.0.0.1').conflicts[0]?.packet).toBeDefined();
  });

  it('makes nothing of titles that every program has before somebody sets one', () => {
    const inventory = newInventory();
    const title = [evidence('dicom.ae-title', 'STORESCU', { role: 'client' })];
    inventory.observe([hostSeen({ ip: '10.0.0.1' }, title), hostSeen({ ip: '10.0.0.2' }, title)]);
    expect(conflictsAt(inventory, '10.0.0.1')).toEqual([]);
  });

  it('makes nothing of the title under which an archive is called by its clients', () => {
    const inventory = newInventory();
    const called = [evidence('dicom.ae-title', 'RADARCHIV', { role: 'server', port: 104 })];
    inventory.observe([hostSeen({ ip: '10.0.0.1' }, called), hostSeen({ ip: '10.0.0.2' }, called)]);
    expect(conflictsAt(inventory, '10.0.0.2')).toEqual([]);
  });

  it.each([
    ['66021', ['duplicate-serial 66021']],
    ['000000', []],
    ['1', []],
  ])('judges the serial number %s that two devices show', (serial, expected) => {
    const inventory = newInventory();
    const shown = [evidence('dicom.serial', serial, { role: 'client', until: MORNING + HOUR })];
    inventory.observe([hostSeen({ ip: '10.0.0.1' }, shown), hostSeen({ ip: '10.0.0.2' }, shown)]);
    expect(conflictsAt(inventory, '10.0.0.1')).toEqual(expected);
  });

  it('reports a network card that turns from one device into another', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'dhcp.hostname': 'SPACECOM-12A7', 'dhcp.vendor-class': 'B. Braun Space' })]);
    const later = { at: MORNING + HOUR };
    inventory.observe([hostSeen(PUMP, { 'dhcp.hostname': 'kali', 'dhcp.vendor-class': 'udhcp 1.36' }, later)]);
    expect(conflictsAt(inventory, PUMP.ip)).toEqual(['identity-changed SPACECOM-12A7 → kali']);
  });

  it('withdraws a conflict when the other device is gone', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen({ ip: '10.0.0.1' }, [CT_TITLE])]);
    const other = evidence('dicom.ae-title', 'CT_AUFNAHME', { role: 'client', source: 'second' });
    inventory.observe([hostSeen({ ip: '10.0.0.2' }, [other], { source: 'second' })]);
    expect(conflictsAt(inventory, '10.0.0.1')).toHaveLength(1);
    inventory.observe([sourceRemoved('second')]);
    expect(conflictsAt(inventory, '10.0.0.1')).toEqual([]);
  });
});

describe('whom an asset talks to', () => {
  it('names the asset, kind and zone at the other end, and who began', () => {
    const inventory = newInventory();
    inventory.observe([
      hostSeen(PUMP, { 'dhcp.vendor-class': 'B. Braun Space' }),
      hostSeen(MONITOR, { 'dhcp.vendor-class': 'PHILIPS-IntelliVue' }),
      talk(PUMP, MONITOR),
    ]);
    const [peer] = at(inventory, MONITOR.ip).peers;
    expect(peer).toMatchObject({ assetId: at(inventory, PUMP.ip).id, direction: 'incoming', kind: 'infusion-pump' });
    expect(at(inventory, PUMP.ip).peers).toMatchObject([{ direction: 'outgoing', kind: 'patient-monitor' }]);
  });

  it('gives a peer its kind when that becomes known later', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }), talk(PUMP, { ip: '10.0.0.1' })]);
    expect(at(inventory, PUMP.ip).peers[0]?.assetId).toBeUndefined();
    const role = [evidence('fhir.role', 'server', { role: 'server', port: 80 })];
    const { facts } = inventory.observe([hostSeen({ ip: '10.0.0.1' }, role, { at: MORNING + MINUTE })]);
    expect(at(inventory, PUMP.ip).peers[0]).toMatchObject({ kind: 'fhir-server' });
    expect(facts.map(({ type }) => type).sort()).toEqual(['asset.discovered', 'asset.updated']);
  });

  it('shows the outside world as a peer, never as an asset', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }), talk(PUMP, { ip: '203.0.113.7' })]);
    expect(only(inventory).peers).toMatchObject([{ ip: '203.0.113.7', isExternal: true, bytesSent: 500 }]);
  });

  it('takes what was answered for a service, and what was not for none', () => {
    const inventory = newInventory();
    inventory.observe([
      hostSeen(PUMP, { 'arp.address': PUMP.ip }),
      talk({ ip: '10.0.0.1' }, PUMP, { serverPort: 80 }),
      talk({ ip: '10.0.0.1' }, PUMP, { serverPort: 23, protocol: 'unknown', isAnswered: false }),
    ]);
    expect(only(inventory).services).toMatchObject([{ port: 80, protocol: 'http' }]);
  });

  it('leaves conversations of the former holder of an address with that holder', () => {
    const inventory = newInventory();
    inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }), talk(PUMP, { ip: '10.0.0.1' })]);
    inventory.observe([hostSeen({ ...MONITOR, ip: PUMP.ip }, { 'arp.address': PUMP.ip }, { at: MORNING + HOUR })]);
    expect(at(inventory, PUMP.ip)).toMatchObject({ macs: [MONITOR.mac], peers: [] });
    expect(inventory.list().find(({ macs }) => macs.includes(PUMP.mac))?.peers).toHaveLength(1);
  });
});

describe('what is published', () => {
  it('announces a discovery once, and a change only when it matters', () => {
    const inventory = newInventory();
    const seen = { 'dhcp.vendor-class': 'B. Braun Space' };
    expect(inventory.observe([hostSeen(PUMP, seen)]).facts.map(({ type }) => type)).toEqual(['asset.discovered']);
    expect(inventory.observe([hostSeen(PUMP, seen, { at: MORNING + MINUTE })]).facts).toEqual([]);
    expect(only(inventory)).toMatchObject({ revision: 1, lastSeen: MORNING + MINUTE });
    const renamed = hostSeen(PUMP, { 'dhcp.hostname': 'SPACECOM-1' }, { at: MORNING + HOUR });
    expect(inventory.observe([renamed]).facts).toMatchObject([{ type: 'asset.updated', data: { revision: 2 } }]);
  });

  it('gives the same facts with the same ids when everything is observed anew', () => {
    const facts = [
      hostSeen(PUMP, { 'dhcp.vendor-class': 'B. Braun Space' }),
      hostSeen(MONITOR, { 'dhcp.vendor-class': 'PHILIPS-IntelliVue' }),
      talk(PUMP, MONITOR),
    ];
    expect(newInventory().observe(facts).facts).toEqual(newInventory().observe(facts).facts);
  });

  it('writes in words what changed', () => {
    const inventory = newInventory();
    const device = { mac: '02:00:00:00:00:01', ip: '10.20.30.5' };
    inventory.observe([hostSeen(device, { 'arp.address': device.ip })]);
    const later = { at: MORNING + HOUR };
    const { history } = inventory.observe([hostSeen(device, { 'dhcp.vendor-class': 'B. Braun Space' }, later)]);
    expect(history).toMatchObject([{ action: 'changed', by: 'sphinx', time: MORNING + HOUR }]);
    expect(history[0]?.detail).toContain('kind unknown → infusion-pump');
  });

  it('removes what only removed traffic had shown, and keeps the rest', () => {
    const inventory = newInventory();
    inventory.observe([
      hostSeen(PUMP, { 'arp.address': PUMP.ip }),
      hostSeen(MONITOR, { 'arp.address': MONITOR.ip }, { source: 'sample' }),
      talk(PUMP, MONITOR, { source: 'sample' }),
    ]);
    const monitor = at(inventory, MONITOR.ip).id;
    const { facts } = inventory.observe([sourceRemoved('sample')]);
    expect(facts.map(({ type, key }) => `${type} ${key}`)).toContain(`asset.removed ${monitor}`);
    expect(only(inventory)).toMatchObject({ macs: [PUMP.mac], peers: [] });
  });

  it('keeps an asset that several sources showed when one of them is removed', () => {
    const inventory = newInventory();
    for (const source of ['one', 'two']) inventory.observe([hostSeen(PUMP, { 'arp.address': PUMP.ip }, { source })]);
    expect(only(inventory).sources).toEqual(['one', 'two']);
    inventory.observe([sourceRemoved('one')]);
    expect(only(inventory).sources).toEqual(['two']);
  });
});
