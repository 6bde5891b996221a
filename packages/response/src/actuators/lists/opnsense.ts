import { z } from 'zod';
import { type ActuatorContext, ActuatorError, type ActuatorKind } from '../../contract/actuator.ts';
import { askHttp, expectStatus, HttpTarget, pathOf, readJson, secretText } from '../../means/http.ts';
import { type BlockList, ListActuator, listCapabilities } from './list-actuator.ts';

const ALIAS = /^[A-Za-z_][A-Za-z0-9_]{0,31}$/;
const NeverCut = z.array(z.string()).default([]).describe('Addresses that no action may cut');

const OpnsenseSettings = z.strictObject({
  target: HttpTarget,
  keySecret: z.string().min(1).describe('Name of the secret with `key:secret` of an API key'),
  alias: z.string().regex(ALIAS).describe('Alias of the type External that a rule of the hospital blocks'),
  neverCut: NeverCut,
});

/** Aliases of OPNsense. */
export const opnsense: ActuatorKind<typeof OpnsenseSettings> = {
  type: 'opnsense',
  title: 'OPNsense',
  description:
    'Puts addresses on an alias and takes them off, without a reload of the rules. The hospital prepares an alias, a rule that ' +
    'blocks what is on it, and an API key of an account that may use “Firewall: Alias: Edit” alone.',
  proof: 'recorded',
  triedWith: 'answers as docs.opnsense.org has them, `firewall/alias_util` (list, add, delete)',
  capabilities: listCapabilities(['address', 'network']),
  settings: OpnsenseSettings,
  open: (id, settings, context) =>
    new ListActuator(id, 'opnsense', ['address', 'network'], opnsenseAlias(settings, context), settings.neverCut),
};

function opnsenseAlias(
  { target, keySecret, alias }: z.infer<typeof OpnsenseSettings>,
  { secrets }: ActuatorContext,
): BlockList {
  const { host } = new URL(target.url);
  const ask = async (method: 'GET' | 'POST', path: string, body: unknown, signal: AbortSignal) => {
    const authorization = `Basic ${Buffer.from(await secretText(secrets, keySecret)).toString('base64')}`;
    const answer = await askHttp(target, { method, path, headers: { authorization }, body, signal });
    expectStatus(host, answer, 200);
    return answer;
  };
  const change = async (verb: 'add' | 'delete', members: readonly string[], signal: AbortSignal): Promise<void> => {
    for (const address of members) {
      const answer = await ask('POST', pathOf`/api/firewall/alias_util/${verb}/${alias}`, { address }, signal);
      const { status, status_msg } = readJson(
        host,
        answer,
        z.object({ status: z.string(), status_msg: z.string().optional() }),
      );
      if (status !== 'done') throw new ActuatorError(`${host} refused ${address}: ${status_msg ?? status}`);
    }
  };
  const Listed = z.object({ rows: z.array(z.object({ ip: z.string() })) });
  return {
    words: `the alias ${alias} of ${host}`,
    async membersAmong(members, signal) {
      const answer = await ask('GET', pathOf`/api/firewall/alias_util/list/${alias}`, undefined, signal);
      const held = readJson(host, answer, Listed).rows.map(({ ip }) => ip.toLowerCase());
      return members.filter((member) => held.includes(member));
    },
    add: (members, signal) => change('add', members, signal),
    remove: (members, signal) => change('delete', members, signal),
  };
}

const PfsenseSettings = z.strictObject({
  target: HttpTarget,
  keySecret: z.string().min(1).describe('Name of the secret with the API key'),
  alias: z.string().regex(ALIAS).describe('Alias of the type Host(s) or Network(s) that a rule of the hospital blocks'),
  neverCut: NeverCut,
});

/** Aliases of pfSense. */
export const pfsense: ActuatorKind<typeof PfsenseSettings> = {
  type: 'pfsense',
  title: 'pfSense',
  description:
    'Puts addresses on an alias and takes them off, and applies that. The hospital prepares the package pfSense-pkg-RESTAPI, an ' +
    'alias, a rule that blocks what is on it, and an API key.',
  proof: 'recorded',
  triedWith:
    'answers shaped after pfSense-pkg-RESTAPI v2, not looked up in every detail (`firewall/aliases`, `firewall/alias` with `append` and `remove`)',
  capabilities: listCapabilities(['address', 'network']),
  settings: PfsenseSettings,
  open: (id, settings, context) =>
    new ListActuator(id, 'pfsense', ['address', 'network'], pfsenseAlias(settings, context), settings.neverCut),
};

function pfsenseAlias(
  { target, keySecret, alias }: z.infer<typeof PfsenseSettings>,
  { secrets }: ActuatorContext,
): BlockList {
  const { host } = new URL(target.url);
  const Aliases = z.object({
    data: z.array(z.object({ id: z.int(), name: z.string(), address: z.array(z.string()) })),
  });
  const ask = async (method: 'GET' | 'PATCH', path: string, body: unknown, signal: AbortSignal) => {
    const headers = { 'x-api-key': await secretText(secrets, keySecret) };
    const answer = await askHttp(target, { method, path, headers, body, signal });
    expectStatus(host, answer, 200);
    return answer;
  };
  const find = async (signal: AbortSignal) => {
    const answer = await ask('GET', pathOf`/api/v2/firewall/aliases?name=${alias}`, undefined, signal);
    const found = readJson(host, answer, Aliases).data.find(({ name }) => name === alias);
    if (found === undefined)
      throw new ActuatorError(`${host} has no alias ${alias}. Make it, with a rule that blocks it.`);
    return found;
  };
  const change = async (how: 'append' | 'remove', members: readonly string[], signal: AbortSignal): Promise<void> => {
    const { id } = await find(signal);
    await ask('PATCH', '/api/v2/firewall/alias', { id, address: members, [how]: true, apply: true }, signal);
  };
  return {
    words: `the alias ${alias} of ${host}`,
    async membersAmong(members, signal) {
      const held = (await find(signal)).address.map((address) => address.toLowerCase());
      return members.filter((member) => held.includes(member));
    },
    add: (members, signal) => change('append', members, signal),
    remove: (members, signal) => change('remove', members, signal),
  };
}
