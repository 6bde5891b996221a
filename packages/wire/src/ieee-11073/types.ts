import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** A request between a personal health device and its manager, with its answer. Measured values are never read. */
export interface Ieee11073Record extends ProtocolRecord {
  readonly protocol: 'ieee-11073-20601';
  readonly activity: 'association' | 'release' | 'abort' | 'configuration' | 'identity' | 'report' | 'operation';
  /** Which end is the agent, the device that measures. */
  readonly agent: 'client' | 'server';
  /** Get, set, action or the kind of notification. */
  readonly operation: string;
  /** Undefined where nobody answers. */
  readonly outcome: Outcome | undefined;
  /** Result or reason in words. */
  readonly result: string;
  /** EUI-64 of the agent. */
  readonly systemId: string;
  /** What the agent is, where it or its standard configuration tells. */
  readonly specializations: readonly string[];
  /** Identifier of the configuration; 0 where none was told. */
  readonly configuration: number;
  /** Classes of objects of a configuration, each once. */
  readonly objects: readonly string[];
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly versions: readonly string[];
  readonly durationMs: number | undefined;
}
