import type { Playbook } from '@sphinx/playbooks';
import type { ClinicalFlow, OpenC2Command } from '@sphinx/response';
import type { ResponseSubject } from '@sphinx/schema';
import type { Values } from '../commands/condition.ts';
import type { ReadCommand } from '../commands/read-command.ts';
import type { GuardVerdict } from '../guard/guard.ts';
import type { LeftOutFlow } from '../guard/kept-flows.ts';

/** Who did something: a person, by name and role; SPHINX itself has no role. */
export interface Person {
  /** Name of the account: one person, however they signed in. */
  readonly name: string;
  readonly role: string | null;
}

export const ITSELF: Person = { name: 'SPHINX', role: null };

/** Where a run stands. */
export type RunState =
  | 'planned'
  | 'awaiting-approval'
  | 'running'
  | 'stopped'
  | 'succeeded'
  | 'failed'
  | 'refused'
  | 'cancelled'
  | 'undoing'
  | 'undone';

/** A run that goes on by itself after a restart. */
export const GOING: readonly RunState[] = ['awaiting-approval', 'running', 'undoing'];

/** What an action of the playbook would do, as it was planned. */
export interface PlannedAction {
  readonly step: string;
  readonly number: string;
  readonly title: string;
  /** Under which branch it stands; empty on the main way. */
  readonly branch: string;
  /** Null for what a person does. */
  readonly command: OpenC2Command | null;
  readonly text: string;
  readonly actuator: string | null;
  /** Why a person does it; empty where an actuator does, or where the playbook says so. */
  readonly because: string;
  readonly verdict: GuardVerdict | null;
  readonly effects: readonly string[];
  readonly isReversible: boolean;
  readonly keptFlows: readonly ClinicalFlow[];
  readonly leftOut: readonly LeftOutFlow[];
}

/** A playbook that is carried out, or was. */
export interface Run {
  readonly id: string;
  /** What people call it: RUN-12. */
  readonly number: number;
  readonly playbook: Playbook;
  /** Those that its steps call, as they were when it was planned. */
  readonly others: Readonly<Record<string, Playbook>>;
  readonly subject: ResponseSubject;
  /** When the attack was seen first: what began after it is not taken for a clinical flow. */
  readonly attackFrom: number;
  /** Values of variables by frame: the playbook itself is '', a called one has the path of the step that calls it. */
  readonly values: Readonly<Record<string, Values>>;
  readonly isDryRun: boolean;
  readonly isSample: boolean;
  /** Whether devices are restricted where the playbook would cut them off. */
  readonly isolation: 'as-written' | 'micro-quarantine';
  /** Id of the fact of the decision that it carries out. */
  readonly decision: string | null;
  /** Minutes instead of those of the policy; 0: nothing is taken back by itself. */
  readonly undoAfterMinutes: number | null;
  readonly askedBy: Person;
  readonly state: RunState;
  /** Why it is in this state, in words. */
  readonly reason: string;
  readonly plan: readonly PlannedAction[];
  /** Ids of the devices that its actions are about. */
  readonly devices: readonly string[];
  /** Keys of the guard that people agreed to. */
  readonly agreed: readonly string[];
  readonly plannedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** One visit of a step. A loop visits a step more than once. */
export interface Visit {
  /** Place in the run, for example `3`, `3.a.1`, `4#2.1`: the same each time the run is gone through. */
  readonly path: string;
  readonly runId: string;
  readonly step: string;
  readonly type: string;
  readonly name: string;
  readonly begunAt: number;
  /** Not before this time (CACAO 2.0 §4.1 `delay`). */
  readonly readyAt: number;
  /** Fails then (§4.1 `timeout`); null: it may last. */
  readonly dueAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: 'success' | 'failure' | null;
  readonly message: string;
  /** What was decided: the branch that was taken. */
  readonly branch: string | null;
  /** Rounds of a loop that were begun. */
  readonly rounds: number;
  /** What an action step does, as it was read when it began. */
  readonly commands?: readonly ReadCommand[];
}

export type ActionState =
  | 'new'
  | 'awaiting-approval'
  | 'waiting'
  | 'prepared'
  | 'applying'
  | 'done'
  | 'failed'
  | 'refused'
  | 'undoing'
  | 'undone'
  | 'undo-failed';

/** Something was changed, or may have been: it has to be taken back when the run is. */
export const CHANGED: readonly ActionState[] = ['applying', 'done', 'undo-failed', 'undoing'];

/** A command that an actuator carries out in a step of a run. */
export interface Action {
  readonly id: string;
  readonly runId: string;
  readonly path: string;
  readonly title: string;
  readonly command: OpenC2Command;
  readonly text: string;
  readonly actuator: string;
  readonly state: ActionState;
  readonly message: string;
  readonly verdict: GuardVerdict | null;
  /** Devices of the inventory that it is about. */
  readonly devices: readonly string[];
  readonly addresses: readonly string[];
  readonly macAddresses: readonly string[];
  readonly keptFlows: readonly ClinicalFlow[];
  readonly leftOut: readonly LeftOutFlow[];
  /** What the actuator keeps to take it back; as JSON. */
  readonly preparation: {
    readonly effects: readonly string[];
    readonly before: unknown;
    readonly isReversible: boolean;
  } | null;
  readonly result: unknown;
  readonly begunAt: number;
  readonly appliedAt: number | null;
  readonly endedAt: number | null;
  /** When it is taken back unless somebody confirms it. */
  readonly undoAt: number | null;
  readonly confirmedBy: string | null;
  readonly undoneBy: string | null;
}

/** Something that a person does and ticks off. */
export interface Task {
  readonly id: string;
  readonly runId: string;
  readonly path: string;
  /** Whose variables the answers are. */
  readonly frame: string;
  readonly title: string;
  readonly text: string;
  /** Who, as the playbook says: "Backup administrators". */
  readonly agent: string;
  /** Why a person does what could have been done by a program; empty where the playbook asks for a person. */
  readonly because: string;
  /** What has to be answered when it is ticked off. */
  readonly asks: readonly TaskQuestion[];
  readonly state: 'open' | 'done' | 'failed' | 'expired' | 'withdrawn';
  readonly openedAt: number;
  readonly dueAt: number | null;
  readonly endedAt: number | null;
  readonly by: string | null;
  readonly note: string;
  readonly answers: Values;
}

export interface TaskQuestion {
  /** Name of the variable. */
  readonly name: string;
  readonly text: string;
  readonly type: string;
  readonly value: string;
}
