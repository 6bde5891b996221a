import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger, type InspectionOffer, loadFileTypes, SphinxError, systemClock } from '@sphinx/platform';
import type { Asset, CertificateRecord, Detection, Verification, Weakness } from '@sphinx/schema';
import type { Anomaly } from '@sphinx/service-anomaly-detection';
import type { EveSettings } from '@sphinx/wire';
import { readAllPages } from '../client/all-pages.ts';
import { type ApiClient, createInProcessClient } from '../client/api-client.ts';
import type { FileTypeCount, SeenFile } from '../terminal/file-text.ts';
import { openTransientEngines } from './engines.ts';
import type { Paths } from './paths.ts';
import { openProgram, type Program } from './program.ts';
import { loadConfiguration } from './settings.ts';
import { writeEve } from './write-eve.ts';

/** A weakness with the asset that has it. */
export type WeaknessOfAsset = Weakness & { readonly assetId: string; readonly assetName: string };

/** What captures showed. */
export interface Analysis {
  readonly files: readonly AnalyzedFile[];
  readonly assets: readonly Asset[];
  readonly verifications: readonly Verification[];
  /** What rules have found, the newest first. */
  readonly detections: readonly Detection[];
  /** Weaknesses of the assets by the advisories that SPHINX comes with, those that matter most first. */
  readonly weaknesses: readonly WeaknessOfAsset[];
  readonly filesSeen: FilesSeen;
  /** What needs no long baseline to be unusual: scans, tunnels, floods; the latest change first. */
  readonly anomalies: readonly Anomaly[];
}

/** Files that crossed the network. */
export interface FilesSeen {
  /** How many of which type, the most first. */
  readonly types: readonly FileTypeCount[];
  /** Those that a YARA rule matched, the newest first. */
  readonly matched: readonly SeenFile[];
  /** Content that policy keeps and that was written to disk. */
  readonly extracted: readonly { readonly path: string; readonly sha256: string }[];
}

export interface AnalyzedFile {
  readonly path: string;
  readonly state: string;
  readonly packets: number;
  readonly bytes: number;
  readonly message: string;
}

interface Source extends Omit<AnalyzedFile, 'path'> {
  readonly id: string;
  readonly fraction: number | null;
}

const POLL_INTERVAL_MS = 50;
/** Reading takes most of the time; identifying and judging share the rest of the progress bar. */
const READING_SHARE = 0.8;

/**
 * Runs the same services as the running program over capture files, in engines that forget everything.
 *
 * @param options.eve gets what the captures show as EVE JSON, one event a line
 * @param options.certificateFolder where certificates and the keys to check them are written
 * @param options.extractFolder where the content of files is written that policy keeps
 * @param options.workers threads between which packets of a capture are split; absent: as the settings say
 * @param options.onProgress fraction 0 to 1 and what is being done
 */
export async function analyzeCaptures(options: {
  paths: Paths;
  files: readonly string[];
  onProgress: (fraction: number, message: string) => void;
  eve?: {
    readonly output: Writable;
    readonly communityIdSeed: number;
    readonly withContent: boolean;
    readonly numbering: 'completing' | 'acknowledging';
    readonly dnsVersion: 2 | 3;
    readonly settings?: EveSettings;
  };
  certificateFolder?: string;
  extractFolder?: string;
  workers?: number | undefined;
}): Promise<Analysis> {
  const { paths, files, onProgress, eve, certificateFolder, extractFolder, workers } = options;
  const logger = createLogger({ level: 'error' });
  const environment = {
    ...process.env,
    ...(workers === undefined ? {} : { SPHINX_SERVICES_TRAFFIC_MONITORING_WORKERS_PER_SOURCE: String(workers) }),
    ...(certificateFolder === undefined ? {} : { SPHINX_SERVICES_DEVICE_VERIFICATION_TRUST_FOLDER: certificateFolder }),
  };
  onProgress(0, 'starting');
  const configuration = await loadConfiguration(paths, environment);
  const engines = await openTransientEngines({ configuration, clock: systemClock, logger });
  const program = await openProgram({ paths, engines, configuration, logger, dataFolder: null });
  const token = program.access.issueLocalSecret('analysis');
  const client = createInProcessClient(
    (request) => program.api.fetch(request),
    token,
    () => program.close(),
  );
  try {
    const analyzed: AnalyzedFile[] = [];
    for (const [index, path] of files.entries()) {
      const report = (fraction: number) =>
        onProgress(((index + fraction) / files.length) * READING_SHARE, `reading ${path}`);
      analyzed.push(await readCapture(client, path, report));
    }
    if (eve !== undefined) {
      const onFile = (path: string) => onProgress(READING_SHARE, `writing the events of ${path}`);
      const fileTypes = await loadFileTypes(paths.knowledgeFolder);
      await writeEve({ files, fileTypes, inspection: rulesOf(program), ...eve, onFile });
    }
    onProgress(READING_SHARE, 'identifying and judging');
    await program.engines.bus.drained();
    const summaries = await readAllPages<{ id: string }>(client, '/assets?sort=name');
    const assets: Asset[] = [];
    for (const { id } of summaries) assets.push(await client.send<Asset>('GET', `/assets/${id}`));
    onProgress(0.95, 'collecting verdicts');
    const running = await runningServices(client);
    const readIfOn = async <Item>(service: string, read: () => Promise<Item[]>) =>
      running.has(service) ? await read() : [];
    const verifications = await readIfOn('device-verification', () => readVerifications(client));
    if (certificateFolder !== undefined) await writeCertificates(client, certificateFolder);
    const detections = await readIfOn('intrusion-detection', () => readAllPages<Detection>(client, '/detections'));
    const filesSeen = await readFilesSeen(client, extractFolder);
    const weaknesses = await readIfOn('vulnerability-assessment', () =>
      readAllPages<WeaknessOfAsset>(client, '/findings?status=all'),
    );
    const anomalies = await readIfOn('anomaly-detection', () => readAllPages<Anomaly>(client, '/anomalies?'));
    return { files: analyzed, assets, verifications, detections, filesSeen, weaknesses, anomalies };
  } finally {
    await client.close();
  }
}

