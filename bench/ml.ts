import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readModel } from '../packages/learning/src/index.ts';
import { FlowFeatureReader, type InspectedFlowState } from '../packages/wire/src/index.ts';
import { FlowJudge } from '../services/intrusion-detection/models/flow-judge.ts';

// Flows that a model judges in a second, on one core. `npm run bench -- ml [FLOWS]`, 200,000 without a number: features are
// computed and judged by the model `flows`, beside a plain loop that adds up the same features. Last line: figures as JSON.

const FLAGS = [0x12, 0x13, 0x02, 0x16, 0x04];

/** Flows of many hosts that differ, made before the clock starts. */
function inventFlows(count: number): InspectedFlowState[] {
  let state = 1;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  return Array.from({ length: count }, (_, at) => {
    const firstMicros = at * 20;
    return {
      clientIp: `10.0.${draw(20)}.${draw(250)}`,
      serverIp: `10.1.0.${draw(60)}`,
      clientPort: 1024 + draw(60_000),
      serverPort: [80, 443, 104, 2575, 53, 22, 445, 1024 + draw(9000)][draw(8)] ?? 80,
      transport: draw(4) === 0 ? 'udp' : 'tcp',
      protocol: draw(3) === 0 ? 'http' : undefined,
      isEstablished: true,
      packetsToServer: 1 + draw(40),
      packetsToClient: draw(60),
      bytesToServer: 2000 + draw(90_000),
      bytesToClient: 4000 + draw(900_000),
      tcpFlagsToServer: FLAGS[draw(FLAGS.length)] ?? 0,
      tcpFlagsToClient: FLAGS[draw(FLAGS.length)] ?? 0,
      clientMac: undefined,
      serverMac: undefined,
      vlan: undefined,
      firstMicros,
      firstPacketNumber: at * 9 + 1,
      lastMicros: firstMicros + draw(5_000_000),
      lastPacketNumber: at * 9 + 9,
      notes: undefined,
    };
  });
}

function measure(flows: readonly InspectedFlowState[], take: (flow: InspectedFlowState) => number): number {
  const start = performance.now();
  let sum = 0;
  for (const flow of flows) sum += take(flow);
  const seconds = (performance.now() - start) / 1000;
  if (!Number.isFinite(sum)) throw new Error('no number');
  return Math.round(flows.length / seconds);
}

const count = Number(process.argv[2] ?? '200000');
const file = new URL('../knowledge/models/flows.json.gz', import.meta.url);
if (!existsSync(file)) {
  throw new Error('There is no knowledge/models/flows.json.gz: write it with “sphinx ml train --kind flows”.');
}
const reading = readModel(gunzipSync(readFileSync(file)).toString('utf8'));
if (!reading.isRead) throw new Error(reading.problem);
const judge = new FlowJudge(reading.model);
const flows = inventFlows(count);
const run = () => {
  const [plainReader, judgedReader] = [new FlowFeatureReader(), new FlowFeatureReader()];
  return {
    plain: measure(flows, (flow) => plainReader.read(flow).numbers.reduce((sum, value) => sum + value, 0)),
    judged: measure(flows, (flow) => judge.probabilityOf(judgedReader.read(flow))),
  };
};
run();
const { plain, judged } = run();
process.stdout.write(
  `features alone, added up: ${plain.toLocaleString('en')} flows/s\n` +
    `features, judged by the model: ${judged.toLocaleString('en')} flows/s (goal 50,000)\n` +
    `${JSON.stringify({ bench: 'ml', flows: count, plainPerSecond: plain, judgedPerSecond: judged, ratio: plain / judged })}\n`,
);
