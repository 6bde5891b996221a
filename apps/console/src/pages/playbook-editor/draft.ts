/** Kinds of steps of CACAO 2.0 (§4) that a person adds; a playbook has one start. */
export const STEP_KINDS = [
  { type: 'action', title: 'Action' },
  { type: 'if-condition', title: 'If' },
  { type: 'while-condition', title: 'While' },
  { type: 'switch-condition', title: 'Switch' },
  { type: 'parallel', title: 'At the same time' },
  { type: 'playbook-action', title: 'Another playbook' },
  { type: 'end', title: 'End' },
] as const;
export type StepKind = (typeof STEP_KINDS)[number]['type'];

export interface DraftCommand {
  readonly type: string;
  readonly command?: string;
  readonly [property: string]: unknown;
}

/** A step as the editor sees it; what it does not know stays as it is. */
export interface DraftStep {
  readonly type: string;
  readonly name?: string;
  readonly description?: string;
  readonly on_completion?: string;
  readonly on_success?: string;
  readonly on_failure?: string;
  readonly on_true?: string;
  readonly on_false?: string;
  readonly condition?: string;
  readonly switch?: string;
  readonly cases?: Readonly<Record<string, string>>;
  readonly next_steps?: readonly string[];
  readonly commands?: readonly DraftCommand[];
  readonly agent?: string;
  readonly playbook_id?: string;
  readonly timeout?: number;
  readonly [property: string]: unknown;
}

export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly workflow_start: string;
  readonly workflow_exception?: string;
  readonly workflow: Readonly<Record<string, DraftStep>>;
  readonly agent_definitions?: Readonly<Record<string, { readonly type: string; readonly name: string }>>;
  readonly [property: string]: unknown;
}

/** Ways that lead on from a kind of step, with what they are called. */
export const WAYS: Readonly<Record<string, readonly (readonly [field: WayField, title: string])[]>> = {
  start: [['on_completion', 'Then']],
  action: [
    ['on_completion', 'Then'],
    ['on_success', 'When it worked'],
    ['on_failure', 'When it failed'],
  ],
  'playbook-action': [
    ['on_completion', 'Then'],
    ['on_success', 'When it worked'],
    ['on_failure', 'When it failed'],
  ],
  'if-condition': [
    ['on_true', 'If so'],
    ['on_false', 'If not'],
    ['on_completion', 'After both'],
  ],
  'while-condition': [
    ['on_true', 'As long as it is so'],
    ['on_completion', 'Afterwards'],
  ],
  'switch-condition': [['on_completion', 'Afterwards']],
  parallel: [['on_completion', 'When all are done']],
};
export type WayField = 'on_completion' | 'on_success' | 'on_failure' | 'on_true' | 'on_false';
const FIELDS: readonly WayField[] = ['on_completion', 'on_success', 'on_failure', 'on_true', 'on_false'];

/** One way from a step to another; `by` says which: a field, `next_steps`, or `case NAME`. */
export interface Way {
  readonly by: string;
  readonly to: string;
}

export function waysOf(step: DraftStep): readonly Way[] {
  const plain = FIELDS.flatMap((by) => (typeof step[by] === 'string' ? [{ by, to: step[by] }] : []));
  const next = (step.next_steps ?? []).map((to) => ({ by: 'next_steps', to }));
  const cases = Object.entries(step.cases ?? {}).map(([name, to]) => ({ by: `case ${name}`, to }));
  return [...next, ...cases, ...plain];
}

/** Steps in the order in which they are come to; those that nothing leads to stand last. @returns with how many steps before */
export function inOrder({
  workflow,
  workflow_start,
  workflow_exception,
}: Draft): readonly { id: string; depth: number }[] {
  const depths = new Map<string, number>();
  const from = (start: string) => {
    const waiting = [{ id: start, depth: 0 }];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { id, depth } = next;
      const step = workflow[id];
      if (step === undefined || depths.has(id)) continue;
      depths.set(id, depth);
      for (const { to } of waysOf(step)) waiting.push({ id: to, depth: depth + 1 });
    }
  };
  from(workflow_start);
  if (workflow_exception !== undefined) from(workflow_exception);
  for (const id of Object.keys(workflow)) from(id);
  return [...depths].map(([id, depth]) => ({ id, depth }));
}

/** What people call a step. */
export function nameOf(id: string, step: DraftStep | undefined): string {
  if (step === undefined) return id;
  return step.name ?? (step.type === 'start' ? 'Start' : step.type === 'end' ? 'End' : step.type);
}

/**
 * Adds a step behind another: what came next comes after it.
 *
 * @param uuid of the step, and of who does it where the playbook names nobody yet
 * @returns the draft and the id of the new step
 */
export function addStep(draft: Draft, type: StepKind, after: string, uuid: () => string): { draft: Draft; id: string } {
  const id = `${type}--${uuid()}`;
  const before = draft.workflow[after];
  if (before === undefined) return { draft, id: after };
  const next = before.on_completion;
  const { agents, agent } = agentOf(draft, uuid);
  const step = stepOf(type, next, agent);
  const place = before.type === 'end' ? before : { ...before, on_completion: id };
  const workflow = { ...draft.workflow, [after]: place, [id]: step };
  const isDone = type === 'action';
  return { draft: { ...draft, workflow, ...(isDone ? { agent_definitions: agents } : {}) }, id };
}

