import { Interference } from '@sphinx/playbooks';
import { OpenC2Command } from '@sphinx/response';
import { ResponseSubject } from '@sphinx/schema';
import { z } from 'zod';
import { ActuatorName, ActuatorScope } from '../actuators/configured-actuator.ts';

const Texts = z.array(z.string());
const Time = z.int().nonnegative();

const Flow = z.object({
  peer: z.string(),
  protocol: z.enum(['tcp', 'udp']),
  port: z.int(),
  begunBy: z.enum(['device', 'peer']),
  reason: z.string(),
});

export const VerdictView = z
  .object({
    decision: z.enum(['run', 'ask', 'refuse']),
    interference: Interference,
    reasons: Texts,
    careLoss: Texts.meta({ description: 'What care loses, in sentences' }),
    approvers: Texts.meta({ description: 'Groups of the policy that have to agree' }),
    keys: Texts,
    milder: z.literal('micro-quarantine').nullable(),
  })
  .meta({ id: 'GuardVerdict' });

const Flows = { keptFlows: z.array(Flow), leftOut: z.array(Flow) };

export const PlannedActionView = z
  .object({
    step: z.string(),
    number: z.string(),
    title: z.string(),
    branch: z.string().meta({ description: 'When it is done; empty on the way that every run takes' }),
    command: OpenC2Command.nullable(),
    text: z.string(),
    actuator: z.string().nullable().meta({ description: 'null: a person does it' }),
    because: z.string().meta({ description: 'Why a person does it; empty where the playbook says so' }),
    verdict: VerdictView.nullable(),
    effects: Texts,
    isReversible: z.boolean(),
    ...Flows,
  })
  .meta({ id: 'PlannedAction' });

const PersonView = z.object({ name: z.string(), role: z.string().nullable() });
const RunStateView = z.enum([
  'planned',
  'awaiting-approval',
  'running',
  'stopped',
  'succeeded',
  'failed',
  'refused',
  'cancelled',
  'undoing',
  'undone',
]);

export const RunItem = z
  .object({
    id: z.string(),
    number: z.int(),
    name: z.string().meta({ description: 'RUN-12' }),
    playbook: z.object({ id: z.string(), name: z.string(), modified: z.string() }),
    subject: ResponseSubject,
    state: RunStateView,
    reason: z.string(),
    isDryRun: z.boolean(),
    isSample: z.boolean(),
    isolation: z.enum(['as-written', 'micro-quarantine']),
    askedBy: PersonView,
    plannedAt: Time,
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    actions: z.int().meta({ description: 'Planned for actuators' }),
    manual: z.int().meta({ description: 'Planned for people' }),
  })
  .meta({ id: 'ResponseRun' });
export type RunItem = z.infer<typeof RunItem>;

export const ActionView = z
  .object({
    id: z.string(),
    path: z.string(),
    title: z.string(),
    text: z.string(),
    command: OpenC2Command,
    actuator: z.string(),
    state: z.enum([
      'new',
      'awaiting-approval',
      'waiting',
      'prepared',
      'applying',
      'done',
      'failed',
      'refused',
      'undoing',
      'undone',
      'undo-failed',
    ]),
    message: z.string(),
    verdict: VerdictView.nullable(),
    devices: Texts,
    effects: Texts,
    isReversible: z.boolean(),
    ...Flows,
    result: z.unknown(),
    begunAt: Time,
    appliedAt: Time.nullable(),
    endedAt: Time.nullable(),
    undoAt: Time.nullable().meta({ description: 'When it is taken back unless somebody confirms it' }),
    confirmedBy: z.string().nullable(),
    undoneBy: z.string().nullable(),
  })
  .meta({ id: 'ResponseAction' });
export type ActionView = z.infer<typeof ActionView>;

