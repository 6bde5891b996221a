import type { Secrets } from '@sphinx/platform';
import type { z } from 'zod';
import type { OpenC2Action, OpenC2Command, OpenC2TargetType } from '../openc2/command.ts';

/** What survives a restart between two phases of an action: plain JSON, without secrets. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An action that an actuator can carry out on a kind of target. */
export interface Capability {
  readonly action: OpenC2Action;
  readonly target: OpenC2TargetType;
  /** The opposite can be done, and `undo` does it. */
  readonly isReversible: boolean;
}

/** A flow that a micro-quarantine must let through, from the baseline learnt of the device. */
export interface ClinicalFlow {
  /** The other end. */
  readonly peer: string;
  readonly protocol: 'tcp' | 'udp';
  /** Port of whoever serves. */
  readonly port: number;
  /** Who begins: the device itself, or the other end. */
  readonly begunBy: 'device' | 'peer';
  /** For people: "DICOM to the archive PACS1". */
  readonly reason: string;
}

/**
 * A command made ready: names are resolved to addresses, and what a micro-quarantine keeps is listed. `id` is the same each
 * time the same step of the same run is tried.
 */
export interface ActuatorCommand {
  readonly id: string;
  readonly command: OpenC2Command;
  /** Addresses of the device concerned, where the target is one. */
  readonly addresses: readonly string[];
  readonly macAddresses: readonly string[];
  readonly keptFlows: readonly ClinicalFlow[];
}

/**
 * What is known before anything is changed. The engine keeps it durably before it calls `apply`; `undo` needs nothing else.
 * A dry run ends here.
 */
export interface Preparation {
  /** What would be done, a sentence or exact command each, for people. */
  readonly effects: readonly string[];
  /** What was there before, as far as it is needed to take the action back. */
  readonly before: Json;
  readonly isReversible: boolean;
}

/** What became of an action. */
export interface ActionOutcome {
  /** In words, for the audit trail. */
  readonly summary: string;
  /** What later steps or people may want: id of a snapshot, path of a recording. No secrets. */
  readonly result: Json;
}

/** The means of a device, directory or program to carry out commands. */
export interface Actuator {
  /** As configured: `core-firewall`. */
  readonly id: string;
  readonly type: string;
  readonly capabilities: readonly Capability[];
  /**
   * Reads what is there and changes nothing.
   *
   * @throws ActuatorError when the other end can't be reached, refuses, or does not know the target
   */
  prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation>;
  /**
   * Brings the wanted state about. Idempotent: may be called again after a crash with the same command and preparation and
   * then ends in the same state.
   *
   * @throws ActuatorError when it did not come about; what was begun is taken back by `undo`
   */
  apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome>;
  /**
   * Brings back what was there before, and only what this command changed. Idempotent, also when `apply` never ran or stopped
   * half-way.
   *
   * @throws ActuatorError when it can't be taken back
   */
  undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome>;
  /** Whether the wanted state is there now, asked of the other end itself. */
  verify(
    command: ActuatorCommand,
    preparation: Preparation,
    signal: AbortSignal,
  ): Promise<'in-force' | 'absent' | 'unknown'>;
  /** Whether the other end answers and lets SPHINX in; changes nothing. */
  check(signal: AbortSignal): Promise<{ readonly isReady: boolean; readonly message: string }>;
}

/** How an actuator was tried: against the real program, or only against what its documents say it answers. */
export type Proof = 'real' | 'recorded';

/** A kind of actuator, of which a hospital configures as many as it has. */
export interface ActuatorKind<S extends z.ZodObject = z.ZodObject> {
  /** `nftables`, `ldap`, `dns-rpz`. */
  readonly type: string;
  readonly title: string;
  /** What it does, in one or two sentences, and what the hospital has to prepare. */
  readonly description: string;
  readonly proof: Proof;
  /** What it was tried with: `nftables 1.0.6 in network namespaces`, or the document that the recorded answers are from. */
  readonly triedWith: string;
  readonly capabilities: readonly Capability[];
  /** Settings of one actuator. Values of secrets never stand in them: `passwordSecret` names an entry of the secrets. */
  readonly settings: S;
  open(id: string, settings: z.infer<S>, context: ActuatorContext): Actuator;
}

/** What an actuator may touch. */
export interface ActuatorContext {
  readonly secrets: Pick<Secrets, 'get'>;
  readonly now: () => number;
}

/** An action could not be done. The message says why and what a person can do. */
export class ActuatorError extends Error {
  override readonly name = 'ActuatorError';
  /** Trying again later may help: the other end was busy or out of reach. */
  readonly isTemporary: boolean;

  constructor(message: string, options: { isTemporary?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.isTemporary = options.isTemporary ?? false;
  }
}
