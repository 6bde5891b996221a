import { createServer, type Server } from 'node:net';
import type { Detection } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillView, Maintenance, ProposalView, ServiceView, StateSpan } from './index.ts';
import { House, START } from './test-house.ts';

let house: House;
let server: Server;
let port = 0;

beforeAll(async () => {
  house = await House.open();
  await house.place({ ips: ['127.0.0.1'] }, { patientSafetyClass: 'care-support' });
  server = createServer((socket) => socket.on('error', () => socket.destroy()).end());
  await listen();
});
afterAll(async () => {
  await house.close();
  server.close();
});

async function listen(): Promise<void> {
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
}

const archive = () => ({ name: 'Archive', care: 'radiology', host: '127.0.0.1', checks: [{ kind: 'tcp', port }] });
const view = (id: string) => house.ask<ServiceView>('getMonitoredService', { params: { id } });

/** Every check once, a minute later. */
async function checked(id: string, times = 1): Promise<ServiceView> {
  for (let time = 0; time < times; time += 1) {
    house.clock.advance(60_000);
    await house.ask('checkServiceNow', { params: { id } });
  }
  await house.settled();
  return view(id);
}

function detection(id: string, ip: string): Detection {
  return {
    id,
    rule: {
      gid: 1,
      sid: 1,
      revision: 1,
      title: 'Ransomware encrypts a share',
      set: 'own',
      class: 'trojan-activity',
      category: '',
      references: [],
      techniques: ['T1486'],
    },
    severity: 'high',
    source: { ip: '10.9.9.9', port: 1 },
    destination: { ip, port: 445 },
    target: 'destination',
    transport: 'tcp',
    protocol: 'smb',
    time: house.clock.now(),
    packet: { source: 'live', number: 1, time: house.clock.now() },
    isSample: false,
  };
}

describe('a service that is watched', () => {
  it('goes up, down after three failures, and up again after two answers, and each is told once', async () => {
    const { id } = await house.ask<ServiceView>('addMonitoredService', { body: archive() });
    expect((await checked(id)).state).toBe('up');
    await new Promise((done) => server.close(done));
    expect((await checked(id, 2)).state).toBe('up');
    const down = await checked(id);
    expect(down).toMatchObject({ state: 'down', cause: 'failure', latencyMs: null });
    expect(down.causeReasons[0]).toMatch(/No detection, alert or incident/);
    await listen();
    expect((await checked(id)).state).toBe('down');
    expect((await checked(id)).state).toBe('up');
    expect(house.told.map(({ type }) => type)).toEqual(['service.up', 'service.down', 'service.up']);
    expect(house.told[1]?.data).toMatchObject({ name: 'Archive', previous: 'up', ips: ['127.0.0.1'] });
  });

  it('keeps its state over a restart, and its history with causes', async () => {
    await house.restart();
    const { items } = await house.ask<{ items: ServiceView[] }>('listMonitoredServices');
    expect(items).toMatchObject([{ name: 'Archive', state: 'up' }]);
    const history = await house.ask<{ items: StateSpan[] }>('listServiceHistory', { params: { id: 'Archive' } });
    expect(history.items.map(({ state }) => state)).toEqual(['up', 'down', 'up']);
    expect(history.items[1]).toMatchObject({ cause: 'failure', until: history.items[0]?.from });
  });

  it('spends its error budget while it is down', async () => {
    const { budget } = await view('Archive');
    expect(budget?.availability).toMatchObject({ outages: 1, downMs: 2 * 60_000 });
    expect(budget?.leftMs).toBe((budget?.allowedMs ?? 0) - 2 * 60_000);
  });

  it('that is down while something grave concerns it may be attacked, and becomes an alert', async () => {
    await new Promise((done) => server.close(done));
    house.told.length = 0;
    await checked('Archive', 3);
    expect(house.told.map(({ type, data }) => [type, 'cause' in data ? data.cause : ''])).toEqual([
      ['service.down', 'failure'],
    ]);
    await house.publish('detection.found', 'det_1', detection('det_1', '127.0.0.1'));
    expect(await view('Archive')).toMatchObject({ state: 'down', cause: 'possible-attack' });
    const [, again, alert] = house.told;
    expect(again).toMatchObject({ type: 'service.down', data: { evidence: [{ kind: 'detection', id: 'det_1' }] } });
    expect(alert).toMatchObject({ type: 'alert.raised', data: { kind: 'outage', severity: 'high' } });
    // What it tells itself is no further evidence.
    expect((await view('Archive')).causeReasons).toHaveLength(1);
    await listen();
    await checked('Archive', 2);
  });

  it('is not down in a maintenance window as far as its budget goes, and a window that was cancelled can be put back', async () => {
    const before = (await view('Archive')).budget?.availability.downMs ?? 0;
    const now = house.clock.now();
    const window = await house.ask<Maintenance>('addMaintenanceWindow', {
      body: { service: 'Archive', from: now, until: now + 3_600_000, note: 'new disks' },
    });
    house.clock.advance(2 * 3_600_000 + 60_000);
    await house.ask('cancelMaintenanceWindow', { params: { id: window.id } });
    const restored = await house.ask<Maintenance>('restoreMaintenanceWindow', { params: { id: window.id } });
    expect(restored).toEqual(window);
    expect((await view('Archive')).budget?.availability).toMatchObject({ downMs: before, plannedMs: 3_600_000 });
    const wrong = { from: now, until: now };
    await expect(house.ask('addMaintenanceWindow', { body: wrong })).rejects.toThrow(/end after it begins/);
  });

  it('that is paused is unknown and tells nothing', async () => {
    house.told.length = 0;
    await house.ask('changeMonitoredService', { params: { id: 'Archive' }, body: { isPaused: true } });
    expect((await view('Archive')).state).toBe('unknown');
    await house.ask('changeMonitoredService', { params: { id: 'Archive' }, body: { isPaused: false } });
    await house.settled();
    expect(house.told.map(({ type }) => type)).toEqual(['service.up']);
  });
});