export const TaskView = z
  .object({
    id: z.string(),
    run: z.string().meta({ description: 'RUN-12' }),
    runId: z.string(),
    playbook: z.string(),
    subject: z.string(),
    path: z.string(),
    title: z.string(),
    text: z.string(),
    agent: z.string().meta({ description: 'Who, as the playbook says' }),
    because: z.string().meta({ description: 'Why no actuator does it; empty where the playbook asks for a person' }),
    asks: z.array(z.object({ name: z.string(), text: z.string(), type: z.string(), value: z.string() })),
    state: z.enum(['open', 'done', 'failed', 'expired', 'withdrawn']),
    openedAt: Time,
    dueAt: Time.nullable(),
    endedAt: Time.nullable(),
    by: z.string().nullable(),
    note: z.string(),
    answers: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ResponseTask' });
export type TaskView = z.infer<typeof TaskView>;

export const ApprovalView = z
  .object({
    id: z.string(),
    run: z.string(),
    runId: z.string(),
    actionId: z.string().nullable().meta({ description: 'null: the run as it was planned' }),
    title: z.string(),
    reasons: Texts,
    effects: Texts,
    careLoss: Texts,
    milder: z
      .object({ effects: Texts })
      .nullable()
      .meta({ description: 'What a micro-quarantine instead would do; null where none is possible' }),
    askedBy: PersonView,
    askedAt: Time,
    state: z.enum(['open', 'approved', 'refused', 'expired', 'withdrawn']),
    endedAt: Time.nullable(),
    endedBy: z.string().nullable(),
    note: z.string(),
    parts: z.array(
      z.object({
        group: z.string(),
        title: z.string(),
        roles: Texts,
        dueAt: Time.meta({ description: 'When the next roles are asked, or nobody any more' }),
        agreedBy: z.string().nullable(),
        agreedAt: Time.nullable(),
        note: z.string(),
      }),
    ),
    escalations: z.array(z.object({ at: Time, group: z.string(), roles: Texts })),
    mayApprove: z.boolean().meta({ description: 'Whoever asks may agree' }),
    problem: z.string().nullable().meta({ description: 'Why whoever asks may not' }),
  })
  .meta({ id: 'ResponseApproval' });
export type ApprovalView = z.infer<typeof ApprovalView>;

const VisitView = z.object({
  path: z.string(),
  step: z.string(),
  type: z.string(),
  name: z.string(),
  begunAt: Time,
  readyAt: Time,
  dueAt: Time.nullable(),
  endedAt: Time.nullable(),
  outcome: z.enum(['success', 'failure']).nullable(),
  message: z.string(),
  branch: z.string().nullable(),
});

export const RunDetail = RunItem.extend({
  variables: z.record(z.string(), z.string()),
  missing: Texts.meta({ description: 'Variables that nobody gave: their steps become tasks of people' }),
  refused: Texts.meta({ description: 'Why the guard refuses to begin it; empty where it does not' }),
  plan: z.array(PlannedActionView),
  visits: z.array(VisitView),
  history: z.array(ActionView),
  tasks: z.array(TaskView),
  approvals: z.array(ApprovalView),
}).meta({ id: 'ResponseRunDetail' });
export type RunDetail = z.infer<typeof RunDetail>;

export const RunBody = z.object({
  playbook: z.string().min(1).max(300).meta({ description: 'Id or name' }),
  subject: z.string().max(300).default('').meta({
    description: 'INC-12, CVE-2019-0708, or id, address or name of a device; left out: an exercise',
  }),
  variables: z.record(z.string().max(250), z.string().max(20_000)).default({}).meta({
    description: 'Values of playbook variables by name; several things are parted by commas',
  }),
  isDryRun: z.boolean().default(false),
  isolation: z.enum(['as-written', 'micro-quarantine']).default('as-written').meta({
    description: 'micro-quarantine: devices keep their clinical flows where the playbook would cut them off',
  }),
  undoAfterMinutes: z.number().min(0).max(525_600).nullable().default(null).meta({
    description: 'Instead of the minutes of the policy; 0: nothing is taken back by itself',
  }),
  start: z.boolean().default(false).meta({ description: 'Begin it at once: guard and approvals as always' }),
});

export const ResponseState = z
  .object({
    stop: z
      .object({ at: Time, by: z.string(), reason: z.string(), isByFile: z.boolean() })
      .nullable()
      .meta({ description: 'Why nothing is carried out at the moment' }),
    stopFile: z.string().meta({ description: 'A file of this name stops everything, too' }),
    running: z.int(),
    approvals: z.int(),
    tasks: z.int(),
    toConfirm: z.int().meta({ description: 'Actions that are taken back unless somebody confirms them' }),
    actuators: z.int(),
  })
  .meta({ id: 'ResponseState' });
export type ResponseState = z.infer<typeof ResponseState>;

export const ActuatorKindView = z
  .object({
    type: z.string(),
    title: z.string(),
    description: z.string(),
    proof: z.enum(['real', 'recorded']),
    triedWith: z.string(),
    capabilities: z.array(z.object({ action: z.string(), target: z.string(), isReversible: z.boolean() })),
    settings: z.unknown().meta({ description: 'JSON Schema; names that end in "Secret" name a value that is sealed' }),
  })
  .meta({ id: 'ActuatorKind' });
export type ActuatorKindView = z.infer<typeof ActuatorKindView>;

export const ActuatorView = z
  .object({
    id: z.string(),
    type: z.string(),
    title: z.string(),
    settings: z.record(z.string(), z.unknown()),
    scope: ActuatorScope,
    priority: z.int(),
    isEnabled: z.boolean(),
    problem: z.string().nullable(),
    check: z.object({ isReady: z.boolean(), message: z.string(), at: Time }).nullable(),
    capabilities: z.array(z.object({ action: z.string(), target: z.string(), isReversible: z.boolean() })),
    addedBy: z.string(),
    addedAt: Time,
  })
  .meta({ id: 'ConfiguredActuator' });
export type ActuatorView = z.infer<typeof ActuatorView>;

const Secrets = z
  .record(z.string().min(1).max(100), z.string().min(1).max(20_000))
  .default({})
  .meta({ description: 'By the names that the settings use; sealed, and never given out again' });
const Priority = z.int().min(0).max(1000);

export const ActuatorBody = z.object({
  id: ActuatorName,
  type: z.string().min(1).max(60),
  settings: z.record(z.string(), z.unknown()).default({}),
  scope: ActuatorScope.default({ networks: [], devices: [] }),
  priority: Priority.default(100),
  secrets: Secrets,
});

export const ActuatorChange = z.object({
  settings: z.record(z.string(), z.unknown()).optional(),
  scope: ActuatorScope.optional(),
  priority: Priority.optional(),
  isEnabled: z.boolean().optional(),
  secrets: Secrets,
});

export const MicroView = z
  .object({
    device: z.string(),
    name: z.string(),
    clinicalClass: z.string(),
    kept: z.array(Flow),
    leftOut: z.array(Flow),
  })
  .meta({ id: 'MicroQuarantine' });
export type MicroView = z.infer<typeof MicroView>;
