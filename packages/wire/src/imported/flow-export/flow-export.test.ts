import { beforeAll, describe, expect, it } from 'vitest';
import { sharedData } from '../../../../../tests/shared-data.ts';
import type { FlowRecord, SensorBatch } from '../../sensor.ts';
import { sense } from '../../testing/capture.ts';
import { EXPORTERS, exportWithPmacctd, exportWithSoftflowd } from '../../testing/exporters.ts';
import { promisesOfImport } from '../../testing/import-fuzz.ts';
import { readRecordedMessages } from '../../testing/recorded-messages.ts';
import { ExportCollector } from '../export-collector.ts';
import { ImportingSensor } from '../importing-sensor.ts';

const NOW_MICROS = Date.UTC(2026, 4, 1) * 1000;
const HOSPITAL = sharedData('pcaps/hospital-lab.pcap') ?? '';
const RECORDED = ['netflowv9', 'sflow', 'netflow-fritz'].flatMap((name) => sharedData(`ndpi/pcap/${name}.pcap`) ?? []);

function collect(datagrams: readonly Uint8Array[]): ImportingSensor {
  const importer = new ImportingSensor({ source: 'test', isSample: false });
  const collector = new ExportCollector(importer);
  for (const datagram of datagrams) collector.message(datagram, '192.0.2.1', NOW_MICROS);
  collector.flush();
  return importer;
}

/** Flows by their ends, so that two sensors' flows can be laid side by side. */
function byEnds({ flows }: SensorBatch): Map<string, { bytes: number; packets: number }> {
  const totals = new Map<string, { bytes: number; packets: number }>();
  for (const flow of flows) {
    const key = endsOf(flow);
    const known = totals.get(key) ?? { bytes: 0, packets: 0 };
    totals.set(key, {
      bytes: known.bytes + flow.bytesToServer + flow.bytesToClient,
      packets: known.packets + flow.packetsToServer + flow.packetsToClient,
    });
  }
  return totals;
}

function endsOf({ transport, clientIp, clientPort, serverIp, serverPort }: FlowRecord): string {
  return `${transport} ${clientIp}:${clientPort} > ${serverIp}:${serverPort}`;
}

describe.skipIf(HOSPITAL === '' || !EXPORTERS.softflowd)('what softflowd exports of the hospital laboratory', () => {
  let own: SensorBatch;
  beforeAll(() => {
    own = sense(HOSPITAL);
  });

  it.each([
    ['NetFlow version 5', 5, []],
    ['NetFlow version 9', 9, []],
    ['IPFIX', 10, []],
    ['IPFIX with link addresses', 10, ['-T', 'ether']],
    ['IPFIX with both directions in one record', 10, ['-b']],
  ] as const)('comes in as %s like the packets themselves', async (_title, version, options) => {
    const importer = collect(await exportWithSoftflowd(HOSPITAL, version, options));
    expect(importer.account).toMatchObject({ unreadable: 0, lost: 0 });
    const imported = byEnds(importer.takeBatch());
    const seen = [...byEnds(own)].filter(([ends]) => /^(tcp|udp) \d+\./.test(ends));
    expect(seen.length).toBeGreaterThan(30);
    const same = seen.filter(([ends, { packets }]) => imported.get(ends)?.packets === packets);
    // The same packets, flows and clients; softflowd ends a few flows where the sensor goes on.
    expect(same.length / seen.length).toBeGreaterThan(0.9);
  });

  it('shows who is there and says that it is only reported', async () => {
    const importer = collect(await exportWithSoftflowd(HOSPITAL, 9, ['-T', 'ether']));
    const { hosts, conversations } = importer.takeBatch();
    const addresses = new Set(hosts.map(({ host }) => host.ip));
    const talking = own.flows.filter(({ packetsToClient, transport }) => packetsToClient > 0 && transport === 'tcp');
    for (const { clientIp, serverIp } of talking)
      for (const ip of [clientIp, serverIp]) expect(addresses).toContain(ip);
    for (const { evidence } of hosts)
      expect(evidence[0]).toMatchObject({ attribute: 'flow.reported-by', value: 'NetFlow' });
    expect(conversations.every(({ protocol, isEncrypted }) => protocol === 'unknown' && !isEncrypted)).toBe(true);
  });

  it('misses nothing without saying so: a datagram that got lost is counted', async () => {
    for (const [version, missing] of [
      [5, 30],
      [9, 1],
    ] as const) {
      const [first, , ...rest] = await exportWithSoftflowd(HOSPITAL, version);
      const { lost } = collect(first === undefined ? [] : [first, ...rest]).account;
      expect(lost).toBe(missing);
    }
  });
});

describe.skipIf(HOSPITAL === '' || !EXPORTERS.pmacctd)('what a switch samples for sFlow', () => {
  it('comes in with the packets that it stands for', async () => {
    const [whole, sampled] = await Promise.all([exportWithPmacctd(HOSPITAL, 1), exportWithPmacctd(HOSPITAL, 4)]);
    const own = byEnds(sense(HOSPITAL));
    const everything = collect(whole);
    expect(everything.account).toMatchObject({ unreadable: 0, lost: 0 });
    const imported = byEnds(everything.takeBatch());
    const seen = [...own].filter(([ends]) => /^(tcp|udp) \d+\./.test(ends));
    // pmacctd sends its last samples once more when it is told to stop.
    const found = seen.filter(([ends, { packets }]) => (imported.get(ends)?.packets ?? 0) >= packets);
    expect(found.length / seen.length).toBeGreaterThan(0.95);

    const few = collect(sampled).takeBatch();
    const [total, estimate] = [imported, byEnds(few)].map((flows) =>
      [...flows.values()].reduce((sum, { packets }) => sum + packets, 0),
    );
    expect((estimate ?? 0) / (total ?? 1)).toBeGreaterThan(0.7);
    expect((estimate ?? 0) / (total ?? 1)).toBeLessThan(1.3);
    // Where an answer was not among the samples, nobody may conclude that there was none.
    const unanswered = few.conversations.filter(({ isAnswered }) => !isAnswered);
    expect(unanswered.length).toBeGreaterThan(0);
    expect(unanswered.every(({ isPartial }) => isPartial === true)).toBe(true);
  });
});

describe.skipIf(RECORDED.length === 0)('exports that others recorded', () => {
  it.each(RECORDED)('%s is read whole, but for what waits for its template', (file) => {
    const { datagrams } = readRecordedMessages(file);
    const importer = collect(datagrams.map(({ payload }) => payload));
    const { unreadable } = importer.account;
    const reasons = importer.warnings().filter((warning) => /could not be read/.test(warning));
    if (unreadable > 0) expect(reasons.join()).toMatch(/template .* has not come yet/);
    expect(importer.entries).toBeGreaterThan(0);
  });

  promisesOfImport(
    'Exports of flows',
    (bytes) => collect([bytes, bytes.subarray(bytes.length >> 1)]),
    RECORDED.flatMap((file) => readRecordedMessages(file).datagrams.map(({ payload }) => payload)).slice(0, 12),
  );
});