/** What looks at packets with rules: the other services that look tell no alerts. */
function rulesOf({ inspection }: Program): InspectionOffer | undefined {
  return inspection.current().find(({ by }) => by === 'intrusion-detection');
}

async function readCapture(
  client: ApiClient,
  path: string,
  onProgress: (fraction: number) => void,
): Promise<AnalyzedFile> {
  let source = await client.send<Source>('POST', '/sources', { kind: 'file', path });
  while (source.state === 'running') {
    await delay(POLL_INTERVAL_MS);
    const { items } = await client.send<{ items: Source[] }>('GET', '/sources');
    source = items.find(({ id }) => id === source.id) ?? source;
    onProgress(source.fraction ?? 0);
  }
  const { state, packets, bytes, message } = source;
  if (state === 'failed' && packets === 0) throw new SphinxError('SPX_INVALID_INPUT', `${path}: ${message}`);
  return { path, state, packets, bytes, message };
}

/** @returns ids of the services that are on: what another would have found is left out */
async function runningServices(client: ApiClient): Promise<ReadonlySet<string>> {
  const { items } = await client.send<{ items: { id: string; isEnabled: boolean }[] }>('GET', '/services');
  return new Set(items.flatMap(({ id, isEnabled }) => (isEnabled ? [id] : [])));
}

async function readVerifications(client: ApiClient): Promise<Verification[]> {
  const items = await readAllPages<{ id: string }>(client, '/verifications?');
  const verifications: Verification[] = [];
  for (const { id } of items) verifications.push(await client.send<Verification>('GET', `/verifications/${id}`));
  return verifications;
}

async function readFilesSeen(client: ApiClient, folder: string | undefined): Promise<FilesSeen> {
  const { types } = await client.send<{ types: FileTypeCount[] }>('GET', '/files/summary');
  const matched = await readAllPages<SeenFile>(client, '/files?verdict=matched');
  const kept = folder === undefined ? [] : await readAllPages<SeenFile>(client, '/files?isKept=true');
  return { types, matched, extracted: folder === undefined ? [] : await extract(client, kept, folder) };
}

/** One file for each content, readable for this account only, under a name that nothing starts by itself. */
async function extract(client: ApiClient, kept: readonly SeenFile[], folder: string): Promise<FilesSeen['extracted']> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const extracted = new Map<string, { path: string; sha256: string }>();
  for (const { file_id: id, sha256 } of kept) {
    if (extracted.has(sha256)) continue;
    const path = join(folder, `${sha256}.bin`);
    await writeFile(path, await client.download(`/files/${id}/content`), { mode: 0o600 });
    extracted.set(sha256, { path, sha256 });
  }
  return [...extracted.values()];
}

async function writeCertificates(client: ApiClient, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { id, envelope, status } of await readAllPages<CertificateRecord>(client, '/certificates?')) {
    if (status !== 'valid') continue;
    await writeFile(join(folder, `${id}.dsse.json`), `${JSON.stringify(envelope, null, 2)}\n`);
  }
}
