import type { FileStatistics } from '../files/types.ts';
import type { SensorBatch, SensorStatistics } from '../sensor.ts';
import { JoinedConversations } from './joined-conversations.ts';
import { JoinedHosts } from './joined-hosts.ts';

const NOTHING_LEARNED = { seen: [], claims: [], learnedAt: [] } as const;

/** A batch of one shard. */
export interface PartBatch {
  /** Tells runs of shards apart: a shard that began anew is another run. */
  readonly run: number;
  readonly batch: SensorBatch;
}

/** Joins what shards say of the packets of one source to what one sensor would say of all of them. */
export class JoinedBatches {
  readonly #source: string;
  readonly #isSample: boolean;
  readonly #hosts = new JoinedHosts();
  readonly #conversations = new JoinedConversations();
  /** Last statistics of each run. */
  readonly #statistics = new Map<number, SensorStatistics>();
  /** Packets that were dealt to shards that died before they had looked at them. */
  packetsLost = 0;

  constructor(source: string, isSample: boolean) {
    this.#source = source;
    this.#isSample = isSample;
  }

  /**
   * @param dealt the batch of the `DealingSensor`
   * @param parts of each shard, taken at the same packet
   * @param restarts shards that died and began anew so far
   */
  join(dealt: SensorBatch, parts: readonly PartBatch[], restarts = 0): SensorBatch {
    const hosts = this.#hosts;
    hosts.learn(parts.map(({ batch }) => batch.links ?? NOTHING_LEARNED));
    for (const { run, batch } of parts) {
      hosts.add(batch.hosts, (batch.links ?? NOTHING_LEARNED).learnedAt);
      this.#statistics.set(run, batch.statistics);
    }
    for (const { run, batch } of parts) {
      for (const conversation of batch.conversations) {
        const client = hosts.ownEnd(conversation.client);
        const server = hosts.ownEnd(conversation.server);
        this.#conversations.add(run, { ...conversation, client, server });
      }
    }
    return {
      flows: parts.flatMap(({ batch }) => batch.flows),
      records: parts
        .flatMap(({ batch }) => batch.records)
        .sort((left, right) => left.packetNumber - right.packetNumber),
      hosts: hosts.takeChanged(this.#source, this.#isSample),
      conversations: this.#conversations.takeChanged(),
      files: parts.flatMap(({ batch }) => batch.files),
      statistics: { ...this.#sum(dealt.statistics, new Set(parts.map(({ run }) => run))), workerRestarts: restarts },
    };
  }

  /** @param running runs of now; what others counted stays, what they held is gone */
  #sum(dealt: SensorStatistics, running: ReadonlySet<number>): SensorStatistics {
    let packets = 0;
    let { files } = dealt;
    const sums = { malformedPackets: 0, unsupportedPackets: 0, flows: 0, recordsDropped: 0, reassemblyGaps: 0 };
    const shed = { flows: 0, datagrams: 0, segments: 0 };
    let activeFlows = 0;
    const protocols = new Map<string, { flows: number; packets: number; bytes: number }>();
    for (const [run, statistics] of this.#statistics) {
      packets += statistics.packets;
      files = addFiles(files, statistics.files);
      for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += statistics[name];
      for (const name of Object.keys(shed) as (keyof typeof shed)[]) shed[name] += statistics.shed?.[name] ?? 0;
      if (running.has(run)) activeFlows += statistics.activeFlows;
      for (const [id, totals] of Object.entries(statistics.protocols)) {
        const known = protocols.get(id) ?? { flows: 0, packets: 0, bytes: 0 };
        protocols.set(id, {
          flows: known.flows + totals.flows,
          packets: known.packets + totals.packets,
          bytes: known.bytes + totals.bytes,
        });
      }
    }
    this.packetsLost = dealt.packets - packets;
    const recordsDropped = sums.recordsDropped + this.#hosts.dropped;
    return { ...dealt, ...sums, shed, recordsDropped, files, activeFlows, protocols: Object.fromEntries(protocols) };
  }
}

function addFiles(left: FileStatistics, right: FileStatistics): FileStatistics {
  return {
    files: left.files + right.files,
    bytes: left.bytes + right.bytes,
    filesShed: left.filesShed + right.filesShed,
    contentBytesShed: left.contentBytesShed + right.contentBytesShed,
  };
}
