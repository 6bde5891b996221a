import { randomUUID } from 'node:crypto';
import { type Playbook, readPlaybook, SPHINX_IDENTITY } from '@sphinx/playbooks';
import type { OpenC2Command } from '@sphinx/response';
import { commandText } from '../commands/interference.ts';

/** @returns a playbook of one step that carries a command out, so that it is guarded, agreed to and kept like any other */
export function singleCommandPlaybook(command: OpenC2Command, now: number): Playbook {
  const [start, action, end, agent] = ['start', 'action', 'end', 'http-api'].map(
    (type) => `${type}--${randomUUID()}`,
  ) as [string, string, string, string];
  const time = new Date(now).toISOString();
  const text = commandText(command);
  const { playbook, problems } = readPlaybook(
    JSON.stringify({
      type: 'playbook',
      spec_version: 'cacao-2.0',
      id: `playbook--${randomUUID()}`,
      name: `OpenC2: ${text}`,
      created_by: SPHINX_IDENTITY,
      created: time,
      modified: time,
      workflow_start: start,
      workflow: {
        [start]: { type: 'start', on_completion: action },
        [action]: {
          type: 'action',
          name: text,
          agent,
          on_completion: end,
          commands: [
            {
              type: 'openc2-http',
              description: text,
              command: 'POST /.well-known/openc2 HTTP/1.1',
              content_b64: Buffer.from(JSON.stringify(command)).toString('base64'),
            },
          ],
        },
        [end]: { type: 'end' },
      },
      agent_definitions: { [agent]: { type: 'http-api', name: 'SPHINX response', address: { dname: ['localhost'] } } },
    }),
  );
  if (playbook === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return playbook;
}
