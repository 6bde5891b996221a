import { createWriteStream, WriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { Transform, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { SphinxError } from '@sphinx/platform/errors';
import { createTemporaryFolder } from '@sphinx/platform/temporary-folder';
import type { Asset, Verdict, Verification } from '@sphinx/schema';
import type { ReportedFiles } from '@sphinx/service-device-verification';
import type { EveSettings } from '@sphinx/wire';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { Analysis, FilesSeen } from '../runtime/analyze-captures.ts';
import { type AssetSummary, assetTable } from '../terminal/asset-text.ts';
import { filesSummary, nameText, scanText } from '../terminal/file-text.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import type { Progress } from '../terminal/progress.ts';
import { printable } from '../terminal/table.ts';
import { findingTable } from '../terminal/weakness-text.ts';
import { type CommonOptions, defineCommand, pathsOf } from './command-line.ts';

interface AnalyzeOptions extends CommonOptions {
  readonly report?: string;
  readonly certificates?: string;
  readonly eve?: string;
  readonly withContent?: boolean;
  readonly asAcknowledged?: boolean;
  readonly dnsVersion: string;
  readonly eveSettings?: string;
  readonly extractFiles?: string;
  readonly communityIdSeed: string;
  readonly workers?: string;
}

/** Names standard input or output in place of a file. */
const STANDARD = '-';
/** Two bytes (Community ID specification). */
const MAXIMUM_SEED = 65_535;
const MAXIMUM_WORKERS = 64;
const WEAKNESSES_SHOWN = 10;
const ANOMALIES_SHOWN = 10;
const BYTES_PER_MEGABYTE = 1_000_000;

/** `sphinx analyze FILE…`: everything that SPHINX knows of captures, without touching its data folder. */
export function analyzeCommand(): Command {
  return defineCommand('analyze', 'find and verify every asset in capture files; nothing is kept', EXAMPLE)
    .argument(
      '<file...>',
      'pcap, pcapng, Suricata EVE, Zeek log, IPFIX or cloud flow log, also gzipped; - is standard input',
    )
    .option('--report <file>', 'write a report; the ending says which: .pdf or .html')
    .option('--certificates <folder>', 'write the certificates, with the keys to check them')
    .option('--eve <file>', 'write flows, records and alerts of captures as EVE JSON; - is standard output, alone')
    .option(
      '--with-content',
      "EVE JSON holds what the captures hold: payloads, names, addresses of mail, passwords, patients' data included",
    )
    .option(
      '--extract-files <folder>',
      'write the files that policy keeps: those that a YARA rule matches; never clinical ones',
    )
    .option('--as-acknowledged', 'EVE JSON counts TCP by the packets that acknowledge, as Suricata does')
    .option('--dns-version <number>', 'form of DNS in EVE JSON: 3, or 2 as before version 8 of Suricata', '3')
    .option(
      '--eve-settings <file>',
      'suricata.yaml whose log EVE JSON is to look like: netflow, arp, ethernet, limits of MQTT',
    )
    .option('--community-id-seed <number>', 'of the Community IDs in EVE JSON', '0')
    .option('--workers <number>', 'threads that look at packets; by itself one per core for large captures')
    .action(async (files: string[], options: AnalyzeOptions) => {
      if (options.json && options.eve === STANDARD)
        throw new SphinxError(
          'SPX_INVALID_INPUT',
          '--json and --eve - both write to standard output: give --eve a file.',
        );
      if (options.withContent === true && options.eve === undefined)
        throw new SphinxError(
          'SPX_INVALID_INPUT',
          '--with-content is about EVE JSON: say with --eve where it is written.',
        );
      const writeReport = reportWriter(options.report);
      const analysis = await analyze(files, options);
      await writeReport(analysis);
      warnOfExtracted(analysis);
      if (options.json) printJson(describe(analysis));
      else if (options.eve !== STANDARD) print(summaryText(analysis));
      // What was readable is shown, but nobody may take it for the whole.
      if (analysis.files.some(({ state }) => state === 'failed')) process.exitCode = EXIT.failure;
    });
}

const EXAMPLE = `sphinx analyze ward.pcap
sphinx analyze monday.pcapng tuesday.pcapng.gz --report week.pdf
ssh sensor tcpdump -w - -i eth1 | sphinx analyze - --json`;

async function analyze(files: readonly string[], options: AnalyzeOptions): Promise<Analysis> {
  const { createProgress } = await import('../terminal/progress.ts');
  const progress = createProgress('Analysing');
  const folder = await createTemporaryFolder();
  const communityIdSeed = parseSeed(options.communityIdSeed);
  const dnsVersion = parseDnsVersion(options.dnsVersion);
  const numbering = options.asAcknowledged === true ? 'acknowledging' : 'completing';
  const settings = options.eveSettings === undefined ? {} : { settings: await readSettings(options.eveSettings) };
  const eve = openEve(options.eve);
  try {
    const paths = await readStandardInput(files, folder.path, progress);
    // Loaded here and not for `--help`: the whole program is behind it.
    const { analyzeCaptures } = await import('../runtime/analyze-captures.ts');
    return await analyzeCaptures({
      paths: pathsOf(options),
      files: paths,
      onProgress: progress.update,
      ...(eve === undefined
        ? {}
        : {
            eve: {
              output: eve,
              communityIdSeed,
              withContent: options.withContent ?? false,
              numbering,
              dnsVersion,
              ...settings,
            },
          }),
      ...(options.extractFiles === undefined ? {} : { extractFolder: resolve(options.extractFiles) }),
      workers: parseWorkers(options.workers),
      ...(options.certificates === undefined ? {} : { certificateFolder: resolve(options.certificates) }),
    });
  } finally {
    progress.done();
    await folder.remove();
    if (eve instanceof WriteStream) await finished(eve.end());
  }
}

async function readSettings(path: string): Promise<EveSettings> {
  const { readEveSettings } = await import('@sphinx/wire');
  try {
    return readEveSettings(parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `${path} cannot be read as the configuration of Suricata: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function parseSeed(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAXIMUM_SEED) return Number(text);
  throw new SphinxError('SPX_INVALID_INPUT', `A seed is a number from 0 to ${MAXIMUM_SEED}, and not "${text}".`);
}

function parseWorkers(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,2}$/.test(text) && Number(text) <= MAXIMUM_WORKERS) return Number(text);
  throw new SphinxError('SPX_INVALID_INPUT', `Workers are a number from 0 to ${MAXIMUM_WORKERS}, and not "${text}".`);
}

function parseDnsVersion(text: string): 2 | 3 {
  if (text === '2' || text === '3') return text === '2' ? 2 : 3;
  throw new SphinxError('SPX_INVALID_INPUT', `EVE JSON tells DNS in version 2 or 3, and not in "${text}".`);
}

function openEve(file: string | undefined): Writable | undefined {
  if (file === undefined) return undefined;
  return file === STANDARD ? process.stdout : createWriteStream(file, { mode: 0o600 });
}

/** Checked before the work begins: an unknown ending must not cost an hour. */
function reportWriter(file: string | undefined): (analysis: Analysis) => Promise<void> {
  if (file === undefined) return async () => {};
  switch (extname(file).toLowerCase()) {
    case '.pdf':
      return async ({ assets, verifications, filesSeen }) => {
        const { renderAnalysisReportPdf } = await import('@sphinx/service-device-verification');
        await writeFile(file, await renderAnalysisReportPdf(assets, verifications, reportedFiles(filesSeen)));
      };
    case '.html':
      return async ({ assets, verifications, filesSeen }) => {
        const { renderAnalysisReportHtml } = await import('@sphinx/service-device-verification');
        await writeFile(file, renderAnalysisReportHtml(assets, verifications, reportedFiles(filesSeen)));
      };
    default:
      throw new SphinxError('SPX_INVALID_INPUT', `A report is a .pdf or .html file, and not "${file}".`);
  }
}

function reportedFiles({ types, matched }: FilesSeen): ReportedFiles {
  return {
    types,
    matched: matched.map((file) => ({
      rules: scanText(file),
      name: nameText(file),
      type: file.type,
      from: file.src_ip,
      to: file.dst_ip,
      protocol: file.app_name,
      sha256: file.sha256,
    })),
  };
}

/** Puts standard input into a file, since a capture is read with its size in view. @returns the files to read */
async function readStandardInput(files: readonly string[], folder: string, progress: Progress): Promise<string[]> {
  const paths: string[] = [];
  for (const file of files) {
    const path = file === STANDARD ? join(folder, 'standard-input') : resolve(file);
    if (file === STANDARD) await pipeline(process.stdin, counted(progress), createWriteStream(path, { mode: 0o600 }));
    else await requireFile(path);
    paths.push(path);
  }
  return paths;
}

function counted(progress: Progress): Transform {
  let received = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      received += chunk.length;
      progress.update(0, `taking in standard input, ${(received / BYTES_PER_MEGABYTE).toFixed(1)} MB`);
      done(null, chunk);
    },
  });
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return;
  throw new SphinxError('SPX_NOT_FOUND', `There is no file ${path}.`);
}

/** Sent to standard error, so that JSON stays JSON. */
function warnOfExtracted({ filesSeen: { extracted } }: Analysis): void {
  if (extracted.length === 0) return;
  const count = extracted.length === 1 ? '1 file is' : `${extracted.length} files are`;
  process.stderr.write(
    `Careful: ${count} on disk that may be malware. Open them only on a machine that is meant for it.\n`,
  );
}

function describe(analysis: Analysis): object {
  const { files, assets, verifications, detections, filesSeen, weaknesses, anomalies } = analysis;
  const byAsset = new Map(verifications.map((verification) => [verification.assetId, verification]));
  return {
    files,
    summary: { assets: assets.length, verdicts: countVerdicts(verifications) },
    assets: assets.map((asset) => ({ ...asset, verification: byAsset.get(asset.id) ?? null })),
    detections,
    filesSeen,
    weaknesses,
    anomalies,
  };
}

function summaryText(analysis: Analysis): string {
  const { files, assets, verifications, filesSeen } = analysis;
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
    filesSummary(filesSeen.types, filesSeen.matched),
    ...anomalyLines(analysis.anomalies),
    ...weaknessLines(analysis.weaknesses),
  ]
    .join('\n')
    .trimEnd();
}

function anomalyLines(anomalies: Analysis['anomalies']): readonly string[] {
  if (anomalies.length === 0) return [];
  const count = anomalies.length === 1 ? '1 anomaly' : `${anomalies.length} anomalies`;
  const lines = anomalies
    .slice(0, ANOMALIES_SHOWN)
    .map(({ title, actor, seen }) => `  ${printable(`${actor}: ${title} (${seen})`)}`);
  return ['', `${count}:`, ...lines];
}

/** The worst in short: the whole is in the JSON. */
function weaknessLines(weaknesses: Analysis['weaknesses']): readonly string[] {
  if (weaknesses.length === 0) return [];
  const devices = new Set(weaknesses.map(({ assetId }) => assetId)).size;
  const shown = weaknesses.slice(0, WEAKNESSES_SHOWN);
  const more = weaknesses.length > shown.length ? ` The worst ${shown.length} of them:` : '';
  return [
    '',
    `${weaknesses.length} weaknesses or possible ones on ${devices === 1 ? 'one asset' : `${devices} assets`}.${more}`,
    findingTable(shown),
  ];
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
