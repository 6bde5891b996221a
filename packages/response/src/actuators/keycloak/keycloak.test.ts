import { describe, expect, it } from 'vitest';
import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { ActuatorCommand } from '../../contract/actuator.ts';
import { type RecordedAnswer, type RecordedRequest, RecordedServer } from '../../testing/recorded-server.ts';
import { secretsOf } from '../../testing/ssh-server.ts';
import { keycloak } from './keycloak.ts';

const signal = new AbortController().signal;

/** Keycloak as its Admin REST API is documented. */
function buildKeycloak() {
  const users = new Map(
    ['nurse', 'doctor'].map((username, at) => [
      `id-${at}`,
      { id: `id-${at}`, username, enabled: true, attributes: { ward: ['4'] } },
    ]),
  );
  const sessions = new Map([['id-0', [{ id: 's1' }]]]);
  const answer = ({ what, query, headers, body }: RecordedRequest): RecordedAnswer => {
    if (what === 'POST /realms/hospital/protocol/openid-connect/token') {
      const form = new URLSearchParams(body);
      const isGood = form.get('grant_type') === 'client_credentials' && form.get('client_secret') === 'client secret';
      return isGood
        ? { status: 200, body: { access_token: 'token', expires_in: 60 } }
        : { status: 401, body: { error: 'unauthorized_client' } };
    }
    if (headers.authorization !== 'Bearer token') return { status: 401 };
    if (what === 'GET /admin/realms/hospital/users') {
      const name = query.get('username');
      return {
        status: 200,
        body: [...users.values()].filter(
          ({ username }) => name === null || (query.get('exact') === 'true' && username === name),
        ),
      };
    }
    const [, method = '', id = '', rest = ''] =
      /^(\S+) \/admin\/realms\/hospital\/users\/([^/]+)(\/.+)?$/.exec(what) ?? [];
    const user = users.get(id);
    if (user === undefined) return { status: 404, body: { error: 'User not found' } };
    switch (`${method} ${rest}`) {
      case 'GET ':
        return { status: 200, body: user };
      case 'PUT ':
        users.set(id, JSON.parse(body));
        return { status: 204 };
      case 'POST /logout':
        sessions.delete(id);
        return { status: 204 };
      case 'GET /sessions':
        return { status: 200, body: sessions.get(id) ?? [] };
      default:
        return { status: 405 };
    }
  };
  return { users, answer };
}

const open = (url: string, secret = 'client secret', more: object = {}) => {
  const settings = { target: { url }, realm: 'hospital', clientId: 'sphinx', clientSecret: 'client', ...more };
  return keycloak.open('sso', keycloak.settings.parse(settings), {
    secrets: secretsOf({ client: secret }),
    now: () => 0,
  });
};

function commandOf(command: ActuatorCommand['command']): ActuatorCommand {
  return { id: JSON.stringify(command), command, addresses: [], macAddresses: [], keptFlows: [] };
}
const setting = (name: string, enabled = false) =>
  commandOf({ action: 'set', target: { 'x-sphinx:account': { name, enabled } } });

describeActuatorContract('Keycloak, as documented,', async () => {
  const product = buildKeycloak();
  const server = await RecordedServer.start(product.answer);
  return {
    open: () => open(server.url),
    openAway: () => open('http://127.0.0.1:1'),
    openRefused: () => open(server.url, 'wrong'),
    command: setting('nurse'),
    other: setting('doctor'),
    hostile: ['../id-0', '?username=nurse', '*', 'nurse&exact=false', ''].map((name) => setting(name)),
    state: async () => JSON.parse(JSON.stringify([...product.users])),
    changeByOthers: async () => {
      product.users.set('id-1', { id: 'id-1', username: 'doctor', enabled: true, attributes: { ward: ['5'] } });
    },
    dispose: () => server.stop(),
  };
});

describe('Keycloak', () => {
  it('ends the sessions of an account, and keeps emergency accounts', async () => {
    const server = await RecordedServer.start(buildKeycloak().answer);
    const command = commandOf({ action: 'delete', target: { 'x-sphinx:sessions': { account: 'nurse' } } });
    const preparation = await open(server.url).prepare(command, signal);
    expect(preparation.isReversible).toBe(false);
    expect(await open(server.url).verify(command, preparation, signal)).toBe('absent');
    await open(server.url).apply(command, preparation, signal);
    expect(await open(server.url).verify(command, preparation, signal)).toBe('in-force');
    const kept = open(server.url, 'client secret', { neverDisable: ['NURSE'] });
    await expect(kept.prepare(command, signal)).rejects.toThrow(/must stay usable/);
    await server.stop();
  });
});
