import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import {
  defineRoute,
  ListQuery,
  pageOfList,
  pageSchema,
  type Route,
  type Secrets,
  SequencePageQuery,
  SphinxError,
} from '@sphinx/platform';
import { z } from 'zod';
import { renewWebhookSecret } from './actuators/webhook.ts';
import { AccessPolicy } from './decision/access-policy.ts';
import { Access } from './decision/decide.ts';
import type { Gate } from './gate.ts';
import type { AccessGateSettings } from './manifest.ts';
import { macOf } from './radius/packet.ts';
import type { GateStore } from './store.ts';

const TAG = 'gate';
const RadiusClientItem = z
  .object({ id: z.string(), name: z.string(), address: z.string() })
  .meta({ id: 'RadiusClient' });
const DecisionItem = z
  .object({
    id: z.string(),
    time: z.number(),
    assetId: z.string().nullable(),
    assetName: z.string(),
    mac: z.string().meta({ description: 'Hardware address that asked; empty where a verdict was the cause' }),
    client: z.string().meta({ description: 'Switch that asked; empty where a verdict was the cause' }),
    verdict: z.string(),
    asked: Access.meta({ description: 'What the verdict asks for' }),
    done: Access.meta({ description: 'What was done: watching and failing open leave things as they are' }),
    reasons: z.array(z.string()),
    faults: z.array(z.string()).meta({ description: 'What could not be carried out' }),
  })
  .meta({ id: 'GateDecision' });

/** RFC 2865 §3 asks for a secret that cannot be guessed; with MD5 that takes length. */
const SHORTEST_SECRET = 16;

export function secretNameOf(clientId: string): string {
  return `radius-client-${clientId}`;
}

/** Decisions of the gate, the switches that may ask it, and what it goes by. */
export function gateRoutes(dependencies: {
  store: GateStore;
  gate: Gate;
  policy: AccessPolicy;
  settings: AccessGateSettings;
  secrets: Secrets;
}): readonly Route[] {
  const { store, gate, policy, settings, secrets } = dependencies;
  return [
    defineRoute({
      method: 'GET',
      path: '/gate',
      operationId: 'getGate',
      summary: 'Whether the gate watches or enforces, and what follows from each verdict',
      tag: TAG,
      permission: 'gate:read',
      response: z.object({ mode: z.enum(['watch', 'enforce']), policy: AccessPolicy }),
      handler: async () => ({ mode: settings.mode, policy }),
    }),
    defineRoute({
      method: 'GET',
      path: '/gate/decisions',
      operationId: 'listGateDecisions',
      summary: 'What the gate decided, and what it did, newest first',
      tag: TAG,
      permission: 'gate:read',
      query: SequencePageQuery.extend({ assetId: z.string().max(200).optional() }),
      response: pageSchema(DecisionItem),
      handler: ({ query: { assetId, cursor, limit } }) =>
        store.decisions({
          limit,
          ...(assetId === undefined ? {} : { assetId }),
          ...(cursor === undefined ? {} : { before: cursor }),
        }),
    }),
    defineRoute({
      method: 'GET',
      path: '/gate/preview',
      operationId: 'previewGateDecision',
      summary: 'What a switch that asks for this hardware address would be answered now',
      tag: TAG,
      permission: 'gate:read',
      query: z.object({ mac: z.string().max(40).optional() }),
      response: z.object({ asked: Access, done: Access, reasons: z.array(z.string()) }),
      handler: async ({ query }) => {
        const mac = macOf(query.mac);
        if (mac === undefined)
          throw new SphinxError('SPX_INVALID_INPUT', 'Name a hardware address: ?mac=00:11:22:33:44:55');
        return gate.preview(mac);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/gate/webhook-secret',
      operationId: 'renewGateWebhookSecret',
      summary: 'Makes another secret for the signature of the webhook, and shows it this once',
      tag: TAG,
      permission: 'gate:write',
      response: z.object({ secret: z.string() }),
      audit: { action: 'gate.webhook-secret.renew', subject: () => 'webhook' },
      handler: async () => ({ secret: Buffer.from(await renewWebhookSecret(secrets)).toString('utf8') }),
    }),
    ...clientRoutes(dependencies),
  ];
}

function clientRoutes({ store, secrets }: { store: GateStore; secrets: Secrets }): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/gate/clients',
      operationId: 'listRadiusClients',
      summary: 'Switches and access points that may ask by RADIUS; their secrets are never shown',
      tag: TAG,
      permission: 'gate:read',
      query: ListQuery,
      response: pageSchema(RadiusClientItem),
      handler: async ({ query }) => pageOfList(await store.clients(), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'POST',
      path: '/gate/clients',
      operationId: 'addRadiusClient',
      summary: 'Lets a switch or access point ask by RADIUS',
      tag: TAG,
      permission: 'gate:write',
      body: z.object({
        name: z.string().trim().min(1).max(100),
        address: z.string().refine((text) => isIP(text) !== 0, 'Write the IP address from which it asks.'),
        secret: z.string().min(SHORTEST_SECRET, `Use at least ${SHORTEST_SECRET} characters.`).max(128),
      }),
      response: RadiusClientItem,
      status: 201,
      audit: { action: 'gate.client.add', subject: ({ body }) => `${body.name} (${body.address})` },
      handler: async ({ body: { name, address, secret } }) => {
        const client = { id: `nas_${randomUUID()}`, name, address };
        await secrets.set(secretNameOf(client.id), Buffer.from(secret, 'utf8'));
        if (await store.addClient(client)) return client;
        await secrets.remove(secretNameOf(client.id));
        throw new SphinxError('SPX_CONFLICT', `${address} may ask already. Remove it first to change its secret.`);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/gate/clients/{id}',
      operationId: 'removeRadiusClient',
      summary: 'Answers a switch or access point no longer',
      tag: TAG,
      permission: 'gate:write',
      params: z.object({ id: z.string() }),
      response: null,
      audit: { action: 'gate.client.remove', subject: ({ params }) => params.id },
      handler: async ({ params }) => {
        if (!(await store.removeClient(params.id))) {
          throw new SphinxError('SPX_NOT_FOUND', `There is no switch ${params.id}.`);
        }
        await secrets.remove(secretNameOf(params.id));
      },
    }),
  ];
}
