import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PROCESS_LIMITS } from '../services/traffic-monitoring/sensor/thread-limits.ts';

// Memory of very many flows at a time. `npm run bench -- flows [FLOWS]`, a million without a number: flows between as many
// pairs of sockets are opened and none ends, of three kinds, each in a process of its own, with and without a search for data of
// patients. Last line: figures as JSON.

const STAGE = fileURLToPath(new URL('support/flows-stage.ts', import.meta.url));
const KINDS = { syn: 'TCP, one SYN each', tcp: 'TCP, opened, a request and an answer', udp: 'UDP, one datagram each' };

interface Figures {
  readonly flows: number;
  readonly bytesPerFlow: number;
  readonly peakMegabytes: number;
  readonly seconds: number;
}

const WATCHES = { '': '', 'data-protection': ', looked at for data of patients' };

const flows = process.argv[2] ?? '1000000';
const figures: Record<string, Figures> = {};
for (const [watch, words] of Object.entries(WATCHES)) {
  for (const [kind, title] of Object.entries(KINDS)) {
    const { stdout } = spawnSync(process.execPath, ['--expose-gc', ...PROCESS_LIMITS, STAGE, kind, flows, watch], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const measured = JSON.parse(stdout) as Figures;
    figures[watch === '' ? kind : `${kind} ${watch}`] = measured;
    process.stdout.write(
      `${title}${words}: ${measured.flows.toLocaleString('en')} flows at a time, ${measured.bytesPerFlow} bytes each, ` +
        `at most ${measured.peakMegabytes} MB, ${measured.seconds.toFixed(1)} s\n`,
    );
  }
}
process.stdout.write(`${JSON.stringify({ bench: 'flows', ...figures })}\n`);
