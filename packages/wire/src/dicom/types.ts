import type { ProtocolRecord } from '../protocol.ts';

/** One proposed or accepted use of a SOP class (PS3.8 §9.3.2.2, §9.3.3.2). */
export interface ProposedContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

export interface AcceptedContext {
  readonly id: number;
  /** 0 accepted, 1 user rejection, 2 no reason, 3 abstract syntax not supported, 4 transfer syntaxes not supported. */
  readonly result: number;
  readonly transferSyntax: string;
}

/** Kind of user identity (PS3.7 D.3.3.7): never its value. */
export type UserIdentityKind =
  | 'none'
  | 'user-name'
  | 'user-name-and-passcode'
  | 'kerberos'
  | 'saml'
  | 'jwt'
  | 'unknown';

/** Roles proposed or accepted for a SOP class (PS3.7 D.3.3.4): C-GET and storage commitment need them reversed. */
export interface RoleSelection {
  readonly sopClass: string;
  readonly isUser: boolean;
  readonly isProvider: boolean;
}

/** Service-class application information (PS3.7 D.3.3.5, D.3.3.6), as far as its meaning is standardized. */
export interface ExtendedNegotiation {
  readonly sopClass: string;
  readonly features: readonly string[];
}

/** What both ends negotiate beside contexts (PS3.7 annex D.3.3). */
export interface UserInformation {
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  /** 0: no limit. */
  readonly maximumPduBytes: number;
  readonly userIdentity: UserIdentityKind;
  /** The requestor wants the user identity to be confirmed (PS3.7 D.3.3.7.1). */
  readonly isUserIdentityAnswerRequested: boolean;
  /** The acceptor answered the user identity. */
  readonly isUserIdentityConfirmed: boolean;
  /** Operations at a time, 0 without limit; undefined where one at a time is left as it is. */
  readonly asynchronousOperations: { readonly invoked: number; readonly performed: number } | undefined;
  readonly roleSelections: readonly RoleSelection[];
  readonly extendedNegotiations: readonly ExtendedNegotiation[];
}

interface Association extends UserInformation {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
}

export interface AssociateRequest extends ProtocolRecord, Association {
  readonly protocol: 'dicom';
  readonly activity: 'associate-request';
  readonly contexts: readonly ProposedContext[];
}

export interface AssociateAccept extends ProtocolRecord, Association {
  readonly protocol: 'dicom';
  readonly activity: 'associate-accept';
  readonly contexts: readonly AcceptedContext[];
  /** SOP classes that were accepted, by name where it is known. */
  readonly sopClasses: readonly string[];
  /** Transfer syntaxes that were accepted, by name where it is known. */
  readonly transferSyntaxes: readonly string[];
  /** The called title in the answer differs from the one that was asked for. */
  readonly isCalledAeTitleUnchecked: boolean;
  /** The requestor identified a user, wanted that confirmed, and was accepted without it: nobody looked at it. */
  readonly isUserIdentityIgnored: boolean;
  /** What was refused: SOP class and why. */
  readonly refusals: readonly string[];
}

export interface AssociateReject extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'associate-reject';
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly isPermanent: boolean;
  readonly rejectedBy: 'service-user' | 'service-provider-acse' | 'service-provider-presentation' | 'unknown';
  readonly reason: string;
}

