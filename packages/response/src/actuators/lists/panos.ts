import { z } from 'zod';
import { type ActuatorContext, ActuatorError, type ActuatorKind } from '../../contract/actuator.ts';
import { askHttp, expectStatus, HttpTarget, secretText } from '../../means/http.ts';
import { type BlockList, ListActuator, listCapabilities } from './list-actuator.ts';

const PanosSettings = z.strictObject({
  target: HttpTarget,
  keySecret: z.string().min(1).describe('Name of the secret with the API key'),
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,127}$/)
    .describe('Tag of a dynamic address group that a rule of the hospital denies'),
  vsys: z
    .string()
    .regex(/^vsys\d{1,3}$/)
    .default('vsys1'),
  neverCut: z.array(z.string()).default([]).describe('Addresses that no action may cut'),
});

/** Dynamic address groups of Palo Alto Networks. */
export const panos: ActuatorKind<typeof PanosSettings> = {
  type: 'pan-os',
  title: 'Palo Alto PAN-OS',
  description:
    'Registers addresses with a tag and takes it away, without a commit. The hospital prepares a dynamic address group that ' +
    'matches the tag, a rule that denies it, and an API key of an account that may use the User-ID agent and operational requests.',
  proof: 'recorded',
  triedWith:
    'answers as the PAN-OS 10 XML API documents them (`type=user-id` register and unregister, `show object registered-ip tag`)',
  capabilities: listCapabilities(['address', 'network']),
  settings: PanosSettings,
  open: (id, settings, context) =>
    new ListActuator(id, 'pan-os', ['address', 'network'], panosTag(settings, context), settings.neverCut),
};

/** Values that go in are addresses, which were checked, and names, which the settings limit: none needs to be escaped in XML. */
function panosTag(
  { target, keySecret, tag, vsys }: z.infer<typeof PanosSettings>,
  { secrets }: ActuatorContext,
): BlockList {
  const { host } = new URL(target.url);
  const ask = async (type: 'user-id' | 'op', cmd: string, signal: AbortSignal): Promise<string> => {
    const headers = {
      'x-pan-key': await secretText(secrets, keySecret),
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/xml',
    };
    const body = new URLSearchParams({ type, cmd, vsys }).toString();
    const answer = await askHttp(target, { method: 'POST', path: '/api/', headers, body, signal });
    expectStatus(host, answer, 200);
    if (/<response\s[^>]*status\s*=\s*"success"/.test(answer.text)) return answer.text;
    const said = /<(?:line|msg)>([^<]{1,300})/.exec(answer.text)?.[1] ?? answer.text.slice(0, 200);
    throw new ActuatorError(`${host} refused: ${said}`);
  };
  const change = async (
    verb: 'register' | 'unregister',
    members: readonly string[],
    signal: AbortSignal,
  ): Promise<void> => {
    const entries = members.map((ip) => `<entry ip="${ip}"><tag><member>${tag}</member></tag></entry>`).join('');
    const message = `<uid-message><version>1.0</version><type>update</type><payload><${verb}>${entries}</${verb}></payload></uid-message>`;
    await ask('user-id', message, signal);
  };
  return {
    words: `the tag ${tag} of ${host}`,
    async membersAmong(members, signal) {
      const show = `<show><object><registered-ip><tag><entry name="${tag}"/></tag></registered-ip></object></show>`;
      const text = await ask('op', show, signal);
      const held = [...text.matchAll(/<entry\s[^>]*?ip="([0-9a-fA-F.:/-]{2,80})"/g)].map(([, ip = '']) =>
        ip.toLowerCase(),
      );
      return members.filter((member) => held.some((ip) => ip.replace(/\/(?:32|128)$/, '') === member));
    },
    add: (members, signal) => change('register', members, signal),
    remove: (members, signal) => change('unregister', members, signal),
  };
}
