import type { FoundBy } from '@sphinx/platform';
import type { FeedLosses, FileOptions, SensorBatch, SharedRing } from '@sphinx/wire';
import type { PacketBufferTask } from '../buffer/packet-buffer.ts';

/** A place on a network. */
export interface NetworkAddress {
  readonly host: string;
  readonly port: number;
}

/** What a sensor thread reads. */
export type SensorInput =
  /** A capture or the output of another sensor; `name` as its owner calls it. */
  | { readonly kind: 'file'; readonly path: string; readonly name: string }
  /** A program that writes a capture to its standard output. */
  | CommandInput
  /** Takes datagrams of NetFlow, IPFIX and sFlow. */
  | ({ readonly kind: 'flow-exports' } & NetworkAddress)
  /** Takes connections that carry records of Suricata, Zeek or AWS, or an IPFIX stream. */
  | { readonly kind: 'records'; readonly address: NetworkAddress | { readonly path: string } }
  /** pcap-over-IP: takes connections that each carry a capture. */
  | ({ readonly kind: 'packet-server' } & NetworkAddress)
  /** pcap-over-IP: fetches a capture without end. */
  | ({ readonly kind: 'packet-client' } & NetworkAddress)
  | RpcapInput;

export interface CommandInput {
  readonly kind: 'command';
  readonly command: string;
  readonly arguments: readonly string[];
  /** tcpdump tells its counters when it gets this signal; absent where a signal would not reach it. */
  readonly statisticsSignal?: 'SIGUSR1';
  /** The program reads from far away: it is started again when the way there was interrupted. */
  readonly isRemote?: boolean;
}

/** A capture of an rpcapd. */
export interface RpcapInput extends NetworkAddress {
  readonly kind: 'rpcap';
  readonly interface: string;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** A module that looks at packets, and what it needs. */
export interface InspectionTask {
  /** Id of the service that offered it. */
  readonly by: string;
  readonly version: number;
  readonly module: string;
  readonly data: unknown;
}

/** Start-up data of a sensor thread. */
export interface SensorTask {
  readonly source: string;
  readonly isSample: boolean;
  readonly input: SensorInput;
  readonly maximumFlows: number;
  readonly maximumReassemblyBytes?: number;
  readonly maximumFragmentBytes?: number;
  /** Between how many threads packets are split; this thread looks at them all where that is 1. */
  readonly workers: number;
  /** A batch leaves after this many packets or entries: the same file always gives the same batches. */
  readonly packetsPerBatch: number;
  /** For live input, a batch leaves at the latest after this time. */
  readonly batchIntervalMs: number | undefined;
  /** Where packets are kept; absent where they are not. */
  readonly buffer?: PacketBufferTask | undefined;
  /** How files are followed; absent where they are not. */
  readonly files?: FileOptions;
  /** Absent where nobody looks. */
  readonly inspections?: readonly InspectionTask[];
}

/** How far a sensor thread is. */
export interface SensorProgress {
  /** Read so far; null for a live source. */
  readonly fraction: number | null;
  readonly losses: FeedLosses;
  /** What a person should know now, for example that the other end is silent; empty when all is well. */
  readonly note: string;
}

/** From the sensor thread. Each `batch` is answered with `taken` before the one after the next is sent. */
export type SensorMessage =
  | {
      readonly kind: 'batch';
      readonly batch: SensorBatch;
      readonly progress: SensorProgress;
      /** What inspection found. */
      readonly findings: readonly FoundBy[];
      /** Number of the batch of the shards that belongs to it; absent where packets are not split. */
      readonly dealt: number | undefined;
    }
  /** There are packets, and they are split: shards are to be started that take them from these rings. */
  | { readonly kind: 'deal'; readonly rings: readonly SharedRing[] }
  | { readonly kind: 'end'; readonly warnings: readonly string[] }
  | { readonly kind: 'error'; readonly message: string };

/** To the sensor thread. */
export type SensorCommand =
  | { readonly kind: 'taken' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'inspect'; readonly inspections: readonly InspectionTask[] };
