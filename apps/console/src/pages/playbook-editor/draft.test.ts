import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addStep,
  connect,
  copyOf,
  type Draft,
  emptyDraft,
  inOrder,
  newUuid,
  removeStep,
  STEP_KINDS,
  waysOf,
} from './draft.ts';
import { startOf, step } from './undo-stack.ts';

const NOW = '2026-11-30T20:00:00.000Z';
let count = 0;
const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
const endOf = (draft: Draft) => Object.keys(draft.workflow).find((id) => id.startsWith('end--')) ?? '';
const targets = (draft: Draft) =>
  Object.values(draft.workflow)
    .flatMap(waysOf)
    .map(({ to }) => to);

describe('a draft of a playbook', () => {
  it('takes a step in between two, with somebody who does it', () => {
    const empty = emptyDraft(NOW, uuid);
    const { draft, id } = addStep(empty, 'action', empty.workflow_start, uuid);
    expect(draft.workflow[empty.workflow_start]?.on_completion).toBe(id);
    expect(draft.workflow[id]?.on_completion).toBe(endOf(empty));
    expect(draft.agent_definitions?.[draft.workflow[id]?.agent ?? '']?.name).toBe('Incident response team');
    expect(empty.workflow[empty.workflow_start]?.on_completion).toBe(endOf(empty));
  });

  it('closes the gap that a step leaves, and keeps its start', () => {
    const empty = emptyDraft(NOW, uuid);
    const { draft, id } = addStep(empty, 'action', empty.workflow_start, uuid);
    expect(removeStep(draft, id).workflow).toEqual(empty.workflow);
    expect(removeStep(draft, draft.workflow_start)).toBe(draft);
  });

  it('has one way on, or one for success and one for failure', () => {
    const empty = emptyDraft(NOW, uuid);
    const { draft, id } = addStep(empty, 'action', empty.workflow_start, uuid);
    const parted = connect(draft, id, 'on_failure', endOf(draft));
    expect(parted.workflow[id]).toMatchObject({ on_failure: endOf(draft) });
    expect(parted.workflow[id]?.on_completion).toBeUndefined();
    expect(connect(parted, id, 'on_completion', endOf(draft)).workflow[id]?.on_failure).toBeUndefined();
  });

  it('is copied under an id of its own that says where it is from, without signatures of others', () => {
    const draft = { ...emptyDraft(NOW, uuid), signatures: [{}] };
    const copy = copyOf(draft, NOW, uuid);
    expect(copy).toMatchObject({ derived_from: [draft.id], name: 'New playbook (own)' });
    expect(copy.id).not.toBe(draft.id);
    expect(copy.signatures).toBeUndefined();
  });

  it('never points at a step that is not there, whatever is added and removed', () => {
    const kind = fc.constantFrom(...STEP_KINDS.map(({ type }) => type));
    const act = fc.record({ kind, place: fc.nat(20), isRemoval: fc.boolean() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        let draft = emptyDraft(NOW, uuid);
        for (const { kind: type, place, isRemoval } of acts) {
          const ids = Object.keys(draft.workflow);
          const id = ids[place % ids.length] ?? '';
          draft = isRemoval ? removeStep(draft, id) : addStep(draft, type, id, uuid).draft;
        }
        for (const to of targets(draft)) expect(draft.workflow[to]).toBeDefined();
        expect(inOrder(draft)).toHaveLength(Object.keys(draft.workflow).length);
      }),
      { numRuns: 200 },
    );
  });

  it('has ids that the specification takes', () => {
    expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('undo', () => {
  it('goes back and forth, takes what is typed as one step, and forgets what was taken back after a change', () => {
    const change = (value: string, key = '') => ({ kind: 'change' as const, value, key });
    let stack = startOf('');
    for (const text of ['a', 'ab', 'abc']) stack = step(stack, change(text, 'name'));
    stack = step(stack, change('abc!'));
    stack = step(stack, { kind: 'undo' });
    expect(stack.present).toBe('abc');
    stack = step(stack, { kind: 'undo' });
    expect(stack.present).toBe('');
    expect(step(stack, { kind: 'undo' })).toBe(stack);
    stack = step(stack, { kind: 'redo' });
    expect(stack.present).toBe('abc');
    stack = step(stack, change('x'));
    expect(step(stack, { kind: 'redo' })).toBe(stack);
  });
});
