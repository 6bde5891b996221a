import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { type ActuatorContext, ActuatorError, type ActuatorKind } from '../../contract/actuator.ts';
import { askHttp, expectStatus, type HttpAnswer, HttpTarget, pathOf, readJson, secretText } from '../../means/http.ts';
import { type BlockList, ListActuator, listCapabilities } from './list-actuator.ts';

const FortiosSettings = z.strictObject({
  target: HttpTarget,
  tokenSecret: z.string().min(1).describe('Name of the secret with the token of a REST API administrator'),
  vdom: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,31}$/)
    .default('root'),
  group: z.string().min(1).max(79).describe('Address group that a policy of the hospital denies'),
  group6: z.string().min(1).max(79).optional().describe('Address group of IPv6 that a policy of the hospital denies'),
  neverCut: z.array(z.string()).default([]).describe('Addresses that no action may cut'),
});
type FortiosSettings = z.infer<typeof FortiosSettings>;

/** Address groups of FortiGate. */
export const fortios: ActuatorKind<typeof FortiosSettings> = {
  type: 'fortios',
  title: 'Fortinet FortiGate',
  description:
    'Makes an address object and puts it into an address group, or takes it out and deletes it. The hospital prepares the group ' +
    'with one member of its own (a group may not be empty), a policy above the others that denies it, and a REST API ' +
    'administrator that may write addresses alone.',
  proof: 'recorded',
  triedWith:
    'answers shaped after the FortiOS 7 REST API, not looked up in every detail (`cmdb/firewall/address`, `addrgrp` and its table `member`)',
  capabilities: listCapabilities(['address']),
  settings: FortiosSettings,
  open: (id, settings, context) =>
    new ListActuator(id, 'fortios', ['address'], fortiosGroup(settings, context), settings.neverCut),
};

const Group = z.object({ results: z.array(z.object({ member: z.array(z.object({ name: z.string() })) })) });

function fortiosGroup(settings: FortiosSettings, { secrets }: ActuatorContext): BlockList {
  const { target, tokenSecret, vdom } = settings;
  const { host } = new URL(target.url);
  const ask = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<HttpAnswer> => {
    const headers = { authorization: `Bearer ${await secretText(secrets, tokenSecret)}` };
    return askHttp(target, { method, path: `${path}?vdom=${encodeURIComponent(vdom)}`, headers, body, signal });
  };
  const groupOf = (member: string): string => {
    const group = isIPv4(member) ? settings.group : settings.group6;
    if (group === undefined)
      throw new ActuatorError(`${member} is of IPv6. Enter "group6" in the settings of this actuator.`);
    return group;
  };
  const read = async (group: string, table: string, signal: AbortSignal): Promise<readonly string[]> => {
    const answer = await ask('GET', pathOf`/api/v2/cmdb/firewall/${table}/${group}`, undefined, signal);
    if (answer.status === 404)
      throw new ActuatorError(`${host} has no address group ${group}. Make it, with a policy that denies it.`);
    expectStatus(host, answer, 200);
    return readJson(host, answer, Group).results.flatMap(({ member }) => member.map(({ name }) => name));
  };
  const tables = (member: string) =>
    isIPv4(member) ? { object: 'address', group: 'addrgrp' } : { object: 'address6', group: 'addrgrp6' };
  const exists = async (member: string, signal: AbortSignal): Promise<boolean> => {
    const path = pathOf`/api/v2/cmdb/firewall/${tables(member).object}/${objectName(member)}`;
    const answer = await ask('GET', path, undefined, signal);
    if (answer.status === 404) return false;
    expectStatus(host, answer, 200);
    return true;
  };
  return {
    words: `the address group ${settings.group} of ${host}`,
    async membersAmong(members, signal) {
      const there: string[] = [];
      for (const member of members) {
        const held = await read(groupOf(member), tables(member).group, signal);
        if (held.includes(objectName(member))) there.push(member);
      }
      return there;
    },
    async add(members, signal) {
      for (const member of members) {
        const { object, group } = tables(member);
        const text = { name: objectName(member), comment: 'Made by SPHINX' };
        const body = isIPv4(member)
          ? { ...text, type: 'ipmask', subnet: `${member} 255.255.255.255` }
          : { ...text, ip6: `${member}/128` };
        if (!(await exists(member, signal)))
          expectStatus(host, await ask('POST', pathOf`/api/v2/cmdb/firewall/${object}`, body, signal), 200);
        const path = pathOf`/api/v2/cmdb/firewall/${group}/${groupOf(member)}/member`;
        expectStatus(host, await ask('POST', path, { name: objectName(member) }, signal), 200);
      }
    },
    async remove(members, signal) {
      for (const member of members) {
        const { object, group } = tables(member);
        const path = pathOf`/api/v2/cmdb/firewall/${group}/${groupOf(member)}/member/${objectName(member)}`;
        expectStatus(host, await ask('DELETE', path, undefined, signal), 200, 404);
        // An object that something else uses by now stays: FortiOS answers 500 with the error -23.
        const gone = await ask(
          'DELETE',
          pathOf`/api/v2/cmdb/firewall/${object}/${objectName(member)}`,
          undefined,
          signal,
        );
        expectStatus(host, gone, 200, 404, 500);
      }
    },
  };
}

function objectName(member: string): string {
  return `sphinx-${member}`;
}
