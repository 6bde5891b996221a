import type { Asset } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../tests/probing/lab.ts';
import type { Decoy } from './decoys/decoy.ts';
import { House } from './test-house.ts';

const START = 1_700_000_000_000;
let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

/** An archive of the hospital. */
function archive(number: number): Asset {
  const packet = { source: 'capture_1', number: 1, time: START };
  const seen = { firstSeen: START, lastSeen: START };
  const evidence = (attribute: string, value: string, protocol: string) =>
    ({ attribute, value, protocol, role: 'server', ...seen, count: 1, packet }) as const;
  const service = (protocol: string, port: number) =>
    ({
      transport: 'tcp' as const,
      protocol,
      port,
      isEncrypted: false,
      evidence: [],
      ...seen,
    }) satisfies Asset['services'][number];
  return {
    id: `ast_${number}`,
    name: `img-arc0${number}`,
    macs: [],
    ips: [`10.3.0.${number}`],
    hostnames: [`img-arc0${number}.clinic.example`],
    facts: {
      kind: { value: 'dicom-archive', confidence: 1, origin: { kind: 'manual', reference: 'test' }, evidence: [] },
    },
    services: [service('dicom', 11_112), service('mysql', 3306)],
    peers: [],
    evidence: [
      evidence('dicom.ae-title', `ARC_0${number}`, 'dicom'),
      evidence('ssh.server.software', 'OpenSSH_8.4p1 Debian-5+deb11u3', 'ssh'),
    ],
    conflicts: [],
    sources: [],
    isSample: false,
    isPinned: false,
    ...seen,
    revision: 1,
  };
}

const visit = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return answer.text();
};

describe('the service', () => {
  it('names a new decoy as the house names its machines, and takes no address that an asset has', async () => {
    for (const number of [1, 2]) await house.publish('asset.discovered', `ast_${number}`, archive(number));
    const body = { persona: 'pacs-archive', addresses: ['10.3.0.2'], portOffset: 20_000 };
    const decoy = await house.ask<Decoy & { state: string; listeners: { fault: string }[] }>('addDecoy', { body });
    expect(decoy.identity.hostName).toMatch(/^img-arc\d\d$/);
    expect(['img-arc01', 'img-arc02']).not.toContain(decoy.identity.hostName);
    expect(decoy.identity).toMatchObject({
      domain: 'clinic.example',
      banners: { ssh: 'OpenSSH_8.4p1 Debian-5+deb11u3' },
    });
    expect(decoy.identity.aeTitle).toMatch(/^ARC_\d\d$/);
    expect(decoy.state).toBe('failed');
    expect(decoy.listeners[0]?.fault).toBe('10.3.0.2 is in use: the inventory knows ast_2 there.');
  });

  it('lets a decoy offer what machines of its kind offer by now, under the name that it had', async () => {
    const body = { persona: 'pacs-archive', addresses: ['127.0.0.1'], portOffset: 21_000 };
    type View = Decoy & { listeners: { protocol: string; port: number; fault: string }[] };
    const decoy = await house.ask<View>('addDecoy', { body });
    const offered = ({ listeners }: View) =>
      listeners.filter(({ fault }) => fault === '').map((each) => `${each.protocol} ${each.port}`);
    expect(offered(decoy)).toEqual(expect.arrayContaining(['dicom 32112', 'mysql 24306']));
    for (const number of [1, 2]) {
      const { services, ...rest } = archive(number);
      await house.publish('asset.updated', `ast_${number}`, { ...rest, services: services.slice(0, 1) });
    }
    const adapted = await house.ask<View>('adaptDecoy', { params: { id: decoy.id } });
    expect(adapted.name).toBe(decoy.name);
    expect(adapted.identity.hostName).toBe(decoy.identity.hostName);
    expect(offered(adapted).filter((each) => each.startsWith('mysql'))).toEqual([]);
    await house.ask('removeDecoy', { params: { id: decoy.id } });
  });

  it('makes of several visits of one source to one decoy one alert, which grows', async () => {
    const port = await freePort();
    const id = await house.decoy('patient-monitor', { 80: port, 23: await freePort() });
    for (let times = 0; times < 3; times += 1) await visit(port);
    const alert = await house.alert(({ count }) => count === 3);
    expect([...house.alerts.values()].filter(({ analytic }) => analytic.id === `decoy-${id}`)).toHaveLength(1);
    expect(alert.evidence).toHaveLength(3);
    expect(alert.message).toContain('a patient monitor that does not exist');
  });

  it('raises nothing for scanners of one’s own, and keeps what they did', async () => {
    const quiet = await House.open({ ignoredSources: ['127.0.0.0/8'] });
    try {
      const port = await freePort();
      await quiet.decoy('patient-monitor', { 80: port, 23: await freePort() });
      await visit(port);
      await quiet.session(({ protocol }) => protocol === 'http');
      expect(quiet.alerts.size).toBe(0);
    } finally {
      await quiet.close();
    }
  });

  it('lets a decoy that was stopped listen no more, and one that is started again on the same place', async () => {
    const port = await freePort();
    const id = await house.decoy('patient-monitor', { 80: port, 23: await freePort() });
    await house.ask('switchDecoy', { params: { id }, body: { isOn: false } });
    await expect(visit(port)).rejects.toThrow();
    const again = await house.ask<{ state: string }>('switchDecoy', { params: { id }, body: { isOn: true } });
    expect(again.state).toBe('listening');
    expect(await visit(port)).toContain('Bedside Monitor');
  });
});
