import { z } from 'zod';
import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
  type Capability,
  type Json,
  type Preparation,
} from '../../contract/actuator.ts';
import { askHttp, expectStatus, type HttpOrder, HttpTarget, pathOf, readJson, secretText } from '../../means/http.ts';

const KeycloakSettings = z.strictObject({
  target: HttpTarget,
  realm: z.string().min(1).max(255),
  clientId: z.string().min(1).describe('Client with a service account that may manage users of the realm'),
  clientSecret: z.string().min(1).describe('Name of the secret with the secret of the client'),
  neverDisable: z.array(z.string()).default([]).describe('Accounts that stay: emergency access'),
});
type KeycloakSettings = z.infer<typeof KeycloakSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'set', target: 'x-sphinx:account', isReversible: true },
  { action: 'delete', target: 'x-sphinx:sessions', isReversible: false },
];
const User = z.looseObject({ id: z.string(), username: z.string(), enabled: z.boolean() });

/** Accounts and sessions of Keycloak. */
export const keycloak: ActuatorKind<typeof KeycloakSettings> = {
  type: 'keycloak',
  title: 'Keycloak',
  description:
    'Disables and enables accounts, and ends all sessions of one. The hospital prepares a client with a service account that has ' +
    'the role manage-users of the realm and no other. Tokens that were given out last until they expire.',
  proof: 'recorded',
  triedWith:
    'answers shaped after the Admin REST API of Keycloak, not looked up in every detail (`users`, `users/{id}`, `users/{id}/logout`)',
  capabilities: CAPABILITIES,
  settings: KeycloakSettings,
  open: (id, settings, context) => new Keycloak(id, settings, context),
};

interface Before {
  readonly userId: string;
  readonly wasEnabled: boolean;
}

class Keycloak implements Actuator {
  readonly id: string;
  readonly type = 'keycloak';
  readonly capabilities = CAPABILITIES;
  readonly #settings: KeycloakSettings;
  readonly #secrets: ActuatorContext['secrets'];
  readonly #host: string;

  constructor(id: string, settings: KeycloakSettings, { secrets }: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#host = new URL(settings.target.url).host;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const { name, enabled } = orderOf(command);
    const kept = this.#settings.neverDisable.find((one) => one.toLowerCase() === name.toLowerCase());
    if (enabled !== true && kept !== undefined)
      throw new ActuatorError(`The settings of this actuator say that the account ${kept} must stay usable.`);
    const user = await this.#find(name, signal);
    const before: Before = { userId: user.id, wasEnabled: user.enabled };
    const effect =
      enabled === undefined ? `End all sessions of ${name}.` : `${enabled ? 'Enable' : 'Disable'} the account ${name}.`;
    return { effects: [effect], before: before as unknown as Json, isReversible: enabled !== undefined };
  }

  async apply(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { enabled } = orderOf(command);
    const { userId } = beforeOf(preparation);
    if (enabled !== undefined) await this.#become(userId, enabled, signal);
    else {
      const path = pathOf`/admin/realms/${this.#settings.realm}/users/${userId}/logout`;
      expectStatus(this.#host, await this.#ask('POST', path, undefined, signal), 200, 204);
    }
    return { summary: preparation.effects.join(' '), result: { userId } };
  }

  async undo(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { userId, wasEnabled } = beforeOf(preparation);
    if (orderOf(command).enabled === undefined)
      return { summary: 'Sessions that were ended can’t be brought back.', result: null };
    await this.#become(userId, wasEnabled, signal);
    return { summary: `The account is ${wasEnabled ? 'enabled' : 'disabled'}, as before.`, result: null };
  }

  async verify(command: ActuatorCommand, preparation: Preparation, signal: AbortSignal) {
    const { enabled } = orderOf(command);
    const { userId } = beforeOf(preparation);
    if (enabled !== undefined) return (await this.#read(userId, signal)).enabled === enabled ? 'in-force' : 'absent';
    const path = pathOf`/admin/realms/${this.#settings.realm}/users/${userId}/sessions`;
    const answer = await this.#ask('GET', path, undefined, signal);
    expectStatus(this.#host, answer, 200);
    return readJson(this.#host, answer, z.array(z.json())).length === 0 ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    try {
      const path = pathOf`/admin/realms/${this.#settings.realm}/users?max=1`;
      expectStatus(this.#host, await this.#ask('GET', path, undefined, signal), 200);
      return { isReady: true, message: `${this.#host} lets SPHINX manage users of ${this.#settings.realm}.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  async #find(name: string, signal: AbortSignal) {
    const path = pathOf`/admin/realms/${this.#settings.realm}/users?username=${name}&exact=true`;
    const answer = await this.#ask('GET', path, undefined, signal);
    expectStatus(this.#host, answer, 200);
    const user = readJson(this.#host, answer, z.array(User)).find(
      ({ username }) => username.toLowerCase() === name.toLowerCase(),
    );
    if (user === undefined) throw new ActuatorError(`${this.#settings.realm} has no account "${name}".`);
    return user;
  }

  async #read(userId: string, signal: AbortSignal) {
    const answer = await this.#ask(
      'GET',
      pathOf`/admin/realms/${this.#settings.realm}/users/${userId}`,
      undefined,
      signal,
    );
    expectStatus(this.#host, answer, 200);
    return readJson(this.#host, answer, User);
  }

  /** The whole representation goes back: Keycloak may empty attributes that a change leaves out. */
  async #become(userId: string, enabled: boolean, signal: AbortSignal): Promise<void> {
    const user = await this.#read(userId, signal);
    if (user.enabled === enabled) return;
    const path = pathOf`/admin/realms/${this.#settings.realm}/users/${userId}`;
    const whole = new AbortController().signal;
    expectStatus(this.#host, await this.#ask('PUT', path, { ...user, enabled }, whole), 204);
  }

  async #ask(method: HttpOrder['method'], path: string, body: unknown, signal: AbortSignal) {
    const headers = { authorization: `Bearer ${await this.#token(signal)}` };
    return askHttp(this.#settings.target, { method, path, headers, body, signal });
  }

  async #token(signal: AbortSignal): Promise<string> {
    const { target, realm, clientId, clientSecret } = this.#settings;
    const secret = await secretText(this.#secrets, clientSecret);
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
    }).toString();
    const path = pathOf`/realms/${realm}/protocol/openid-connect/token`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await askHttp(target, { method: 'POST', path, headers, body, signal });
    expectStatus(this.#host, answer, 200);
    return readJson(this.#host, answer, z.object({ access_token: z.string() })).access_token;
  }
}

/** Enabled or not; neither where sessions are meant. */
function orderOf({ command: { target } }: ActuatorCommand): { name: string; enabled?: boolean | undefined } {
  const sessions = target['x-sphinx:sessions'];
  if (sessions !== undefined) return { name: sessions.account };
  const account = target['x-sphinx:account'];
  if (account?.enabled === undefined)
    throw new ActuatorError('Keycloak can set an account enabled or disabled, or end its sessions.');
  return account;
}

function beforeOf({ before }: Preparation): Before {
  return before as unknown as Before;
}
