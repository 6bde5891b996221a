import type { ProtocolRecord } from '../protocol.ts';

/** Facts about one HL7 v2 message. No field of a patient, visit or order is among them. */
export interface Hl7Message extends ProtocolRecord {
  readonly protocol: 'hl7';
  readonly activity: 'message' | 'acknowledgement';
  /** MSH-9, for example `ADT^A01`. */
  readonly messageType: string;
  readonly version: string;
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** MSH-11: P production, T training, D debugging. */
  readonly processingId: string;
  /** MSH-8 is in use. */
  readonly hasSecurity: boolean;
  /** MSA-1 of an acknowledgement: AA, AE, AR, CA, CE, CR. */
  readonly acknowledgementCode: string | undefined;
  /** Names of the segments in their order, each once. */
  readonly segments: readonly string[];
  /** SFT: vendor, product and version of the sending software. */
  readonly software: readonly string[];
  readonly bytes: number;
  readonly sentBy: 'client' | 'server';
}
