import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SphinxError } from '@sphinx/platform';
import type { Asset, Verdict, Verification } from '@sphinx/schema';
import { renderAnalysisReportHtml, renderAnalysisReportPdf } from '@sphinx/service-device-verification';
import type { Command } from 'commander';
import { type Analysis, analyzeCaptures } from '../runtime/analyze-captures.ts';
import { type AssetSummary, assetTable } from '../terminal/asset-text.ts';
import { print, printJson } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

interface AnalyzeOptions extends CommonOptions {
  readonly report?: string;
  readonly certificates?: string;
}

/** `sphinx analyze FILE…`: everything that SPHINX knows of captures, without touching its data folder. */
export function analyzeCommand(): Command {
  return defineCommand('analyze', 'find and verify every asset in capture files; nothing is kept', EXAMPLE)
    .argument('<file...>', 'pcap or pcapng, also gzipped; - reads standard input')
    .option('--report <file>', 'write a report; the ending says which: .pdf or .html')
    .option('--certificates <folder>', 'write the certificates, with the keys to check them')
    .action(async (files: string[], options: AnalyzeOptions) => {
      const writeReport = reportWriter(options.report);
      await withStandardInput(files, async (paths) => {
        const progress = createProgress('Analysing');
        const analysis = await analyzeCaptures({
          paths: pathsOf(options),
          files: paths,
          onProgress: (fraction, message) => progress.update(fraction, message),
          ...(options.certificates === undefined ? {} : { certificateFolder: resolve(options.certificates) }),
        }).finally(() => progress.done());
        await writeReport(analysis);
        if (options.json) printJson(describe(analysis));
        else print(summaryText(analysis));
      });
    });
}

const EXAMPLE = `sphinx analyze ward.pcap
sphinx analyze monday.pcapng tuesday.pcapng.gz --report week.pdf
ssh sensor tcpdump -w - -i eth1 | sphinx analyze - --json`;

/** Checked before the work begins: an unknown ending must not cost an hour. */
function reportWriter(file: string | undefined): (analysis: Analysis) => Promise<void> {
  if (file === undefined) return async () => {};
  switch (extname(file).toLowerCase()) {
    case '.pdf':
      return async ({ assets, verifications }) => {
        await writeFile(file, await renderAnalysisReportPdf(assets, verifications));
      };
    case '.html':
      return ({ assets, verifications }) => writeFile(file, renderAnalysisReportHtml(assets, verifications));
    default:
      throw new SphinxError('SPX_INVALID_INPUT', `A report is a .pdf or .html file, and not "${file}".`);
  }
}

/** Puts standard input into a file, since a capture is read with its size in view. */
async function withStandardInput(files: readonly string[], work: (paths: string[]) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-input-'));
  try {
    const paths: string[] = [];
    for (const file of files) {
      const path = file === '-' ? join(folder, 'standard-input') : resolve(file);
      if (file === '-') await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
      else await requireFile(path);
      paths.push(path);
    }
    await work(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return;
  throw new SphinxError('SPX_NOT_FOUND', `There is no file ${path}.`);
}

function describe({ files, assets, verifications }: Analysis): object {
  const byAsset = new Map(verifications.map((verification) => [verification.assetId, verification]));
  return {
    files,
    summary: { assets: assets.length, verdicts: countVerdicts(verifications) },
    assets: assets.map((asset) => ({ ...asset, verification: byAsset.get(asset.id) ?? null })),
  };
}

function summaryText(analysis: Analysis): string {
  const { files, assets, verifications } = analysis;
  const packets = files.reduce((sum, file) => sum + file.packets, 0);
  const failures = files.filter(({ state }) => state === 'failed').map(({ path, message }) => `${path}: ${message}`);
  const verdicts = new Map(verifications.map(({ assetId, verdict }) => [assetId, verdict]));
  const counts = Object.entries(countVerdicts(verifications)).filter(([, count]) => count > 0);
  return [
    ...failures,
    assets.length === 0
      ? `No asset found in ${packets.toLocaleString('en')} packets.`
      : assetTable(assets.map(summaryOf), verdicts),
    '',
    `${assets.length} assets in ${packets.toLocaleString('en')} packets: ${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ') || 'none judged'}.`,
  ].join('\n');
}

function countVerdicts(verifications: readonly Verification[]): Record<Verdict, number> {
  const counts = { trusted: 0, conditional: 0, rejected: 0, 'insufficient-evidence': 0 };
  for (const { verdict } of verifications) counts[verdict]++;
  return counts;
}

function summaryOf(asset: Asset): AssetSummary {
  const { id, name, ips, macs, hostnames, isSample, facts } = asset;
  const kind = facts.kind?.value ?? null;
  return {
    id,
    name,
    kind,
    kindTitle: kind,
    manufacturer: facts.manufacturer?.value ?? null,
    model: facts.model?.value ?? null,
    ips,
    macs,
    hostnames,
    zone: facts.zone?.value ?? null,
    isSample,
  };
}
