import type { Authorization } from '../http/types.ts';
import type { Outcome } from '../pairing-reader.ts';
import type { ProtocolRecord } from '../protocol.ts';

export type DicomwebService = 'qido' | 'wado' | 'wado-uri' | 'stow' | 'ups' | 'delete' | 'capabilities';

export type DicomwebOperation =
  | 'search'
  | 'retrieve'
  | 'store'
  | 'delete'
  | 'capabilities'
  | 'create'
  | 'update'
  | 'change-state'
  | 'request-cancellation'
  | 'subscribe'
  | 'unsubscribe'
  | 'suspend-subscription';

export type DicomwebResource = '' | 'study' | 'series' | 'instance' | 'frame' | 'workitem';

export type Representation = '' | 'object' | 'metadata' | 'rendered' | 'thumbnail' | 'pixel-data' | 'bulk-data';

/** A DICOMweb transaction (DICOM PS3.18). No UID, no value of a search and nothing of an object is among this. */
export interface DicomwebTransaction extends ProtocolRecord {
  readonly protocol: 'dicomweb';
  readonly activity: 'transaction';
  readonly transaction: DicomwebService;
  readonly operation: DicomwebOperation;
  /** Level at which it was searched, retrieved, stored or deleted; empty where the path does not tell. */
  readonly resource: DicomwebResource;
  /** In what form objects were asked for. */
  readonly representation: Representation;
  /** Media type of what was sent; of multipart bodies that of their first part. */
  readonly requestType: string;
  readonly responseType: string;
  /** Names of search parameters; never what is searched for. */
  readonly queryNames: readonly string[];
  /** Matches of a search, objects of a retrieval, instances of a store; undefined where they were not seen whole. */
  readonly objects: number | undefined;
  /** Instances that a store refused; undefined where its answer was not seen. */
  readonly failedObjects: number | undefined;
  /** Failure reasons (0008,1197) of a store, each once, in words. */
  readonly failureReasons: readonly string[];
  /** State that a workitem is asked to change to: IN PROGRESS, COMPLETED, CANCELED. */
  readonly workitemState: string;
  readonly status: number | undefined;
  readonly outcome: Outcome;
  readonly durationMs: number | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly authorization: Authorization;
}
