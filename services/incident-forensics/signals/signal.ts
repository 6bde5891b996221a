import type { AlertKind, Severity } from '@sphinx/schema';

/** Where a signal comes from. */
export type SignalKind = 'network-rule' | 'model' | 'data-protection' | 'verdict' | AlertKind;

export type EntityType = 'asset' | 'address' | 'external' | 'host' | 'user' | 'domain' | 'file';
export type Role = 'actor' | 'target' | 'affected';

/** Somebody or something that a signal is about; the same thing has the same key in every signal. */
export interface Entity {
  readonly key: string;
  readonly type: EntityType;
  /** Id of the asset, address, name of the account. */
  readonly id: string;
  /** As a person calls it. */
  readonly name: string;
  readonly role: Role;
}

/** Where what a signal stands on can be looked up. */
export interface SignalReference {
  readonly kind: string;
  readonly id: string;
  readonly time: number;
  readonly summary: string;
  readonly packet?: { readonly source: string; readonly number: number; readonly time: number } | undefined;
}

/** One detection, alert or verdict in the form that grouping works with. */
export interface Signal {
  /** Of the detection or the alert; one that grows comes again under it. */
  readonly id: string;
  readonly kind: SignalKind;
  readonly analytic: { readonly id: string; readonly title: string; readonly set: string };
  readonly severity: Severity;
  /** How sure the analytic is, 0 to 1; undefined where it does not tell. */
  readonly confidence: number | undefined;
  /** It says that something is not allowed, not that somebody attacks. */
  readonly isPolicy: boolean;
  readonly techniques: readonly string[];
  /** Tactics, the likeliest first. */
  readonly stages: readonly string[];
  readonly entities: readonly Entity[];
  /** First and last moment, milliseconds since the Unix epoch. */
  readonly time: number;
  readonly endTime: number;
  /** Events that it covers; of one that comes again those that are new. */
  readonly count: number;
  readonly message: string;
  readonly references: readonly SignalReference[];
  /** Traffic source that it was seen in; empty where it is not of traffic. */
  readonly source: string;
  readonly isSample: boolean;
}

/** @returns who did it, or, where nobody did, whom it is about */
export function actorOf({ entities }: Pick<Signal, 'entities'>): Entity | undefined {
  return (
    entities.find(({ role }) => role === 'actor') ??
    entities.find(({ role }) => role === 'affected') ??
    entities.find(({ role }) => role === 'target')
  );
}

export function targetOf({ entities }: Pick<Signal, 'entities'>): Entity | undefined {
  return entities.find(({ role }) => role === 'target');
}

/** Signals of one key are repetitions of one another. */
export function repeatKeyOf(signal: Signal): string {
  return [signal.analytic.id, actorOf(signal)?.key ?? '', targetOf(signal)?.key ?? ''].join('|');
}
