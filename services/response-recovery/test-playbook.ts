import { type Playbook, readPlaybook } from '@sphinx/playbooks';

type Steps = Readonly<Record<string, object>>;

/** Name of a step of a test → its identifier. */
export function stepId(type: string, number: number): string {
  return `${type}--00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const START = stepId('start', 1);
export const END = stepId('end', 99);
export const AGENT = stepId('group', 1);

/** @returns an action step with an OpenC2 command */
export function openc2(name: string, command: object, next: object): object {
  return {
    type: 'action',
    name,
    agent: AGENT,
    commands: [
      {
        type: 'openc2-http',
        command: 'POST /.well-known/openc2 HTTP/1.1',
        content_b64: Buffer.from(JSON.stringify(command)).toString('base64'),
      },
    ],
    ...next,
  };
}

/** @returns an action step that a person does */
export function manual(name: string, next: object): object {
  return { type: 'action', name, agent: AGENT, commands: [{ type: 'manual', command: name }], ...next };
}

export const CONTAIN = { action: 'contain', target: { device: { device_id: '__device_ip__:value' } } };
export const BLOCK = { action: 'deny', target: { ipv4_net: '203.0.113.9' } };

/** @throws Error that names what is wrong with it */
export function playbookOf(steps: Steps, more: object = {}, number = 1): Playbook {
  const text = JSON.stringify({
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: stepId('playbook', number),
    name: `Test ${number}`,
    created_by: stepId('identity', 1),
    created: '2026-11-30T18:00:00.000Z',
    modified: '2026-11-30T18:00:00.000Z',
    playbook_variables: {
      __device_ip__: { type: 'ipv4-addr', external: true },
      ...(more as { playbook_variables?: object }).playbook_variables,
    },
    workflow_start: START,
    workflow: { [START]: { type: 'start', on_completion: stepId('action', 1) }, [END]: { type: 'end' }, ...steps },
    agent_definitions: { [AGENT]: { type: 'group', name: 'Ward' } },
    ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'playbook_variables')),
  });
  const { playbook, problems } = readPlaybook(text);
  if (playbook === undefined) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return playbook;
}
