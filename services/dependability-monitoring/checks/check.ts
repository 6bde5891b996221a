import type { ProbeDatagrams, ProbeStream } from '@sphinx/probes/connection';
import type { CheckParameters } from '../knowledge/check-definition.ts';

/** What a check found. `failed`: the service cannot be used; `warning`: it can, but something is not as it should be. */
export type CheckOutcome = 'good' | 'warning' | 'failed';

export interface CheckAnswer {
  readonly outcome: CheckOutcome;
  /** In words, without a value of a patient. */
  readonly message: string;
  /** What a check measured beside the time that it took, for example days left of a certificate. */
  readonly figures?: Readonly<Record<string, number | string>>;
  /** It speaks for somebody else than the service that was agreed upon: evidence of an attack. */
  readonly isSuspicious?: boolean;
}

/** What a check may know of its target and do. */
export interface CheckContext {
  /** As a person wrote it: name or address. */
  readonly host: string;
  readonly ip: string;
  readonly port: number;
  readonly parameters: CheckParameters;
  readonly secret: string | undefined;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds that are left. */
  left(): number;
  /** Opens a connection, with TLS inside where the parameter `tls` says so. @returns undefined when nobody answers */
  connect(): Promise<ProbeStream | undefined>;
  /** Opens a connection and begins TLS. @returns `undefined` when nobody answers, `no-tls` where TLS does not begin */
  connectTls(): Promise<ProbeStream | undefined | 'no-tls'>;
  datagrams(): Promise<ProbeDatagrams | undefined>;
}

/** The code of one kind of check; its definition is data. @throws ProbeStopped when a limit or the deadline ends it */
export type Check = (context: CheckContext) => Promise<CheckAnswer>;

export const good = (message: string, figures?: CheckAnswer['figures']): CheckAnswer => ({
  outcome: 'good',
  message,
  ...(figures === undefined ? {} : { figures }),
});

export const warning = (message: string, figures?: CheckAnswer['figures']): CheckAnswer => ({
  outcome: 'warning',
  message,
  ...(figures === undefined ? {} : { figures }),
});

export const failed = (message: string, figures?: CheckAnswer['figures']): CheckAnswer => ({
  outcome: 'failed',
  message,
  ...(figures === undefined ? {} : { figures }),
});

export const NOBODY = failed('Nobody answers at this address and port.');
export const SILENT = failed('It takes the connection and says nothing.');

/** @returns text of a server for a person: printable, short */
export function quoted(text: string, length = 80): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, length);
}
