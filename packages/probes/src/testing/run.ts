import type { ExchangeRecord } from '../connection/exchange-record.ts';
import type { ProbeNetwork } from '../connection/network.ts';
import type { Probe } from '../probe.ts';
import { type ProbeResult, type ProbeRun, runProbe } from '../run-probe.ts';

/** @returns the result of a probe against an invented server, with everything that was put on record */
export async function runAgainst(
  probe: Probe,
  network: ProbeNetwork,
  options: Partial<ProbeRun> = {},
): Promise<ProbeResult & { records: readonly ExchangeRecord[]; values(attribute: string): readonly string[] }> {
  const records: ExchangeRecord[] = [];
  const result = await runProbe({
    probe,
    ip: '192.0.2.7',
    port: probe.ports[0] ?? 9,
    source: 'test',
    network,
    signal: new AbortController().signal,
    now: Date.now,
    onRecord: (record) => records.push(record),
    ...options,
  });
  const values = (attribute: string) =>
    result.evidence.filter((item) => item.attribute === attribute).map(({ value }) => value);
  return { ...result, records, values };
}
