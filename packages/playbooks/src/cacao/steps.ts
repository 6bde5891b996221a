import { z } from 'zod';
import { Identity } from './agents.ts';
import { dictionaryById, dictionaryOf, objectByType } from './by-type.ts';
import { Command } from './commands.ts';
import { Extensions, ExternalReference, filledList, Name, type Variable, Variables } from './data-types.ts';
import { CacaoIdentifier, identifierOf, MillisecondTimestamp } from './identifier.ts';

/** §4: kinds of steps, a closed vocabulary. */
export const STEP_TYPES = [
  'start',
  'end',
  'action',
  'playbook-action',
  'parallel',
  'if-condition',
  'while-condition',
  'switch-condition',
] as const;
export type StepType = (typeof STEP_TYPES)[number];

/** A step as a reader of any kind of step sees it. */
export interface Step {
  readonly type: StepType;
  readonly name?: string;
  readonly description?: string;
  readonly delay?: number;
  readonly timeout?: number;
  readonly step_variables?: Readonly<Record<string, Variable>>;
  readonly owner?: string;
  readonly on_completion?: string;
  readonly on_success?: string;
  readonly on_failure?: string;
  readonly step_extensions?: Readonly<Record<string, unknown>>;
  readonly external_references?: readonly ExternalReference[];
  readonly commands?: readonly Command[];
  readonly agent?: string;
  readonly targets?: readonly string[];
  readonly in_args?: readonly string[];
  readonly out_args?: readonly string[];
  readonly playbook_id?: string;
  readonly next_steps?: readonly string[];
  readonly condition?: string;
  readonly on_true?: string;
  readonly on_false?: string;
  readonly switch?: string;
  readonly cases?: Readonly<Record<string, string>>;
}

const WHOLE = z.int('Must be a whole number of milliseconds').nonnegative();
/** §4.1: what every step has. */
const COMMON = {
  name: z.string().optional(),
  description: z.string().optional(),
  external_references: filledList(ExternalReference).optional(),
  delay: WHOLE.optional(),
  timeout: WHOLE.optional(),
  step_variables: Variables.optional(),
  owner: Identity.optional(),
  step_extensions: Extensions.optional(),
};
const NEXT = {
  on_completion: CacaoIdentifier.optional(),
  on_success: CacaoIdentifier.optional(),
  on_failure: CacaoIdentifier.optional(),
};
const ARGUMENTS = { in_args: filledList(z.string()).optional(), out_args: filledList(z.string()).optional() };

/** §4.1: what comes next is said one way or the other. */
function goingOn<Shape extends z.ZodRawShape>(type: StepType, shape: Shape) {
  return z.strictObject({ type: z.literal(type), ...COMMON, ...NEXT, ...shape }).superRefine((step, context) => {
    const { on_completion, on_success, on_failure } = step as Step;
    if (on_completion === undefined || (on_success === undefined && on_failure === undefined)) return;
    const message = 'on_completion stands alone: on_success and on_failure must not be there, too (CACAO 2.0 §4.1)';
    context.addIssue({ code: 'custom', message, path: ['on_completion'] });
  });
}

const STEPS = {
  start: z.strictObject({ type: z.literal('start'), ...COMMON, on_completion: CacaoIdentifier }),
  end: z.strictObject({ type: z.literal('end'), ...COMMON }),
  action: goingOn('action', {
    commands: filledList(Command),
    agent: CacaoIdentifier,
    targets: filledList(CacaoIdentifier).optional(),
    ...ARGUMENTS,
  }),
  'playbook-action': goingOn('playbook-action', {
    playbook_id: identifierOf('playbook'),
    playbook_version: MillisecondTimestamp.optional(),
    ...ARGUMENTS,
  }),
  parallel: goingOn('parallel', {
    next_steps: z.array(CacaoIdentifier).min(2, 'Must name two steps or more; for one there is on_completion (§4.7)'),
  }),
  'if-condition': goingOn('if-condition', {
    condition: Name,
    on_true: CacaoIdentifier,
    on_false: CacaoIdentifier.optional(),
  }),
  'while-condition': goingOn('while-condition', { condition: Name, on_true: CacaoIdentifier }),
  'switch-condition': goingOn('switch-condition', {
    switch: Name,
    cases: dictionaryOf(
      { pattern: /^[\s\S]{1,250}$/, message: 'A case has 1 to 250 characters' },
      CacaoIdentifier,
    ).refine((cases) => Object.keys(cases).length > 0, { message: 'Must have a case' }),
  }),
} as const satisfies Record<StepType, z.ZodType>;

/** §3.1 `workflow`. */
export const Workflow = dictionaryById(objectByType<Step>(STEPS));
