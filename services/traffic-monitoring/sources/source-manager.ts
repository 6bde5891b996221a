import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { type FoundBy, type ServiceContext, SphinxError } from '@sphinx/platform';
import { createFact, type TelemetryRow } from '@sphinx/schema';
import type { SensorBatch } from '@sphinx/wire';
import type { PacketKeeper } from '../buffer/kept-packets.ts';
import type { FileDesk } from '../files/file-desk.ts';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import { BatchPublisher, type PublishedBatch } from '../sensor/batch-publisher.ts';
import type { InspectionTask, SensorProgress } from '../sensor/sensor-messages.ts';
import { type SensorThread, startSensorThread } from '../sensor/sensor-thread.ts';
import { workerCount } from '../sensor/shards/worker-count.ts';
import type { SourceStore } from '../store.ts';
import { describeNewSource, identifyFile } from './describe-source.ts';
import { watchFolder } from './folder-watch.ts';
import { createSource, isLive, type NewSource, type Source } from './source.ts';
import { openSourceInput, type SourceInput } from './source-input.ts';
import { credentialsOf, SourceSecrets } from './source-secrets.ts';

const PACKETS_PER_BATCH = 50_000;
const BYTES_PER_MEGABYTE = 1_000_000;
const LIVE_BATCH_INTERVAL_MS = 1000;
/** Progress of a fast file is shown this often at most. */
const NOTIFY_INTERVAL_MS = 250;

/** What a remote sensor brings: of files the records only. */
export interface RemotePublishedBatch extends PublishedBatch {
  readonly files: readonly TelemetryRow<'file_activity'>[];
}

interface RunningSource {
  readonly stop: () => void;
  /** Looks at packets with what is offered now. */
  readonly inspect?: () => void;
  readonly ended: Promise<void>;
}

/** Knows the traffic sources, runs them, and passes on what their sensors saw. */
export class SourceManager {
  readonly publisher: BatchPublisher;
  readonly #context: ServiceContext<TrafficMonitoringSettings>;
  readonly #store: SourceStore;
  readonly #keeper: PacketKeeper;
  readonly #secrets: SourceSecrets;
  readonly #files: FileDesk;
  /** Files of live sources that are still scanned. */
  readonly #scanning = new Set<Promise<void>>();
  readonly #sources = new Map<string, Source>();
  readonly #running = new Map<string, RunningSource>();
  readonly #afterRun = new Map<string, () => Promise<void>>();
  #notifiedAt = 0;
  #isClosing = false;
  #endInspection: () => void = () => undefined;

  constructor(
    context: ServiceContext<TrafficMonitoringSettings>,
    store: SourceStore,
    keeper: PacketKeeper,
    files: FileDesk,
  ) {
    this.#keeper = keeper;
    this.#files = files;
    this.#context = context;
    this.#store = store;
    this.publisher = new BatchPublisher(context);
    this.#secrets = new SourceSecrets(context.secrets);
  }

