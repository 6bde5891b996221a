import type { ProtocolRecord } from '../protocol.ts';

/** One record of the S/5 computer interface. Of data only their kind is taken. */
export interface DatexRecord extends ProtocolRecord {
  readonly protocol: 'datex-ohmeda';
  readonly activity: 'request' | 'data';
  readonly content: 'physiological data' | 'waveforms' | 'alarms' | 'network' | 'fluids' | 'other';
  /** Kinds of the parts: `display values`, `10 s trend` …; numbers where no name is published. */
  readonly parts: readonly string[];
  /** Level of the record interface that the monitor speaks. */
  readonly level: number;
  /** Number of the monitor's plug in the S/5 network; 0 for none. */
  readonly plug: number;
  readonly bytes: number;
  readonly sentBy: 'client' | 'server';
}
