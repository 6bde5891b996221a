const UUID = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;

export const START = `start--${UUID(1)}`;
export const FIRST = `action--${UUID(2)}`;
export const END = `end--${UUID(3)}`;
export const AGENT = `individual--${UUID(4)}`;

/** @returns the identifier of a step that no test playbook has yet */
export function stepId(type: string, number: number): string {
  return `${type}--${UUID(number)}`;
}

type Json = Record<string, unknown>;

/** A playbook with one step for a person. @param changes replace properties; undefined takes one away */
export function playbookWith(changes: Json = {}, steps: Json = {}): Json {
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${UUID(9)}`,
    name: 'Call the ward',
    created_by: `identity--${UUID(8)}`,
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-01-02T00:00:00.000Z',
    workflow_start: START,
    workflow: {
      [START]: { type: 'start', on_completion: FIRST },
      [FIRST]: action(END),
      [END]: { type: 'end' },
      ...steps,
    },
    agent_definitions: { [AGENT]: { type: 'individual', name: 'Nurse on duty' } },
    ...changes,
  };
}

/** @param next step that follows */
export function action(next: string): Json {
  return { type: 'action', agent: AGENT, commands: [{ type: 'manual', command: 'Look' }], on_completion: next };
}
