import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CaptureReader, createSensor, type SensorBatch } from '@sphinx/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DELIBERATE_FAULTS, HOSPITAL, HOSPITAL_HOSTS, type HospitalHost, MAKER_CLOUD_ADDRESS } from './hospital.ts';
import { ipBytes } from './packets/packet-builder.ts';
import { SAMPLE_DURATION_MS, writeSampleCapture } from './write-sample-capture.ts';

const NOW = Date.UTC(2026, 10, 24, 9, 30);
const ETHERTYPE_ARP = 0x0806;
const run = promisify(execFile);
const hasTshark = await run('tshark', ['--version']).then(
  () => true,
  () => false,
);
let folder = '';
let path = '';
let batch: SensorBatch;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-sample-'));
  path = join(folder, 'sample.pcap');
  await writeSampleCapture(path, NOW);
  batch = sense(await readFile(path));
});

afterAll(() => rm(folder, { recursive: true }));

function sense(bytes: Uint8Array): SensorBatch {
  const sensor = createSensor({ source: 'sample', isSample: true });
  const reader = new CaptureReader(sensor);
  reader.push(bytes);
  reader.end();
  sensor.finish();
  return sensor.takeBatch();
}

/** Before a device has an address, only its link address tells that it is the same. */
function valuesOf({ ip, mac }: HospitalHost, attribute: string): readonly string[] {
  return batch.hosts
    .filter(({ host }) => host.ip === ip || host.mac === mac)
    .flatMap(({ evidence }) => evidence)
    .filter((item) => item.attribute === attribute)
    .map(({ value }) => value);
}

describe('the sample hospital', () => {
  it('is small, and lasts the ten minutes before now', async () => {
    expect((await stat(path)).size).toBeLessThan(10_000_000);
    const { firstPacketMicros, lastPacketMicros, packets } = batch.statistics;
    expect(packets).toBeGreaterThan(1000);
    expect(lastPacketMicros / 1000).toBeLessThanOrEqual(NOW);
    expect(firstPacketMicros / 1000).toBeGreaterThanOrEqual(NOW - SAMPLE_DURATION_MS);
    expect(lastPacketMicros - firstPacketMicros).toBeGreaterThan(SAMPLE_DURATION_MS * 1000 * 0.9);
  });

  it('has no packet that the sensor cannot read and no hole in any stream', () => {
    expect(batch.statistics).toMatchObject({ malformedPackets: 0, unsupportedPackets: 0, reassemblyGaps: 0 });
  });

  it.each(HOSPITAL_HOSTS.map((host) => [host.title, host] as const))('shows what tells the %s', (_title, host) => {
    const observed = batch.hosts.filter((item) => item.host.ip === host.ip);
    expect(observed.map((item) => item.host.mac)).toContain(host.mac);
    for (const [attribute, value] of host.shows) expect(valuesOf(host, attribute), attribute).toContain(value);
  });

  it('has a pump with Telnet, a printer with a default community and an analyser with an expired certificate', () => {
    expect(DELIBERATE_FAULTS).toHaveLength(5);
    expect(valuesOf(HOSPITAL.pump, 'telnet.server')).toEqual(['true']);
    expect(valuesOf(HOSPITAL.printer, 'snmp.community')).toEqual(['public']);
    const [ends = ''] = valuesOf(HOSPITAL.analyser, 'tls.certificate.not-after');
    expect(Date.parse(ends)).toBeLessThan(NOW);
    const [endsLater = ''] = valuesOf(HOSPITAL.his, 'tls.certificate.not-after');
    expect(Date.parse(endsLater)).toBeGreaterThan(NOW);
  });

  it('has an ultrasound that talks to the internet', () => {
    const external = batch.conversations.filter(({ server }) => server.ip === MAKER_CLOUD_ADDRESS);
    expect(external.map(({ client }) => client.ip)).toEqual([HOSPITAL.ultrasound.ip]);
  });

  it('has two devices that claim one address', async () => {
    const macs = new Set<string>();
    const reader = new CaptureReader({
      packet: (bytes, offset) => {
        const frame = Buffer.from(bytes.buffer, bytes.byteOffset + offset, 42);
        if (frame.readUInt16BE(12) !== ETHERTYPE_ARP || !frame.subarray(28, 32).equals(ipBytes(HOSPITAL.building.ip))) {
          return;
        }
        macs.add(frame.toString('hex', 22, 28));
      },
    });
    reader.push(await readFile(path));
    reader.end();
    const claimants = [HOSPITAL.building.mac, HOSPITAL.camera.mac].map((mac) => mac.replaceAll(':', ''));
    expect(macs).toEqual(new Set(claimants));
  });

  it('names nobody', async () => {
    const text = (await readFile(path)).toString('latin1');
    const people = [...text.matchAll(/PID\|[^\r]*/g)].map(([segment]) => segment);
    expect(people.length).toBeGreaterThan(10);
    expect(new Set(people)).toEqual(new Set(['PID|1||SAMPLE-NOBODY||NOBODY^SAMPLE']));
  });

  it.skipIf(!hasTshark)(
    'is read by tshark without a malformed packet or a wrong checksum',
    { timeout: 60_000 },
    async () => {
      const options = [
        '-o',
        'ip.check_checksum:TRUE',
        '-o',
        'tcp.check_checksum:TRUE',
        '-o',
        'udp.check_checksum:TRUE',
      ];
      const filter = '_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0';
      const { stdout } = await run('tshark', ['-r', path, ...options, '-Y', filter]);
      expect(stdout).toBe('');
    },
  );
});
