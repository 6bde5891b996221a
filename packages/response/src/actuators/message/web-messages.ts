import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import {
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
  type Json,
} from '../../contract/actuator.ts';
import { askHttp, expectStatus, HttpTarget, readJson, secretText } from '../../means/http.ts';
import { MESSAGE_CAPABILITIES, MessageActuator, type MessageMeans } from './message-actuator.ts';

const WebhookSettings = z.strictObject({
  target: HttpTarget,
  signingSecret: z.string().min(1).describe('Name of the secret that messages are signed with'),
});

/** Messages to a program of the hospital's own. */
export const webhook: ActuatorKind<typeof WebhookSettings> = {
  type: 'webhook',
  title: 'Webhook',
  description:
    'Posts a message as JSON: `id`, `time`, `title`, `text`. `X-Sphinx-Signature: t=<ms>,v1=<hex>` is HMAC-SHA-256 over ' +
    '`<ms>.<body>`; `Idempotency-Key` is the same when the message is sent again. The hospital prepares a program that takes it.',
  proof: 'real',
  triedWith: 'a server of the test’s own over TLS, which checks the signature',
  capabilities: MESSAGE_CAPABILITIES,
  settings: WebhookSettings,
  open: (id, settings, context) => new MessageActuator(id, 'webhook', webhookMeans(settings, context)),
};

const Header = z.string().regex(/^[\t\x20-\x7e]*$/);
const TicketSettings = z.strictObject({
  target: HttpTarget,
  path: z
    .string()
    .regex(/^\//)
    .describe('Where tickets are made: `/rest/api/2/issue`, `/api/now/table/incident`, `/api/v1/tickets`'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), Header).default({}),
  authorizationSecret: z.string().optional().describe('Name of the secret with the value of the header Authorization'),
  body: z
    .record(z.string(), z.json())
    .describe('What is posted; `{title}`, `{text}` and `{reference}` in its texts are filled in'),
  numberAt: z.array(z.string()).default(['id']).describe('Where the answer has the number of the ticket'),
  searchPath: z
    .string()
    .regex(/^\//)
    .optional()
    .describe(
      'Path of a search with `{reference}` whose answer has the reference in it where the ticket is there already',
    ),
});
type TicketSettings = z.infer<typeof TicketSettings>;

/** Tickets of whichever system the hospital has. */
export const ticket: ActuatorKind<typeof TicketSettings> = {
  type: 'ticket',
  title: 'Ticket',
  description:
    'Makes a ticket in a system with a REST interface (Jira, ServiceNow, Zammad, GLPI …). The hospital prepares an account that ' +
    'may make tickets, and enters what a ticket looks like. With a search, no ticket is made twice.',
  proof: 'recorded',
  triedWith:
    'requests shaped after Jira’s REST API 2, not looked up in every detail (`POST /rest/api/2/issue`, `GET /rest/api/2/search`)',
  capabilities: MESSAGE_CAPABILITIES,
  settings: TicketSettings,
  open: (id, settings, context) => new MessageActuator(id, 'ticket', ticketMeans(settings, context)),
};

function webhookMeans(
  { target, signingSecret }: z.infer<typeof WebhookSettings>,
  context: ActuatorContext,
): MessageMeans {
  const { host } = new URL(target.url);
  return {
    receiver: host,
    async send(command, title, text, signal) {
      const time = context.now();
      const id = referenceOf(command);
      const body = JSON.stringify({ id, time, title, text });
      const key = await secretText(context.secrets, signingSecret);
      const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': id,
        'x-sphinx-signature': `t=${time},v1=${signature}`,
      };
      const answer = await askHttp(target, { method: 'POST', path: '', headers, body, signal });
      expectStatus(host, answer, 200, 201, 202, 204);
      return { id };
    },
    async check(signal) {
      await secretText(context.secrets, signingSecret);
      await askHttp(target, { method: 'GET', path: '', signal });
    },
  };
}

function ticketMeans(settings: TicketSettings, context: ActuatorContext): MessageMeans {
  const { target, path, body, numberAt, searchPath, authorizationSecret } = settings;
  const { host } = new URL(target.url);
  const headers = async (): Promise<Record<string, string>> => ({
    ...settings.headers,
    ...(authorizationSecret === undefined
      ? {}
      : { authorization: await secretText(context.secrets, authorizationSecret) }),
  });
  const find = async (command: ActuatorCommand, search: string, signal: AbortSignal): Promise<boolean> => {
    const reference = referenceOf(command);
    const filled = search.replaceAll('{reference}', encodeURIComponent(reference));
    const answer = await askHttp(target, { method: 'GET', path: filled, headers: await headers(), signal });
    expectStatus(host, answer, 200);
    return answer.text.includes(reference);
  };
  return {
    receiver: host,
    async send(command, title, text, signal) {
      const filled = fill(body, { title, text, reference: referenceOf(command) });
      const answer = await askHttp(target, { method: 'POST', path, headers: await headers(), body: filled, signal });
      expectStatus(host, answer, 200, 201);
      const number = numberAt.reduce<unknown>(
        (value, part) => (value as Record<string, unknown> | undefined)?.[part],
        readJson(host, answer, z.record(z.string(), z.json())),
      );
      if (typeof number !== 'string' && typeof number !== 'number')
        throw new ActuatorError(
          `${host} made a ticket, but its number is not at ${numberAt.join('.')}. Correct "numberAt".`,
        );
      return { ticket: number };
    },
    async check(signal) {
      const way = searchPath?.replaceAll('{reference}', 'sphinx-check') ?? path;
      const answer = await askHttp(target, { method: 'GET', path: way, headers: await headers(), signal });
      if (answer.status === 401 || answer.status === 403) expectStatus(host, answer);
    },
    ...(searchPath === undefined ? {} : { isThere: (command, signal) => find(command, searchPath, signal) }),
  };
}

/** Texts of a body with values in place of their names; values are never read as JSON. */
function fill(value: Json, values: Readonly<Record<string, string>>): Json {
  if (typeof value === 'string') return value.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  if (Array.isArray(value)) return value.map((one: Json) => fill(one, values));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one as Json, values)]));
}

/** The same each time that a command is tried. */
function referenceOf({ id }: ActuatorCommand): string {
  return `sphinx-${createHash('sha256').update(id).digest('hex').slice(0, 20)}`;
}
