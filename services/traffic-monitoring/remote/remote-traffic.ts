import type { ServiceContext } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import type { SourceManager } from '../sources/source-manager.ts';
import { attributeBatch, type RemoteBatch } from './remote-batch.ts';
import type { BatchReceiver } from './sensor-gateway.ts';

/** Takes batches of remote sensors in as if their sources were here. */
export class RemoteTraffic implements BatchReceiver {
  readonly #context: ServiceContext<TrafficMonitoringSettings>;
  readonly #sources: SourceManager;

  constructor(context: ServiceContext<TrafficMonitoringSettings>, sources: SourceManager) {
    this.#context = context;
    this.#sources = sources;
  }

  async receive(sensor: { id: string; name: string }, batch: RemoteBatch, isRepeated: boolean): Promise<void> {
    const source = await this.#sources.openRemote(sensor, batch.source);
    const attributed = attributeBatch(batch, source.id);
    if (isRepeated) {
      await this.#takeBack(attributed.flows, attributed.records);
      for (const { file_id } of attributed.files) {
        await this.#context.telemetry.remove('file_activity', { equals: { file_id } });
      }
    }
    await this.#sources.receive(source, attributed, batch.progress, batch.end);
    // The answer says that it is safe: telemetry leaves the buffer before.
    await this.#context.telemetry.flush();
  }

  changed(): void {
    this.#context.notify('sensors');
  }

  /** Rows that an attempt before a crash may have written. Facts need nothing: their ids follow from their content. */
  async #takeBack(
    flows: readonly TelemetryRow<'network_activity'>[],
    records: readonly TelemetryRow<'protocol_activity'>[],
  ): Promise<void> {
    const { telemetry } = this.#context;
    for (const { source_id, flow_id, time } of flows) {
      await telemetry.remove('network_activity', { from: time, until: time + 1, equals: { source_id, flow_id } });
    }
    for (const { source_id, flow_id, packet_number, time } of records) {
      const equals = { source_id, flow_id, packet_number };
      await telemetry.remove('protocol_activity', { from: time, until: time + 1, equals });
    }
  }
}
