/** @returns a playbook of the hospital's own (CACAO 2.0): the documents of the share are put back from the backup */
export function restorePlaybook(folder: string): object {
  const command = { action: 'restore', target: { file: { path: folder } } };
  const identity = 'identity--0b1f6b34-7c1e-4a55-9d0e-0d3f7f4c5a11';
  const [begin, put, end] = [
    'start--5d0b9f0e-62f7-4d0c-9c61-0e5a5b1f0a01',
    'action--5d0b9f0e-62f7-4d0c-9c61-0e5a5b1f0a02',
    'end--5d0b9f0e-62f7-4d0c-9c61-0e5a5b1f0a03',
  ];
  const agent = 'http-api--5d0b9f0e-62f7-4d0c-9c61-0e5a5b1f0a04';
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: RESTORE_PLAYBOOK,
    name: 'Bring the documents of the share back',
    description: 'Puts every document back as it was in the latest copy; what is there now is kept beside it.',
    playbook_types: ['remediation'],
    created_by: identity,
    created: '2026-11-30T18:00:00.000Z',
    modified: '2026-11-30T18:00:00.000Z',
    workflow_start: begin,
    workflow: {
      [begin]: { type: 'start', on_completion: put },
      [put]: {
        type: 'action',
        name: 'Put the documents back',
        on_completion: end,
        commands: [
          {
            type: 'openc2-http',
            command: 'POST /.well-known/openc2 HTTP/1.1',
            content_b64: Buffer.from(JSON.stringify(command)).toString('base64'),
            headers: { 'Content-Type': ['application/openc2+json;version=1.0'] },
          },
        ],
        agent,
      },
      [end]: { type: 'end' },
    },
    agent_definitions: {
      [agent]: { type: 'http-api', name: 'SPHINX response and recovery', address: { url: ['https://localhost:8443'] } },
    },
  };
}

export const RESTORE_PLAYBOOK = 'playbook--5d0b9f0e-62f7-4d0c-9c61-0e5a5b1f0a00';
