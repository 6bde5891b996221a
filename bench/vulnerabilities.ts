import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Weaknesses of a large hospital: 300,000 CVE records, 20,000 devices, 400,000 software items. `npm run bench -- vulnerabilities
// [RECORDS] [DEVICES] [CVE-FEED]`; a feed file of CVE JSON 5 (lines, array, zip, gzip) stands in for generated records, and
// the devices then have its products. Last line: figures and goals as JSON.

const STAGE = fileURLToPath(new URL('./support/weaknesses-stage.ts', import.meta.url));

type Figures = Readonly<Record<string, number>>;

/** Highest figure that meets the goal. */
const GOALS: Figures = {
  fullMatchSeconds: 60,
  newAdvisoryMedianMs: 200,
  newAdvisoryWidestMs: 200,
  newAdvisoryToListWorstMs: 1000,
  newDeviceMedianMs: 50,
  rankedListMs: 1000,
  peakMegabytes: 1500,
};

async function main([count = '300000', devices = '20000', feed = '']: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-bench-weaknesses-'));
  try {
    // Three programs, as an intake, a start after it and one on another day are.
    const intake = stage('intake', folder, count, devices, feed);
    const assess = stage('assess', folder, count, devices, feed);
    const restart = stage('restart', folder, count, devices, feed);
    const all = { ...intake, ...assess, ...restart };
    const peaks = Object.entries(all).filter(([name]) => name.endsWith('PeakMegabytes'));
    const figures: Figures = { ...all, peakMegabytes: Math.max(...peaks.map(([, value]) => value)) };
    const goals = Object.entries(GOALS).map(([name, goal]) => {
      const value = figures[name] ?? Number.NaN;
      return { name, value, goal, isMet: value < goal };
    });
    for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(24)} ${value}\n`);
    for (const { name, value, goal, isMet } of goals) {
      process.stdout.write(`${isMet ? 'met    ' : 'NOT MET'} ${name} ${value}, goal under ${goal}\n`);
    }
    process.stdout.write(`${JSON.stringify({ ...figures, goals })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error when the stage fails */
function stage(...args: readonly string[]): Figures {
  const { status, stdout } = spawnSync(process.execPath, [STAGE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The stage ${args[0]} ended with status ${String(status)}.`);
  return JSON.parse(stdout) as Figures;
}

await main(process.argv.slice(2));
