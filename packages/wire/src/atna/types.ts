import type { ProtocolRecord } from '../protocol.ts';

/** One event of an audit trail of care. No participant, no patient, study or document is ever among this. */
export interface AtnaEvent extends ProtocolRecord {
  readonly protocol: 'atna';
  readonly activity: 'event';
  /** DICOM PS3.15 §A.5, or RFC 3881 that it grew out of. */
  readonly format: 'dicom' | 'rfc-3881';
  /** Event in words: `User Authentication`, `Query` …; a code where it has no name. */
  readonly event: string;
  /** Types that narrow it down: `Login`, `ITI-41` … */
  readonly types: readonly string[];
  readonly action: '' | 'create' | 'read' | 'update' | 'delete' | 'execute';
  readonly outcome: 'success' | 'failure';
  readonly severity: '' | 'minor' | 'serious' | 'major';
  readonly participants: number;
  /** Of them those that asked for it. */
  readonly requestors: number;
  /** Roles of the participants, each once: source, destination, application … */
  readonly roles: readonly string[];
  /** Kind of system that reports, by its code. */
  readonly sourceTypes: readonly string[];
  readonly patients: number;
  readonly studies: number;
  /** Objects that are neither: documents, queries, URLs … */
  readonly otherObjects: number;
  /** Instances of DICOM objects that were told. */
  readonly instances: number;
}
