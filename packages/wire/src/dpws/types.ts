import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

/** A message by which devices find one another (WS-Discovery). */
export interface DiscoveryRecord extends ProtocolRecord {
  readonly protocol: 'ws-discovery';
  readonly activity: 'hello' | 'bye' | 'probe' | 'probe-match' | 'resolve' | 'resolve-match' | 'message';
  /** Types without their prefix: Device, MedicalDevice, PrintDeviceType … */
  readonly types: readonly string[];
  /** A device of IEEE 11073 SDC, or one that looks for such. */
  readonly isMedical: boolean;
  /** Key purposes and device types of IEEE 11073-20701; of other scopes their scheme alone. */
  readonly scopes: readonly string[];
  /** UUID of the device. */
  readonly endpoint: string;
  /** Schemes of its addresses: http, https. */
  readonly schemes: readonly string[];
}

/** A web service of a device that was asked, with its answer. Nothing of a patient and no measurement is read. */
export interface DpwsRecord extends ProtocolRecord {
  readonly protocol: 'dpws';
  readonly activity: 'invocation';
  /** GetService, SetService, StateEventService … of SDC; Transfer, Eventing. */
  readonly service: string;
  readonly operation: string;
  readonly isMedical: boolean;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  /** Code of a fault, without its prefix. */
  readonly fault: string;
  /** Of an answer about the device itself. */
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly durationMs: number | undefined;
}
