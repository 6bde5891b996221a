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

interface Association {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly implementationClassUid: string;
  readonly implementationVersion: string;
  readonly maximumPduBytes: number;
}

export interface AssociateRequest extends ProtocolRecord, Association {
  readonly protocol: 'dicom';
  readonly activity: 'associate-request';
  readonly contexts: readonly ProposedContext[];
  /** Kind of user identity (PS3.7 D.3.3.7): never its value. */
  readonly userIdentity: 'none' | 'user-name' | 'user-name-and-passcode' | 'kerberos' | 'saml' | 'jwt' | 'unknown';
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
}

export interface AssociateReject extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'associate-reject';
  readonly calledAeTitle: string;
  readonly isPermanent: boolean;
  readonly rejectedBy: 'service-user' | 'service-provider-acse' | 'service-provider-presentation' | 'unknown';
  readonly reason: string;
}

/** A DIMSE operation with its answer (PS3.7 §9, §10). */
export interface DimseOperation extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'operation';
  readonly operation: string;
  readonly sopClass: string;
  /** PS3.7 annex C; undefined when no answer was seen. */
  readonly status: number | undefined;
  readonly responses: number;
  /** Bytes of the data set that went with the request. */
  readonly dataSetBytes: number;
  /** Who asked: the end that opened the association, or the other one. */
  readonly invokedBy: 'client' | 'server';
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
}

export interface AssociationEnd extends ProtocolRecord {
  readonly protocol: 'dicom';
  readonly activity: 'release' | 'abort';
}

export type DicomRecord =
  | AssociateRequest
  | AssociateAccept
  | AssociateReject
  | DimseOperation
  | ProducingDevice
  | AssociationEnd;
