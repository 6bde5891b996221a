import type { ServiceContext } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import type { SensorBatch, SensorStatistics } from '@sphinx/wire';
import type { TrafficMonitoringSettings } from '../manifest.ts';
import type { Source } from '../sources/source.ts';
import { Throughput } from '../traffic/throughput.ts';
import { PublicationPolicy } from './publication-policy.ts';
import { createFlowRow, createObservationFacts, createRecordRow } from './publish-batch.ts';

const MS_PER_SECOND = 1000;

/** A batch whose flows and records are rows already. */
export interface PublishedBatch extends Pick<SensorBatch, 'hosts' | 'conversations' | 'statistics'> {
  readonly flows: readonly TelemetryRow<'network_activity'>[];
  readonly records: readonly TelemetryRow<'protocol_activity'>[];
}

/** Passes on what sensors saw, here or at a branch: flows and records as telemetry, what is new of hosts as facts. */
export class BatchPublisher {
  readonly throughput = new Throughput();
  readonly #context: ServiceContext<TrafficMonitoringSettings>;
  readonly #statistics = new Map<string, SensorStatistics>();
  readonly #policies = new Map<string, PublicationPolicy>();

  constructor(context: ServiceContext<TrafficMonitoringSettings>) {
    this.#context = context;
  }

  /** Counters of each sensor since its start. */
  statistics(): readonly SensorStatistics[] {
    return [...this.#statistics.values()];
  }

  /** Publishes what a sensor of this program saw. Resolves when its facts are durable. */
  take(source: Source, batch: SensorBatch): Promise<void> {
    const flows = batch.flows.map((flow) => createFlowRow(flow, source));
    const records = batch.records.map((record) => createRecordRow(record, source));
    return this.publish(source, { ...batch, flows, records });
  }

  /** Resolves when the facts of the batch are durable. */
  async publish({ id }: Source, batch: PublishedBatch): Promise<void> {
    const { bus, telemetry, clock, settings } = this.#context;
    telemetry.append('network_activity', batch.flows);
    if (settings.keepsProtocolRecords) telemetry.append('protocol_activity', batch.records);
    const policy = this.#policyOf(id);
    const facts = createObservationFacts(policy.hosts(batch.hosts), policy.conversations(batch.conversations));
    if (facts.length > 0) await bus.publish(facts);
    const before = this.#statistics.get(id);
    const { packets, bytes } = batch.statistics;
    // A sensor that began anew counts from nothing.
    const since = (now: number, then = 0) => Math.max(0, now - then);
    this.throughput.add(clock.now(), since(packets, before?.packets), since(bytes, before?.bytes));
    this.#statistics.set(id, batch.statistics);
  }

  /** Publishes the last totals of the conversations of a source that has ended. */
  async end({ id }: Source): Promise<void> {
    const remaining = this.#policies.get(id)?.remaining() ?? [];
    this.#policies.delete(id);
    await this.#context.bus.publish(createObservationFacts([], remaining));
  }

  /** Counts of the source begin anew. */
  forget(id: string): void {
    this.#statistics.delete(id);
  }

  #policyOf(id: string): PublicationPolicy {
    const known = this.#policies.get(id);
    if (known !== undefined) return known;
    const created = new PublicationPolicy(this.#context.settings.conversationRefreshSeconds * MS_PER_SECOND);
    this.#policies.set(id, created);
    return created;
  }
}
