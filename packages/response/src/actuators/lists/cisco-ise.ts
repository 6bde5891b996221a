import { z } from 'zod';
import { type ActuatorContext, ActuatorError, type ActuatorKind } from '../../contract/actuator.ts';
import { askHttp, expectStatus, HttpTarget, pathOf, readJson, secretText } from '../../means/http.ts';
import { type BlockList, ListActuator, listCapabilities } from './list-actuator.ts';

const IseSettings = z.strictObject({
  target: HttpTarget,
  userSecret: z.string().min(1).describe('Name of the secret with `user:password` of an ERS administrator'),
  policy: z
    .string()
    .regex(/^[A-Za-z0-9_ -]{1,100}$/)
    .describe('ANC policy that quarantines'),
  neverCut: z.array(z.string()).default([]).describe('Hardware addresses that no action may cut'),
});
const PAGE = 100;
/** More endpoints under ANC policies than any hospital has. */
const MAXIMUM_PAGES = 100;

/** Adaptive Network Control of Cisco ISE. */
export const ciscoIse: ActuatorKind<typeof IseSettings> = {
  type: 'cisco-ise',
  title: 'Cisco ISE',
  description:
    'Puts endpoints under an ANC policy by their hardware address, and clears that; ISE tells the switch by change of ' +
    'authorization. The hospital prepares the policy, an authorization rule for it, and an ERS administrator.',
  proof: 'recorded',
  triedWith:
    'answers as developer.cisco.com has them for ISE 3.0, `ers/config/ancendpoint` (apply, clear, get all, get by id)',
  capabilities: listCapabilities(['mac']),
  settings: IseSettings,
  open: (id, settings, context) =>
    new ListActuator(id, 'cisco-ise', ['mac'], isePolicy(settings, context), settings.neverCut),
};

const Found = z.object({
  SearchResult: z.object({
    total: z.int(),
    resources: z.array(z.object({ id: z.string() })).default([]),
    nextPage: z.json().optional(),
  }),
});
const Endpoint = z.object({ ErsAncEndpoint: z.object({ macAddress: z.string(), policyName: z.string() }) });

function isePolicy(
  { target, userSecret, policy }: z.infer<typeof IseSettings>,
  { secrets }: ActuatorContext,
): BlockList {
  const { host } = new URL(target.url);
  const ask = async (method: 'GET' | 'PUT', path: string, body: unknown, signal: AbortSignal) => {
    const authorization = `Basic ${Buffer.from(await secretText(secrets, userSecret)).toString('base64')}`;
    return askHttp(target, { method, path, headers: { authorization }, body, signal });
  };
  const change = async (verb: 'apply' | 'clear', macs: readonly string[], signal: AbortSignal): Promise<void> => {
    for (const mac of macs) {
      const values = [
        { name: 'macAddress', value: mac.toUpperCase() },
        ...(verb === 'apply' ? [{ name: 'policyName', value: policy }] : []),
      ];
      const body = { OperationAdditionalData: { additionalData: values } };
      expectStatus(host, await ask('PUT', `/ers/config/ancendpoint/${verb}`, body, signal), 200, 204);
    }
  };
  return {
    words: `the ANC policy ${policy} of ${host}`,
    async membersAmong(members, signal) {
      const there: string[] = [];
      for (let page = 1; page <= MAXIMUM_PAGES; page++) {
        const answer = await ask('GET', `/ers/config/ancendpoint?size=${PAGE}&page=${page}`, undefined, signal);
        expectStatus(host, answer, 200);
        const { resources, nextPage } = readJson(host, answer, Found).SearchResult;
        for (const { id } of resources) {
          const one = await ask('GET', pathOf`/ers/config/ancendpoint/${id}`, undefined, signal);
          // It was cleared since the list was read.
          if (one.status === 404) continue;
          expectStatus(host, one, 200);
          const { macAddress, policyName } = readJson(host, one, Endpoint).ErsAncEndpoint;
          const mac = macAddress.toLowerCase();
          if (!members.includes(mac)) continue;
          if (policyName !== policy)
            throw new ActuatorError(`${macAddress} is under the ANC policy ${policyName} already. Clear that first.`);
          there.push(mac);
        }
        if (nextPage === undefined) break;
      }
      return there;
    },
    add: (members, signal) => change('apply', members, signal),
    remove: (members, signal) => change('clear', members, signal),
  };
}