describe('what may be checked', () => {
  it('is nothing that the policy of the device does not allow, whoever asks', async () => {
    await house.place({ ips: ['10.1.1.1'] }, { kind: 'infusion-pump', patientSafetyClass: 'life-sustaining' });
    const body = { name: 'Pump', host: '10.1.1.1', checks: [{ kind: 'tcp', port: 80 }], agreement: 'it is on a bench' };
    await expect(house.ask('addMonitoredService', { body })).rejects.toThrow(/allows no regular checks/);
  });

  it('is an unknown address only after somebody agreed who may', async () => {
    const body = { name: 'Unknown', host: '10.1.1.2', checks: [{ kind: 'tcp', port: 80 }] };
    await expect(house.ask('addMonitoredService', { body })).rejects.toThrow(/asks for the agreement/);
    const agreed = { ...body, agreement: 'it is the web server' };
    await expect(house.ask('addMonitoredService', { body: agreed }, ['uptime:write'])).rejects.toThrow(
      /probes:approve/,
    );
    const service = await house.ask<ServiceView>('addMonitoredService', { body: agreed });
    expect(service).toMatchObject({ agreement: { by: 'anna' }, checks: [{ intervalSeconds: 60 }] });
    const others = { checks: [{ kind: 'tcp', host: '10.1.1.3', port: 80 }] };
    const change = { params: { id: 'Unknown' }, body: others };
    await expect(house.ask('changeMonitoredService', change, ['uptime:write'])).rejects.toThrow(/agreement/);
    await house.ask('removeMonitoredService', { params: { id: 'Unknown' } });
  });

  it('is nothing outside of the networks of the hospital', async () => {
    const body = { name: 'Away', host: '192.0.2.1', checks: [{ kind: 'tcp', port: 80 }], agreement: 'because' };
    await expect(house.ask('addMonitoredService', { body })).rejects.toThrow(/outside the networks/);
  });

  it('ends when the device turns out to be a fragile one', async () => {
    await house.place({ ips: ['127.0.0.1'] }, { kind: 'infusion-pump', patientSafetyClass: 'life-sustaining' });
    const state = await checked('Archive');
    expect(state).toMatchObject({
      state: 'unknown',
      checks: [{ notSent: expect.stringMatching(/no regular checks/) }],
    });
    await house.place({ ips: ['127.0.0.1'] }, { patientSafetyClass: 'care-support' });
    expect((await checked('Archive')).state).toBe('up');
  });

  it('is proposed out of what is seen in use, and watched as it stands', async () => {
    const peer = { isExternal: false, direction: 'incoming', transport: 'tcp', port: 104, protocol: 'dicom' } as const;
    const seen = { bytesSent: 1, bytesReceived: 1, flows: 1, firstSeen: START, lastSeen: START };
    const packet = { source: 'live', number: 1, time: START };
    await house.place(
      {
        ips: ['10.1.1.9'],
        name: 'PACS',
        services: [
          {
            transport: 'tcp',
            port: 104,
            protocol: 'dicom',
            isEncrypted: false,
            evidence: [],
            firstSeen: START,
            lastSeen: START,
          },
          {
            transport: 'tcp',
            port: 22,
            protocol: 'ssh',
            isEncrypted: true,
            evidence: [],
            firstSeen: START,
            lastSeen: START,
          },
        ],
        peers: ['10.1.1.20', '10.1.1.21'].map((ip) => ({
          ...peer,
          ...seen,
          ip,
          packet,
          isEncrypted: false,
          isAnswered: true,
        })),
      },
      { patientSafetyClass: 'care-support', careArea: 'radiology' },
    );
    const proposed = await house.ask<{ items: ProposalView[] }>('listServiceProposals');
    expect(proposed.items).toMatchObject([
      {
        name: 'PACS',
        host: '10.1.1.9',
        clients: 2,
        refusal: '',
        needsAgreement: false,
        checks: [{ kind: 'dicom-echo', port: 104 }],
      },
    ]);
    const { name, host, care, checks = [] } = proposed.items[0] ?? {};
    await house.ask('addMonitoredService', { body: { name, host, care, checks } });
    expect((await house.ask<{ items: ProposalView[] }>('listServiceProposals')).items).toEqual([]);
    await house.ask('removeMonitoredService', { params: { id: 'PACS' } });
  });
});

