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
import { askHttp, expectStatus, HttpTarget, pathOf, readJson, secretText } from '../../means/http.ts';

const Script = z.string().regex(/^!?[A-Za-z0-9_.-]{1,64}$/);
const WazuhSettings = z.strictObject({
  target: HttpTarget,
  userSecret: z.string().min(1).describe('Name of the secret with `user:password` of the Wazuh API'),
  blockCommand: Script.default('!firewall-drop').describe('Active response that cuts an address off'),
  disableCommand: Script.default('!disable-account').describe('Active response that disables an account'),
  agents: z
    .array(z.string().regex(/^\d{3,10}$/))
    .min(1)
    .describe('Agents that act: servers that shall not be reached by a hostile address'),
});
type WazuhSettings = z.infer<typeof WazuhSettings>;

const CAPABILITIES: readonly Capability[] = [
  { action: 'deny', target: 'ipv4_net', isReversible: false },
  { action: 'set', target: 'x-sphinx:account', isReversible: false },
];

/** Active responses of Wazuh agents. */
export const wazuh: ActuatorKind<typeof WazuhSettings> = {
  type: 'wazuh',
  title: 'Wazuh active response',
  description:
    'Has agents run an active response: cut an address off their machine, disable a local account. The hospital prepares the ' +
    'scripts on the agents and an API user with active-response:command for them. Wazuh itself takes a response back after ' +
    'its own timeout; the API has no request for that, and can’t be asked what is in force.',
  proof: 'recorded',
  triedWith:
    'answers shaped after the Wazuh 4 API, not looked up in every detail (`security/user/authenticate`, `PUT /active-response`)',
  capabilities: CAPABILITIES,
  settings: WazuhSettings,
  open: (id, settings, context) => new Wazuh(id, settings, context),
};

const Result = z.object({
  error: z.int(),
  message: z.string().optional(),
  data: z.object({ total_affected_items: z.int(), total_failed_items: z.int() }),
});

class Wazuh implements Actuator {
  readonly id: string;
  readonly type = 'wazuh';
  readonly capabilities = CAPABILITIES;
  readonly #settings: WazuhSettings;
  readonly #secrets: ActuatorContext['secrets'];
  readonly #host: string;

  constructor(id: string, settings: WazuhSettings, { secrets }: ActuatorContext) {
    this.id = id;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#host = new URL(settings.target.url).host;
  }

  async prepare(command: ActuatorCommand, signal: AbortSignal): Promise<Preparation> {
    const { words } = this.#order(command);
    await this.#token(signal);
    const effect = `Have the agents ${this.#settings.agents.join(', ')} run ${words}.`;
    return { effects: [effect], before: null, isReversible: false };
  }

  async apply(command: ActuatorCommand, _: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { words, body } = this.#order(command);
    const { agents } = this.#settings;
    const headers = { authorization: `Bearer ${await this.#token(signal)}` };
    const path = pathOf`/active-response?agents_list=${agents.join(',')}`;
    const answer = await askHttp(this.#settings.target, { method: 'PUT', path, headers, body, signal });
    expectStatus(this.#host, answer, 200);
    const { error, message, data } = readJson(this.#host, answer, Result);
    if (error !== 0)
      throw new ActuatorError(`${data.total_failed_items} of ${agents.length} agents did not: ${message ?? ''}`);
    return { summary: `${data.total_affected_items} agents ran ${words}.`, result: { agents } };
  }

  async undo(): Promise<ActionOutcome> {
    return { summary: 'Wazuh takes this back after its own timeout.', result: null };
  }

  async verify(): Promise<'unknown'> {
    return 'unknown';
  }

  async check(signal: AbortSignal) {
    try {
      await this.#token(signal);
      return { isReady: true, message: `${this.#host} lets SPHINX in.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }

  #order({ command: { target } }: ActuatorCommand): { words: string; body: Json } {
    const { blockCommand, disableCommand } = this.#settings;
    const account = target['x-sphinx:account'];
    if (account !== undefined) {
      if (account.enabled !== false) throw new ActuatorError('Wazuh can disable an account, not enable it.');
      return {
        words: `${disableCommand} for ${account.name}`,
        body: { command: disableCommand, alert: { data: { dstuser: account.name } } },
      };
    }
    const address = target.ipv4_net?.replace(/\/32$/, '') ?? '';
    if (address === '' || address.includes('/'))
      throw new ActuatorError('Wazuh cuts single addresses of IPv4 off, not networks.');
    return {
      words: `${blockCommand} for ${address}`,
      body: { command: blockCommand, alert: { data: { srcip: address } } },
    };
  }

  async #token(signal: AbortSignal): Promise<string> {
    const user = await secretText(this.#secrets, this.#settings.userSecret);
    const headers = { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
    const path = '/security/user/authenticate?raw=true';
    const answer = await askHttp(this.#settings.target, { method: 'POST', path, headers, signal });
    expectStatus(this.#host, answer, 200);
    return answer.text.trim();
  }
}
