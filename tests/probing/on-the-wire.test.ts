import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cable, WITHOUT_NAMESPACES } from './cable.ts';
import { Lab } from './lab.ts';
import { ProgramApart } from './program-apart.ts';
import { disagreements, type RecordRow, type SentPacket, SentPackets } from './sent-packets.ts';

// The whole program in one network namespace, a device in another, tcpdump on the cable between them: what the policy says holds
// for every packet that leaves, and the record tells of each of them.

interface Run {
  readonly id: string;
  readonly occasion: string;
  readonly state: string;
  readonly reason: string;
  readonly packets: number;
}

const POLICY_PACKETS_PER_SECOND = 50;
/** `services/active-probing/schedule.ts`. */
const LOOKS_EVERY_MS = 15_000;
const HTTP = 8080;
/** A port that says nothing at all: what is sent to it is dropped on the way. */
const SILENT = 8443;

describe.skipIf(WITHOUT_NAMESPACES !== '')(`probes on the wire ${WITHOUT_NAMESPACES}`, () => {
  let lab: Lab;
  let cable: Cable;
  let sent: SentPackets;
  let program: ProgramApart;

  beforeAll(async () => {
    lab = new Lab();
    cable = Cable.open({ isAskerApart: true });
    await startDevice();
    sent = await SentPackets.listen(cable, await lab.folder());
    program = await ProgramApart.start(cable, { TZ: zoneWhereItIs(12) });
    await program.call('PATCH', '/services/active-probing', { isEnabled: true, settings: { isAutomatic: false } });
  }, 120_000);
  afterAll(async () => {
    sent?.stop();
    await program?.stop();
    await lab.stop();
    cable.close();
  }, 30_000);

  /** Redis for everybody, a web page, an SNMP agent, and a port that swallows everything. */
  async function startDevice(): Promise<void> {
    const redis = ['--port', '6379', '--bind', cable.deviceIp, '--protected-mode', 'no', '--save', ''];
    await lab.start(...cable.onDevice('redis-server', ...redis), 0);
    await cable.listens('tcp', 6379);
    const configured = await lab.folder({ 'snmpd.conf': 'rocommunity public\n' });
    const agent = ['-f', '-Lo', '-C', '-c', join(configured, 'snmpd.conf'), '-p', join(configured, 'pid')];
    const environment = { SNMP_PERSISTENT_DIR: configured };
    await lab.start(...cable.onDevice('/usr/sbin/snmpd', ...agent, `udp:${cable.deviceIp}:161`), 0, { environment });
    const silent = `table inet t { chain c { type filter hook input priority 0; tcp dport ${SILENT} drop; }; }`;
    await lab.start(...cable.onDevice('nft', silent), 0, { readyWhen: /^/ });
  }

  /** A device that plays tricks at its web port. @param trick JavaScript that runs when something was said to it for the first time */
  async function trickster(trick: string): Promise<{ wasAsked(): Promise<void>; end(): Promise<void> }> {
    const folder = await lab.folder({
      'device.mjs': `
        import { createServer } from 'node:net';
        import { execFileSync } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        let isAsked = false;
        const server = createServer((socket) => {
          socket.on('error', () => {});
          socket.on('data', () => {
            if (isAsked) return;
            isAsked = true;
            ${trick}
            writeFileSync(process.argv[2], 'asked');
          });
        });
        server.listen(${HTTP}, '${cable.deviceIp}');
      `,
    });
    const asked = join(folder, 'asked');
    const end = await lab.start(...cable.onDevice(process.execPath, join(folder, 'device.mjs'), asked), 0);
    await cable.listens('tcp', HTTP);
    return {
      end,
      async wasAsked() {
        for (let tries = 0; tries < 600 && !existsSync(asked); tries += 1) await pause(50);
      },
    };
  }

  /** The inventory knows of the device what a list of equipment says. */
  async function isKnownAs(kind: string, patientSafetyClass: string): Promise<void> {
    const content = `ip,name,kind,patientSafetyClass\n${cable.deviceIp},device,${kind},${patientSafetyClass}\n`;
    await program.call('POST', '/assets/import', { format: 'csv', content });
    for (let tries = 0; tries < 200; tries += 1) {
      const preview = await program.call<{ kind?: string; safetyClass?: string }>(
        'GET',
        `/probe-preview?target=${cable.deviceIp}`,
      );
      if (preview.kind === kind && preview.safetyClass === patientSafetyClass) return;
      await pause(50);
    }
    throw new Error(`Nobody believes that it is a ${kind}.`);
  }

  const start = (probes: readonly string[] = []) =>
    program.call<Run>('POST', '/probe-runs', { target: cable.deviceIp, probes });

  async function ended(run: Run): Promise<Run> {
    for (let latest = run; ; latest = await program.call<Run>('GET', `/probe-runs/${run.id}`)) {
      if (latest.state !== 'waiting' && latest.state !== 'running') return latest;
      await pause(100);
    }
  }

  async function lastRun(): Promise<Run | undefined> {
    return (await program.call<{ items: Run[] }>('GET', '/probe-runs?limit=1')).items[0];
  }

  async function record(runId = ''): Promise<RecordRow[]> {
    const rows: RecordRow[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: RecordRow[]; nextCursor: string | null } = await program.call(
        'GET',
        `/probe-exchanges?limit=200${runId === '' ? '' : `&run=${runId}`}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      rows.push(...page.items);
      cursor = page.nextCursor;
    }
    return rows;
  }

  /** Packets that left while something was done. */
  async function sentDuring<Result>(work: () => Promise<Result>): Promise<{ result: Result; packets: SentPacket[] }> {
    const before = (await sent.read()).length;
    const result = await work();
    const packets = (await sent.read()).slice(before);
    return { result, packets };
  }

  const probing = (packets: readonly SentPacket[]) => packets.filter(({ kind }) => kind !== 'arp');

  it('sends nothing at all to a fragile device, whoever asks and whoever agreed', async () => {
    await isKnownAs('infusion-pump', 'life-sustaining');
    const { packets } = await sentDuring(async () => {
      expect(await start()).toMatchObject({ state: 'refused' });
      const approval = { target: cable.deviceIp, hours: 1 };
      await program.call('POST', '/probe-approvals', approval);
      expect(await start()).toMatchObject({ state: 'refused' });
    });
    expect(packets).toEqual([]);
  });

  it('falls silent at once when somebody stops everything', async () => {
    const device = await trickster('');
    await isKnownAs('file-server', 'none');
    const run = await start();
    await device.wasAsked();
    await program.call('POST', '/probing/stop', { reason: 'a monitor lost its connection' });
    expect(await ended(run)).toMatchObject({ state: 'stopped' });
    const { packets } = await sentDuring(async () => {
      expect(await start()).toMatchObject({ state: 'refused' });
      await pause(1500);
    });
    expect(packets).toEqual([]);
    expect(disagreements(await sent.read(), await record())).toEqual([]);
    await program.call('POST', '/probing/resume');
    await device.end();
  }, 60_000);

  it('keeps the hours of a policy: the schedule asks nothing at noon, and at night it asks', async () => {
    // The run that was cut off has shown which ports are open; with that the schedule has something to ask.
    await isKnownAs('ct-scanner', 'diagnosis');
    await program.call('PATCH', '/services/active-probing', { settings: { isAutomatic: true } });
    const atNoon = await sentDuring(() => pause(LOOKS_EVERY_MS + 5000));
    expect(probing(atNoon.packets)).toEqual([]);
    const atNight = await sentDuring(async () => {
      await program.setTimeZone(zoneWhereItIs(23));
      for (let tries = 0; tries < 100 && (await lastRun())?.occasion !== 'periodic'; tries += 1) await pause(500);
      return ended((await lastRun()) ?? (await start()));
    });
    expect(atNight.result).toMatchObject({ occasion: 'periodic', state: 'completed' });
    expect(probing(atNight.packets)).not.toEqual([]);
    await program.setTimeZone(zoneWhereItIs(12));
    await program.call('PATCH', '/services/active-probing', { settings: { isAutomatic: false } });
  }, 120_000);

  it('has every packet of a full run on record, and keeps the pace of its policy', async () => {
    await isKnownAs('file-server', 'none');
    const { result: run, packets } = await sentDuring(async () => ended(await start()));
    expect(run.state).toBe('completed');
    const rows = await record(run.id);
    expect(disagreements(packets, rows)).toEqual([]);
    // What was planted answers, so this was no run against a wall.
    const asked = new Set(packets.filter(({ data }) => data.length > 0).map(({ port }) => port));
    expect([...asked]).toEqual(expect.arrayContaining([6379, 161]));
    expect(rows.some(({ port, kind }) => port === SILENT && kind === 'end')).toBe(false);
    const counted = rows.filter(({ direction }) => direction === 'sent').reduce((sum, row) => sum + row.packets, 0);
    expect(run.packets).toBe(counted);
    const [first, last] = [probing(packets)[0], probing(packets).at(-1)];
    const seconds = ((last?.time ?? 0) - (first?.time ?? 0)) / 1000;
    // One step may stand at the end without its pause.
    const LAST_STEP = 40;
    expect(counted - LAST_STEP).toBeLessThanOrEqual(seconds * POLICY_PACKETS_PER_SECOND);
  }, 120_000);

  it('leaves a device alone that answers slower, and marks it', async () => {
    // From then on every other request for a connection is lost, so that each connection takes a second longer: what an
    // overloaded device does. (Not every kernel has the delay line of tc, netem.)
    const rule = 'tcp flags & (syn | ack) == syn numgen inc mod 2 0 drop';
    const table = `table inet slow { chain c { type filter hook input priority 0; ${rule}; }; }`;
    const slower = `execFileSync('nft', [${JSON.stringify(table)}]);`;
    const device = await trickster(slower);
    const run = await ended(await start(['http-page']));
    expect(run).toMatchObject({ state: 'slowed', reason: expect.stringMatching(/ms before, and/) });
    const { packets } = await sentDuring(async () => {
      expect(await start()).toMatchObject({ state: 'refused', reason: expect.stringContaining('left alone') });
    });
    expect(packets.filter(({ isSyn, data }) => isSyn || data.length > 0)).toEqual([]);
    const { marks } = await program.call<{ marks: { ip: string }[] }>('GET', '/probing');
    expect(marks.map(({ ip }) => ip)).toEqual([cable.deviceIp]);
    await program.call('DELETE', `/probing/marks/${cable.deviceIp}`);
    await device.end();
  }, 120_000);
});

/** @returns a time zone in which it is about that hour now */
function zoneWhereItIs(hour: number): string {
  // POSIX counts hours west of Greenwich, up to 24 of them.
  const west = (new Date().getUTCHours() - hour + 24) % 24;
  return `XXX${west}`;
}
