import { expect, it } from 'vitest';
import type { ActuatorCommand } from '../../contract/actuator.ts';
import { RecordedServer } from '../../testing/recorded-server.ts';
import { secretsOf } from '../../testing/ssh-server.ts';
import { wazuh } from './wazuh.ts';

const signal = new AbortController().signal;

function commandOf(command: ActuatorCommand['command']): ActuatorCommand {
  return { id: 'run/step', command, addresses: [], macAddresses: [], keptFlows: [] };
}

it('has Wazuh agents act as its API documents it, and says that this can not be taken back from here', async () => {
  const ran: unknown[] = [];
  const server = await RecordedServer.start(({ what, query, headers, body }) => {
    if (what === 'POST /security/user/authenticate')
      return headers.authorization === `Basic ${Buffer.from('sphinx:password').toString('base64')}` &&
        query.get('raw') === 'true'
        ? { status: 200, body: 'token\n' }
        : { status: 401, body: { title: 'Unauthorized', detail: 'Invalid credentials' } };
    if (what !== 'PUT /active-response') return { status: 404 };
    if (headers.authorization !== 'Bearer token') return { status: 401 };
    const { command, alert, ...rest } = JSON.parse(body) as { command: string; alert: unknown };
    if (Object.keys(rest).length > 0) return { status: 400 };
    const agents = (query.get('agents_list') ?? '').split(',');
    const known = agents.filter((agent) => agent !== '999');
    if (known.length > 0) ran.push({ command, alert, agents: known });
    const failed = agents.length - known.length;
    return {
      status: 200,
      body: {
        error: failed > 0 ? 1 : 0,
        message: 'x',
        data: { total_affected_items: known.length, total_failed_items: failed },
      },
    };
  });
  const open = (password = 'password', agents = ['001', '002']) =>
    wazuh.open('agents', wazuh.settings.parse({ target: { url: server.url }, userSecret: 'user', agents }), {
      secrets: secretsOf({ user: `sphinx:${password}` }),
      now: () => 0,
    });
  const deny = commandOf({ action: 'deny', target: { ipv4_net: '198.51.100.9' } });
  const preparation = await open().prepare(deny, signal);
  expect(preparation.isReversible).toBe(false);
  expect((await open().apply(deny, preparation, signal)).summary).toBe('2 agents ran !firewall-drop for 198.51.100.9.');
  const disable = commandOf({
    action: 'set',
    target: { 'x-sphinx:account': { name: 'root"; reboot', enabled: false } },
  });
  await open().apply(disable, preparation, signal);
  expect(ran).toEqual([
    { command: '!firewall-drop', alert: { data: { srcip: '198.51.100.9' } }, agents: ['001', '002'] },
    { command: '!disable-account', alert: { data: { dstuser: 'root"; reboot' } }, agents: ['001', '002'] },
  ]);
  await expect(open('password', ['999']).apply(deny, preparation, signal)).rejects.toThrow(/1 of 1 agents did not/);
  expect((await open('wrong').check(signal)).isReady).toBe(false);
  await expect(
    open().prepare(commandOf({ action: 'deny', target: { ipv4_net: '198.51.100.0/24' } }), signal),
  ).rejects.toThrow(/single/);
  await server.stop();
});
