import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { unpackRuleFiles } from '@sphinx/rules';
import { startSensorThread } from '../../services/traffic-monitoring/sensor/sensor-thread.ts';

// Child process of benchmarks: a capture through the threads that the program reads it with; prints figures as JSON.

const INSPECTION = new URL('../../services/intrusion-detection/sensor/inspection.ts', import.meta.url).href;
const HOME_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** @param file of Suricata rules, or an archive of them */
function inspectionWith(file: string) {
  const sets = [{ id: 'bench', files: unpackRuleFiles(basename(file), readFileSync(file)) }];
  const lists = { files: [], reputation: [] };
  const data = { homeNetworks: HOME_NETWORKS, lists, sets, tunings: [], streamReachBytes: 4096 };
  return { by: 'bench', version: 1, module: INSPECTION, data };
}

async function main([workers = '1', path = '', rules = '']: readonly string[]): Promise<void> {
  const found = { packets: 0, bytes: 0, flows: 0, records: 0, alerts: 0, lost: 0 };
  const startedAt = performance.now();
  const startedCpu = process.cpuUsage();
  let firstAt = 0;
  const thread = startSensorThread(
    {
      source: 'bench',
      isSample: false,
      input: { kind: 'file', path, name: basename(path) },
      maximumFlows: 262_144,
      packetsPerBatch: 50_000,
      batchIntervalMs: undefined,
      workers: Number(workers),
      inspections: rules === '' ? [] : [inspectionWith(rules)],
    },
    async (batch, progress, findings) => {
      if (firstAt === 0) firstAt = performance.now();
      found.packets = batch.statistics.packets;
      found.bytes = batch.statistics.bytes;
      found.flows += batch.flows.length;
      found.records += batch.records.length;
      found.lost = progress.losses.lost;
      for (const finding of findings.flatMap((each) => each.findings) as readonly { readonly kind: string }[]) {
        if (finding.kind === 'detection') found.alerts += 1;
      }
    },
  );
  await thread.ended;
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(startedCpu);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const secondsToFirstBatch = (firstAt - startedAt) / 1000;
  process.stdout.write(`${JSON.stringify({ ...found, seconds, secondsToFirstBatch, cpuSeconds, peakMegabytes })}\n`);
}

await main(process.argv.slice(2));
