import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDefinition } from '@sphinx/platform';
import type { SensorStatistics } from '@sphinx/wire';
import { joinCaptures, PacketKeeper } from './buffer/kept-packets.ts';
import { FileDesk } from './files/file-desk.ts';
import { manifest, type TrafficMonitoringSettings } from './manifest.ts';
import { RemoteTraffic } from './remote/remote-traffic.ts';
import { SensorGateway } from './remote/sensor-gateway.ts';
import { SensorRegistry } from './remote/sensor-registry.ts';
import { monitoringRoutes } from './routes.ts';
import { writeSampleCapture } from './sample/write-sample-capture.ts';
import { SourceManager } from './sources/source-manager.ts';
import { MIGRATIONS, SourceStore } from './store.ts';

const BYTES_PER_MEGABYTE = 1_000_000;
const MS_PER_HOUR = 3_600_000;

/** What sensors gave up to stay within memory, and threads that were started again. */
function shedFigures(statistics: readonly SensorStatistics[]): Readonly<Record<string, number>> {
  const total = (pick: (one: SensorStatistics) => number | undefined) =>
    statistics.reduce((sum, one) => sum + (pick(one) ?? 0), 0);
  return {
    flowsShed: total(({ shed }) => shed?.flows),
    datagramsShed: total(({ shed }) => shed?.datagrams),
    segmentsShed: total(({ shed }) => shed?.segments),
    workerRestarts: total(({ workerRestarts }) => workerRestarts),
  };
}

export const service: ServiceDefinition<typeof TrafficMonitoringSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const uploadFolder = join(context.scratchFolder, 'captures');
    // Uploads that a crash left behind carry patient data: nobody will read them any more.
    await rm(uploadFolder, { recursive: true, force: true });
    await mkdir(uploadFolder, { recursive: true, mode: 0o700 });
    const files = await FileDesk.open(context);
    // The policy may be another one than before.
    context.notify('files');
    const { telemetry, clock, settings } = context;
    const { packetBufferMegabytes: megabytes, packetBufferHours: hours } = settings;
    const keeper = new PacketKeeper(
      join(context.scratchFolder, 'packets'),
      {
        maximumBytes: megabytes * BYTES_PER_MEGABYTE,
        maximumAgeMs: hours * MS_PER_HOUR,
      },
      context.secrets,
    );
    await keeper.open();
    const sources = new SourceManager(context, new SourceStore(context.state), keeper, files);
    await sources.open();
    await keeper.watch(() => sources.list());
    const withdrawCaptures = context.captures.offer(async (id) => {
      const source = sources.list().find((each) => each.id === id);
      const captures = source === undefined ? [] : await keeper.capturesOf(source);
      return captures.length === 0 ? undefined : joinCaptures(captures);
    });
    const registry = new SensorRegistry(context);
    const gateway = new SensorGateway(registry, new RemoteTraffic(context, sources), context.logger);
    const openGateway = () => gateway.listen(settings.sensorAddress, settings.sensorPort);
    // A port that another program has must not keep everything else from running.
    let gatewayProblem = '';
    if (await registry.isWanted()) {
      await openGateway().catch((error: Error) => {
        gatewayProblem = error.message;
      });
    }
    return {
      routes: monitoringRoutes({
        sources,
        telemetry,
        clock,
        uploadFolder,
        keeper,
        limits: { megabytes, hours },
        maximumUploadMegabytes: settings.maximumUploadMegabytes,
        writeSampleCapture: (path) => writeSampleCapture(path, clock.now()),
        files: { telemetry, desk: files, audit: (entry) => context.audit(entry) },
        remote: {
          registry,
          port: settings.sensorPort,
          open: openGateway,
          disconnect: (id) => gateway.disconnect(id),
        },
      }),
      health: async () => {
        const failed = sources.list().filter(({ state }) => state === 'failed');
        const running = sources.list().filter(({ state }) => state === 'running').length;
        const { dropped } = telemetry.statistics();
        const figures = {
          runningSources: running,
          failedSources: failed.length,
          telemetryDropped: dropped,
          packetsLost: sources.list().reduce((sum, { lost }) => sum + lost, 0),
          ...shedFigures(sources.publisher.statistics()),
          ...files.figures,
        };
        const [first] = failed;
        const [rejected] = files.rejected;
        if (rejected !== undefined) {
          const message = `YARA rules of ${rejected.name} are not in force: ${rejected.reason}`;
          return { state: 'degraded', message, figures };
        }
        if (gatewayProblem !== '') return { state: 'degraded', message: gatewayProblem, figures };
        return first === undefined
          ? {
              state: 'healthy',
              message: running === 0 ? 'No source is running.' : `Reading ${running} source(s).`,
              figures,
            }
          : { state: 'degraded', message: `${first.title}: ${first.message}`, figures };
      },
      stop: async () => {
        withdrawCaptures();
        keeper.close();
        await gateway.close();
        await sources.close();
        await files.close();
      },
    };
  },
};