/** Sub-operations of C-MOVE and C-GET (PS3.7 §9.1.3, §9.1.4). */
export interface SubOperations {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** A DIMSE operation with its answer (PS3.7 §9, §10). */
export interface DimseOperation extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'operation';
  readonly operation: string;
  readonly sopClass: string;
  /** Service class of PS3.4 that it belongs to; empty for private and unknown SOP classes. */
  readonly serviceClass: string;
  /** What it was negotiated to be encoded in, by name; empty when the negotiation was not seen. */
  readonly transferSyntax: string;
  /** PS3.7 annex C; undefined when no answer was seen. */
  readonly status: number | undefined;
  /** Status in words (PS3.7 annex C, PS3.4); empty without an answer. */
  readonly statusName: string;
  readonly outcome: 'success' | 'warning' | 'failure' | 'cancel' | 'pending' | 'unanswered';
  readonly responses: number;
  /** Bytes of the data set that went with the request: for C-STORE the size of the object. */
  readonly dataSetBytes: number;
  /** The capture has all of it; otherwise it was larger than what is counted. */
  readonly isDataSetWhole: boolean;
  /** Bytes of the data sets of the answers. */
  readonly responseBytes: number;
  /** PATIENT, STUDY, SERIES or IMAGE (0008,0052). */
  readonly queryLevel: string;
  readonly subOperations: SubOperations | undefined;
  /** AE title to which a C-MOVE sends. */
  readonly moveDestination: string;
  /** AE title that asked for the C-MOVE of which this C-STORE is part. */
  readonly moveOriginator: string;
  /** Action of an N-ACTION or event of an N-EVENT-REPORT, in words where the SOP class is known. */
  readonly detail: string;
  /** Objects that storage commitment or instance availability speaks of: those that are in order. */
  readonly referencedObjects: number;
  /** Objects that could not be committed, or not be moved or fetched. */
  readonly failedObjects: number;
  /** Why objects could not be committed, in words (PS3.3 C.14). */
  readonly failureReasons: readonly string[];
  /** State of a procedure step: SCHEDULED, IN PROGRESS, COMPLETED, DISCONTINUED, CANCELED. */
  readonly stepState: string;
  /** Empty where the service has none. */
  readonly priority: 'low' | 'medium' | 'high' | '';
  /** Code of the application that the answer gives beside its status (PS3.7 C.5). */
  readonly errorId: number | undefined;
  /** The answer explains itself in words, which may name a patient and are not read. */
  readonly hasErrorComment: boolean;
  /** Tags that the answer objects to, never their values. */
  readonly offendingElements: readonly string[];
  /** A C-CANCEL was sent for it. */
  readonly isCancelled: boolean;
  /** Who asked: the end that opened the association, or the other one. */
  readonly invokedBy: 'client' | 'server';
  /** Milliseconds from the last byte of the request to the first and to the final answer, where time is kept. */
  readonly firstResponseMs: number | undefined;
  readonly durationMs: number | undefined;
}

/** A step that a modality reports (N-CREATE and N-SET of MPPS, PS3.4 annex F): only what tells the device. */
export interface PerformedStep extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'performed-procedure-step';
  /** IN PROGRESS, COMPLETED or DISCONTINUED (0040,0252). */
  readonly status: string;
  readonly modality: string;
  readonly stationAeTitle: string;
  readonly stationName: string;
}

/** What a printer says of itself: N-GET and N-EVENT-REPORT of Printer (PS3.4 H.4.6). */
export interface PrinterStatus extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'printer-status';
  /** NORMAL, WARNING or FAILURE (2110,0010). */
  readonly status: string;
  /** Why it is not normal (2110,0020): SUPPLY EMPTY, DOOR OPEN … */
  readonly cause: string;
  readonly device: DeviceAttributes;
  /** Which end the printer is. */
  readonly printer: 'client' | 'server';
}

/** The device that made the objects of this association, when all of them name the same one. */
export interface ProducingDevice extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'producing-device';
  readonly attributes: DeviceAttributes;
}

/** Device attributes of a data set; no attribute of a patient or study is ever among them. */
export interface DeviceAttributes {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly softwareVersions?: string;
  readonly modality?: string;
  readonly institution?: string;
  readonly department?: string;
  readonly stationName?: string;
  /** Unique device identifier (0018,1009). */
  readonly udi?: string;
}

export type AssociationEnd =
  | {
      readonly protocol: 'dicom';
      readonly activity: 'release';
      readonly releasedBy: 'client' | 'server';
      /** False where the other end did not answer before the connection ended. */
      readonly isConfirmed: boolean;
    }
  | {
      readonly protocol: 'dicom';
      readonly activity: 'abort';
      readonly abortedBy: 'service-user' | 'service-provider' | 'unknown';
      /** PS3.8 Table 9-26; empty when the user aborts, who gives none. */
      readonly reason: string;
    };

export type DicomRecord =
  | AssociateRequest
  | AssociateAccept
  | AssociateReject
  | DimseOperation
  | PerformedStep
  | PrinterStatus
  | ProducingDevice
  | AssociationEnd;