describe('a service whose traffic alone is watched', () => {
  const ends = { src_ip: '10.3.0.9', dst_ip: '10.3.0.1', dst_port: 104, app_name: 'dicom', activity: 'operation' };
  const operation = (outcome: string) => ({ ...ends, details: JSON.stringify({ outcome, invokedBy: 'client' }) });
  const judged = async () => {
    await house.ask('checkServiceNow', { params: { id: 'Modality archive' } });
    return view('Modality archive');
  };

  it('is sent nothing, and is as its users find it', async () => {
    await house.place({ ips: ['10.3.0.1'] }, { kind: 'infusion-pump', patientSafetyClass: 'life-sustaining' });
    await house.ask('addMonitoredService', { body: { name: 'Modality archive', host: '10.3.0.1' } }, ['uptime:write']);
    expect((await judged()).state).toBe('unknown');
    house.see('protocol_activity', operation('success'), 10);
    expect(await judged()).toMatchObject({ state: 'up', traffic: { requests: 10, failures: 0, isSilent: false } });
    house.see('protocol_activity', operation('failure'), 10);
    expect(await judged()).toMatchObject({
      state: 'degraded',
      reason: expect.stringMatching(/10 of 20 requests fail/),
    });
    house.clock.advance(15 * 60_000);
    expect((await judged()).state).toBe('up');
    house.see('network_activity', { ...ends, state: 'one-way', packets_in: 0, tcp_flags_out: 2 }, 12);
    expect(await judged()).toMatchObject({
      state: 'down',
      cause: 'failure',
      traffic: { connections: 12, refused: 12 },
    });
  });

  it('does not go by samples, by captures of the past, or by its neighbours', async () => {
    house.clock.advance(15 * 60_000);
    expect((await judged()).state).toBe('up');
    house.see('protocol_activity', { ...operation('failure'), is_sample: true }, 20);
    house.see('protocol_activity', { ...operation('failure'), time: START - 86_400_000 }, 20);
    house.see('protocol_activity', { ...operation('failure'), dst_ip: '10.3.0.2' }, 20);
    expect(await judged()).toMatchObject({ state: 'up', traffic: { requests: 0 } });
    await house.ask('removeMonitoredService', { params: { id: 'Modality archive' } });
  });
});