function agentOf({ agent_definitions: known = {} }: Draft, uuid: () => string) {
  const [first] = Object.keys(known);
  if (first !== undefined) return { agents: known, agent: first };
  const agent = `group--${uuid()}`;
  return { agents: { [agent]: { type: 'group', name: 'Incident response team' } }, agent };
}

function stepOf(type: StepKind, next: string | undefined, agent: string): DraftStep {
  const then = next === undefined ? {} : { on_completion: next };
  switch (type) {
    case 'action':
      return {
        type,
        name: 'New action',
        commands: [{ type: 'manual', command: 'Say what is to be done' }],
        agent,
        ...then,
      };
    case 'playbook-action':
      return { type, name: 'Another playbook', playbook_id: '', ...then };
    case 'parallel':
      return { type, name: 'At the same time', next_steps: [], ...then };
    case 'if-condition':
    case 'while-condition':
      return { type, name: 'New question', condition: '', ...then };
    case 'switch-condition':
      return { type, name: 'New choice', switch: '', cases: {}, ...then };
    case 'end':
      return { type };
  }
}

/** Takes a step out: what led to it leads to what came next. The start stays. */
export function removeStep(draft: Draft, id: string): Draft {
  const gone = draft.workflow[id];
  if (gone === undefined || id === draft.workflow_start) return draft;
  const next = gone.on_completion === id ? undefined : gone.on_completion;
  const workflow = Object.fromEntries(
    Object.entries(draft.workflow)
      .filter(([other]) => other !== id)
      .map(([other, step]) => [other, redirected(step, id, next)]),
  );
  const { workflow_exception, ...rest } = draft;
  const exception = workflow_exception === id ? next : workflow_exception;
  return { ...rest, workflow, ...(exception === undefined ? {} : { workflow_exception: exception }) } as Draft;
}

function redirected(step: DraftStep, from: string, to: string | undefined): DraftStep {
  let changed = step;
  for (const field of FIELDS) if (step[field] === from) changed = withField(changed, field, to);
  if (step.next_steps?.includes(from) === true) {
    const next = step.next_steps.flatMap((each) => (each === from ? (to ?? []) : each));
    changed = { ...changed, next_steps: [...new Set(next)] };
  }
  if (step.cases !== undefined) {
    const cases = Object.entries(step.cases).flatMap(([name, each]) => {
      if (each !== from) return [[name, each]];
      return to === undefined ? [] : [[name, to]];
    });
    changed = { ...changed, cases: Object.fromEntries(cases) as Record<string, string> };
  }
  return changed;
}

/** @param value undefined or empty takes the property out */
export function withField(step: DraftStep, field: string, value: unknown): DraftStep {
  const { [field]: _gone, ...rest } = step;
  return value === undefined || value === '' ? (rest as DraftStep) : ({ ...rest, [field]: value } as DraftStep);
}

export function changeStep(draft: Draft, id: string, change: (step: DraftStep) => DraftStep): Draft {
  const step = draft.workflow[id];
  return step === undefined ? draft : { ...draft, workflow: { ...draft.workflow, [id]: change(step) } };
}

/** CACAO 2.0 §4.1: on_completion stands alone, or on_success and on_failure stand for it. */
export function connect(draft: Draft, id: string, by: WayField, to: string | undefined): Draft {
  return changeStep(draft, id, (step) => {
    const changed = withField(step, by, to);
    if (to === undefined) return changed;
    if (by === 'on_completion') return withField(withField(changed, 'on_success', undefined), 'on_failure', undefined);
    return by === 'on_success' || by === 'on_failure' ? withField(changed, 'on_completion', undefined) : changed;
  });
}

/**
 * @param now RFC 3339 with milliseconds
 * @returns a playbook of the hospital's own that comes from this one; signatures of another do not hold for it
 */
export function copyOf(draft: Draft, now: string, uuid: () => string): Draft {
  const { signatures: _signatures, ...rest } = draft;
  return {
    ...rest,
    id: `playbook--${uuid()}`,
    name: `${draft.name} (own)`,
    created_by: `identity--${uuid()}`,
    created: now,
    modified: now,
    derived_from: [draft.id],
  } as Draft;
}

/** A playbook with nothing in it but its start and its end. */
export function emptyDraft(now: string, uuid: () => string): Draft {
  const [start, end] = [`start--${uuid()}`, `end--${uuid()}`];
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${uuid()}`,
    name: 'New playbook',
    created_by: `identity--${uuid()}`,
    created: now,
    modified: now,
    workflow_start: start,
    workflow: { [start]: { type: 'start', on_completion: end }, [end]: { type: 'end' } },
  };
}

/** Random UUID (RFC 9562, version 4); `crypto.randomUUID` is not there on pages without HTTPS. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
