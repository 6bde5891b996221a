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
  /** Came in a batch (BHS) or a file of batches (FHS). */
  readonly isBatched: boolean;
  /** BTS-1: messages in the batch as its sender counts them; undefined outside of batches and where it does not tell. */
  readonly batchMessages: number | undefined;
  /** MSA-1 of an acknowledgement: AA, AE, AR, CA, CE, CR. */
  readonly acknowledgementCode: string | undefined;
  /** Of an acknowledgement: type of the message that it answers; undefined where that was not seen. */
  readonly acknowledgedType: string | undefined;
  /** From that message to this acknowledgement; undefined where one of them was not seen. */
  readonly durationMs: number | undefined;
  /** ERR-3 (table 0357) of the errors that it reports, for example `101`; never their text. */
  readonly errorCodes: readonly string[];
  /** QAK-2 of an answer to a query: OK, NF, AE, AR. */
  readonly queryStatus: string | undefined;
  /** QAK-4 of an answer to a query: hits in all. */
  readonly queryHits: number | undefined;
  /** Names of the segments in their order, each once. */
  readonly segments: readonly string[];
  /** SFT: vendor, product and version of the sending software. */
  readonly software: readonly string[];
  readonly bytes: number;
  readonly sentBy: 'client' | 'server';
}