  /** Loads what was there before and goes on with live sources and watched folders. */
  async open(): Promise<void> {
    this.#endInspection = this.#context.inspection.onChange(() => {
      for (const { inspect } of this.#running.values()) inspect?.();
    });
    for (const source of await this.#store.list()) {
      const wasRunning = source.state === 'running';
      const state = wasRunning ? 'stopped' : source.state;
      this.#sources.set(source.id, { ...source, state });
      if (source.kind === 'sensor') continue;
      if (wasRunning && isLive(source.kind)) await this.#resume(source.id);
      else if (wasRunning) await this.#update(source.id, { message: await interruptedMessage(source) });
    }
    const { watchedFolder } = this.#context.settings;
    if (watchedFolder !== '') {
      const source = await this.add({ kind: 'folder', path: watchedFolder, title: 'Watched folder' });
      if (source.state !== 'running') await this.start(source.id);
    }
  }

  list(): readonly Source[] {
    return [...this.#sources.values()];
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  get(id: string): Source {
    const source = this.#sources.get(id);
    if (source === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no traffic source ${id}.`);
    return source;
  }

  /** Adds a source without starting it; a source that is there already is given back. */
  async add(request: NewSource): Promise<Source> {
    const source = await describeNewSource(request);
    const credentials = credentialsOf(request);
    if (credentials !== undefined) await this.#secrets.put(source.id, credentials);
    return this.#sources.get(source.id) ?? this.#put(source);
  }

  /**
   * Adds and starts a capture file.
   *
   * @param afterRun called once when reading ended, for example to delete an upload
   */
  async readFile(options: {
    path: string;
    title: string;
    isSample: boolean;
    afterRun?: () => Promise<void>;
  }): Promise<Source> {
    const identity = await identifyFile(options.path);
    const { path, title, isSample } = options;
    const created = createSource({ kind: isSample ? 'sample' : 'file', title, path, isSample, identity });
    if (options.afterRun !== undefined) this.#afterRun.set(created.id, options.afterRun);
    await this.#put(this.#running.has(created.id) ? this.get(created.id) : created);
    return this.start(created.id);
  }

  async start(id: string): Promise<Source> {
    const source = this.get(id);
    if (this.#running.has(id)) return source;
    const startedAt = this.#context.clock.now();
    const fraction = source.fraction === null ? null : 0;
    const started = {
      state: 'running',
      startedAt,
      endedAt: null,
      fraction,
      message: '',
      packets: 0,
      bytes: 0,
      lost: 0,
      unreadable: 0,
    } as const;
    if (source.kind === 'folder') this.#watch(source);
    else {
      const input = await openSourceInput(source, this.#secrets, this.#context.scratchFolder);
      this.#read(source, input, await this.#workersOf(source));
    }
    return this.#update(id, started);
  }

  /** Goes on with a source after a restart; one that cannot start does not keep the others from it. */
  async #resume(id: string): Promise<void> {
    try {
      await this.start(id);
    } catch (error) {
      await this.#update(id, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Resolves when the source has ended and everything it saw is published. */
  async stop(id: string): Promise<Source> {
    this.get(id);
    const running = this.#running.get(id);
    running?.stop();
    await running?.ended;
    return this.get(id);
  }

  /** Resolves when the source has ended by itself. */
  async finished(id: string): Promise<Source> {
    await this.#running.get(id)?.ended;
    return this.get(id);
  }

  /** Stops the source and takes back everything that only it has shown. */
  async remove(id: string): Promise<void> {
    const source = await this.stop(id);
    const { telemetry, bus, clock } = this.#context;
    await telemetry.flush();
    await telemetry.remove('network_activity', { equals: { source_id: id } });
    await telemetry.remove('protocol_activity', { equals: { source_id: id } });
    await telemetry.remove('file_activity', { equals: { source_id: id } });
    await this.#files.removeSource(id);
    const data = { source: id, sample: source.isSample };
    await bus.publish([
      createFact('source.removed', { key: `source:${id}`, time: clock.now(), source: 'traffic-monitoring', data }),
    ]);
    this.#sources.delete(id);
    this.publisher.forget(id);
    await this.#store.remove(id);
    await this.#secrets.remove(id);
    await this.#keeper.forget(id);
    this.#context.notify('sources', { id });
  }

  /** Ends reading. What was running is remembered as running, so that `open` goes on with it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#endInspection();
    const running = [...this.#running.values()];
    for (const source of running) source.stop();
    await Promise.all(running.map(({ ended }) => ended));
    await Promise.all(this.#scanning);
  }

  /** Between how many threads the packets of the source are split. */
  async #workersOf({ kind, path }: Source): Promise<number> {
    // Some rules leave something for other flows: one thread has to see all of them.
    if (this.#context.inspection.current().some(({ isDivisible }) => !isDivisible)) return 1;
    const file = isLive(kind) || path === undefined ? undefined : await stat(path);
    const { workersPerSource: wanted } = this.#context.settings;
    return workerCount({ wanted, cores: availableParallelism(), fileBytes: file?.size });
  }

  #read(source: Source, input: SourceInput, workers: number): void {
    const { settings } = this.#context;
    const thread: SensorThread = startSensorThread(
      {
        source: source.id,
        isSample: source.isSample,
        input: input.input,
        maximumFlows: settings.maximumFlows,
        maximumReassemblyBytes: settings.reassemblyMegabytes * BYTES_PER_MEGABYTE,
        maximumFragmentBytes: settings.fragmentMegabytes * BYTES_PER_MEGABYTE,
        workers,
        packetsPerBatch: PACKETS_PER_BATCH,
        batchIntervalMs: isLive(source.kind) ? LIVE_BATCH_INTERVAL_MS : undefined,
        inspections: this.#inspectionTasks(),
        buffer: isLive(source.kind) ? this.#keeper.taskOf(source.id) : undefined,
        ...(this.#files.options === undefined ? {} : { files: this.#files.options }),
      },
      async (batch, progress, findings) => {
        await this.publisher.take(source, batch);
        this.#show(source, batch, progress);
        await this.#handOn(findings, source);
        await this.#takeFiles(source, batch);
      },
    );
    let wasStopped = false;
    const stop = () => {
      wasStopped = true;
      thread.stop();
    };
    const ended = this.#follow(source, input, thread, () => wasStopped);
    const inspect = () => thread.inspect(this.#inspectionTasks());
    this.#running.set(source.id, { stop, ended, inspect });
  }

  /** A capture waits until its files are scanned; live traffic goes on meanwhile. */
  async #takeFiles(source: Source, { files }: SensorBatch): Promise<void> {
    if (files.length === 0) return;
    if (!isLive(source.kind)) return this.#files.take(source, files, true);
    const scanning = this.#files.take(source, files, false).catch((error) => this.#context.fail(error));
    this.#scanning.add(scanning);
    void scanning.finally(() => this.#scanning.delete(scanning));
  }

  #inspectionTasks(): readonly InspectionTask[] {
    return this.#context.inspection.current().map(({ by, version, module, data }) => ({ by, version, module, data }));
  }

  /** What was found goes to the service that offers inspection now: a finding of an offer that was withdrawn is nobody's. */
  async #handOn(found: readonly FoundBy[], { id, isSample }: Source): Promise<void> {
    const offers = this.#context.inspection.current();
    for (const { by, findings } of found) {
      await offers.find((offer) => offer.by === by)?.take(findings, { source: id, isSample });
    }
  }

  async #follow(source: Source, input: SourceInput, thread: SensorThread, wasStopped: () => boolean): Promise<void> {
    let outcome: Partial<Source>;
    try {
      const warnings = await thread.ended;
      outcome = { state: wasStopped() ? 'stopped' : 'finished', message: warnings.join(' ') };
      if (!wasStopped() && source.fraction !== null) outcome.fraction = 1;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      outcome = { state: 'failed', message: input.explain(message) };
    }
    try {
      await this.publisher.end(source);
      await this.#context.telemetry.flush();
      await this.#afterRun.get(source.id)?.();
      await input.close();
    } catch (error) {
      this.#context.fail(error);
    }
    this.#afterRun.delete(source.id);
    this.#running.delete(source.id);
    if (this.#isClosing) return;
    await this.#update(source.id, { ...outcome, endedAt: this.#context.clock.now() });
  }

  /** The source under which the centre keeps what a remote sensor says of one of its own. */
  async openRemote(sensor: { id: string; name: string }, remote: { key: string; title: string }): Promise<Source> {
    const created = createSource({
      kind: 'sensor',
      title: `${remote.title} of ${sensor.name}`,
      host: sensor.name,
      isSample: false,
      identity: `${sensor.id} ${remote.key}`,
    });
    const known = this.#sources.get(created.id) ?? (await this.#put(created));
    if (known.state === 'running') return known;
    return this.#update(known.id, { state: 'running', startedAt: this.#context.clock.now(), endedAt: null });
  }

  /** Takes in what a remote sensor saw. Resolves when its facts are durable. @param end the source has ended there */
  async receive(
    source: Source,
    batch: RemotePublishedBatch,
    progress: SensorProgress,
    end: { readonly state: Source['state']; readonly message: string } | undefined,
  ): Promise<void> {
    await this.publisher.publish(source, batch);
    this.#show(source, batch, progress);
    this.#files.takeRows(batch.files);
    if (end === undefined) return;
    await this.publisher.end(source);
    await this.#update(source.id, { ...end, endedAt: this.#context.clock.now() });
  }

  /** How far the source is, for whoever looks. */
  #show({ id }: Source, { statistics: { packets, bytes } }: Pick<SensorBatch, 'statistics'>, progress: SensorProgress) {
    const { fraction, losses, note } = progress;
    this.#sources.set(id, { ...this.get(id), packets, bytes, fraction, ...losses, message: note });
    const now = this.#context.clock.now();
    if (now - this.#notifiedAt < NOTIFY_INTERVAL_MS) return;
    this.#notifiedAt = now;
    this.#context.notify('sources', { id });
    this.#context.notify('traffic');
  }

  #watch(source: Source): void {
    const folder = source.path ?? '';
    const abort = new AbortController();
    const ended = watchFolder(folder, abort.signal, async (path) => {
      const file = await this.readFile({ path, title: basename(path), isSample: false });
      await this.finished(file.id);
    }).then(
      () => ({ state: 'stopped' }) as const,
      (error: Error) => ({ state: 'failed', message: error.message }) as const,
    );
    const finished = ended.then(async (outcome) => {
      this.#running.delete(source.id);
      if (!this.#isClosing) await this.#update(source.id, { ...outcome, endedAt: this.#context.clock.now() });
    });
    this.#running.set(source.id, { stop: () => abort.abort(), ended: finished });
  }

  async #put(source: Source): Promise<Source> {
    this.#sources.set(source.id, source);
    this.publisher.forget(source.id);
    await this.#store.save(source);
    this.#context.notify('sources', { id: source.id });
    return source;
  }

  async #update(id: string, change: Partial<Source>): Promise<Source> {
    const source = { ...this.get(id), ...change };
    this.#sources.set(id, source);
    await this.#store.save(source);
    this.#context.notify('sources', { id });
    this.#context.notify('traffic');
    return source;
  }
}

async function interruptedMessage({ path }: Source): Promise<string> {
  const isThere = await stat(path ?? '').then(
    () => true,
    () => false,
  );
  return isThere
    ? 'Interrupted. Start it again to read it whole.'
    : 'Interrupted, and the file is gone: uploads are not kept. Send it again to have it read whole.';
}