describe('a recovery', () => {
  it('is recorded and held against what was promised', async () => {
    const params = { id: 'Archive' };
    await house.ask('changeMonitoredService', { params, body: { recoveryMinutes: 60, dataLossMinutes: 15 } });
    const record = (body: object) =>
      house.ask<DrillView>('recordRecoveryDrill', { params, body: { at: house.clock.now() - 60_000, ...body } });
    const kept = await record({ recoveryMinutes: 45, dataLossMinutes: 10 });
    expect(kept).toMatchObject({ meetsRecoveryTime: true, meetsRecoveryPoint: true, by: 'anna', kind: 'drill' });
    expect(await record({ recoveryMinutes: 45, dataLossMinutes: 20 })).toMatchObject({ meetsRecoveryPoint: false });
    expect(await record({ recoveryMinutes: 45, isComplete: false })).toMatchObject({
      meetsRecoveryTime: false,
      meetsRecoveryPoint: null,
    });
    await expect(record({ at: house.clock.now() + 1, recoveryMinutes: 1 })).rejects.toThrow(/after it began/);
    await house.ask('removeRecoveryDrill', { params: { ...params, drill: kept.id } });
    const { items } = await house.ask<{ items: DrillView[] }>('listRecoveryDrills', { params });
    expect(items).toHaveLength(2);
  });
});

describe('the status page', () => {
  it('is off until an administrator switches it on', async () => {
    await expect(house.ask('getPublicStatus')).rejects.toThrow(/isStatusPagePublic/);
  });

  it('shows what somebody put on it, and neither an address nor a reason', async () => {
    const open = await House.open({ isStatusPagePublic: true });
    const shown = { name: 'Backup', care: 'all wards', checks: [{ kind: 'backup-freshness' }], isOnStatusPage: true };
    const { id } = await open.ask<ServiceView>('addMonitoredService', { body: shown });
    await open.ask('addMonitoredService', { body: { name: 'Hidden', host: '10.1.1.1' } });
    for (let time = 0; time < 3; time += 1) await open.ask('checkServiceNow', { params: { id } });
    const now = open.clock.now();
    await open.ask('addMaintenanceWindow', { body: { from: now + 1000, until: now + 2000, note: 'new disks' } });
    expect(await open.ask('getPublicStatus')).toEqual({
      at: now,
      services: [{ name: 'Backup', care: 'all wards', state: 'down', since: now, isInMaintenance: false }],
      maintenance: [{ name: null, from: now + 1000, until: now + 2000, note: 'new disks' }],
    });
    const page = await open.ask<Response>('getPublicStatusPage');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(await page.text()).toMatch(/Backup.*does not work/);
    await open.close();
  });
});

describe('a check', () => {
  it('keeps its secret encrypted and shows it to nobody, and it goes with the service', async () => {
    const checks = [{ kind: 'ldap-bind', port, secret: 'very secret', parameters: { bindName: 'cn=sphinx' } }];
    const body = { name: 'Directory', host: '127.0.0.1', checks };
    const service = await house.ask<ServiceView>('addMonitoredService', { body });
    expect(service.checks[0]?.hasSecret).toBe(true);
    expect(JSON.stringify(service)).not.toContain('very secret');
    expect([...house.secrets.values()].map(String).map((text) => text.length)).toHaveLength(1);
    await house.ask('removeMonitoredService', { params: { id: 'Directory' } });
    expect(house.secrets.size).toBe(0);
  });

  it('that is asked for wrongly is refused with what would be right', async () => {
    const add = (check: object) =>
      house.ask('addMonitoredService', { body: { name: 'Wrong', host: '127.0.0.1', checks: [check] } });
    await expect(add({ kind: 'telepathy' })).rejects.toThrow(/There are: .*dicom-echo/);
    await expect(add({ kind: 'tcp' })).rejects.toThrow(/Name the port/);
    await expect(add({ kind: 'http', parameters: { colour: 'red' } })).rejects.toThrow(/It has: path/);
    await expect(add({ kind: 'http', parameters: { status: 1000 } })).rejects.toThrow(/from 0 to 599/);
    await expect(add({ kind: 'dns', parameters: { name: 'a\r\nb' } })).rejects.toThrow(/one line/);
    await expect(add({ kind: 'tcp', port: 1, secret: 'x' })).rejects.toThrow(/has no secret/);
  });

  it('of a backup sends nothing and goes by what is reported', async () => {
    const body = { name: 'Backup', checks: [{ kind: 'backup-freshness' }] };
    const { id } = await house.ask<ServiceView>('addMonitoredService', { body });
    expect((await checked(id, 3)).state).toBe('down');
    await house.ask('reportBackup', { params: { id }, body: { succeeded: true, bytes: 1000 } });
    expect((await checked(id, 2)).state).toBe('up');
    house.clock.advance(30 * 3_600_000);
    const late = await checked(id, 3);
    expect(late).toMatchObject({ state: 'down', reason: expect.stringMatching(/hours old; 26 are allowed/) });
  });
});
