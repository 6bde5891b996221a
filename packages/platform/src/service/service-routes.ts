import { z } from 'zod';
import type { Configuration } from '../configuration/configuration.ts';
import { ListQuery, pageOfList, pageSchema } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { ServiceDefinition } from './service.ts';
import type { ServiceStatus, ServiceSupervisor } from './supervisor.ts';

const HealthView = z.object({
  state: z.enum(['healthy', 'degraded', 'unhealthy']),
  message: z.string(),
  figures: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
});

/** A service of the toolbox as the API shows it. */
export const ServiceView = z
  .object({
    id: z.string(),
    title: z.string(),
    question: z.string(),
    description: z.string(),
    acronym: z.string().optional(),
    version: z.string(),
    consumes: z.array(z.string()),
    produces: z.array(z.string()),
    needs: z.array(z.string()),
    permissions: z.array(z.string()),
    isEnabled: z.boolean(),
    isEnabledByDefault: z.boolean(),
    state: z.enum(['stopped', 'starting', 'running', 'restarting', 'failed']),
    health: HealthView,
    restarts: z.int(),
    lastError: z.string().nullable(),
    startedAt: z.int().nullable(),
    settings: z.record(z.string(), z.unknown()).meta({ description: 'Name → value in force' }),
    settingsSchema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the settings' }),
  })
  .meta({ id: 'Service' });
export type ServiceView = z.infer<typeof ServiceView>;

const ServiceId = z.object({ id: z.string().meta({ description: 'Folder name, for example asset-inventory' }) });
const ServiceChange = z
  .object({ isEnabled: z.boolean().optional(), settings: z.record(z.string(), z.unknown()).optional() })
  .strict();

/** Setting that says whether a service is on. */
export function enabledKeyOf(serviceId: string): string {
  return `services.${serviceId}.enabled`;
}

/**
 * The toolbox: which services there are, how they are, on, off, settings. It belongs to the platform and not to a
 * service, since nobody could switch it on again.
 */
export function serviceRoutes(dependencies: {
  supervisor: ServiceSupervisor;
  configuration: Configuration;
}): readonly Route[] {
  const { supervisor, configuration } = dependencies;
  const viewOf = async (id: string): Promise<ServiceView> => {
    const status = await supervisor.status(id);
    const definition = supervisor.definitions.find(({ manifest }) => manifest.id === id);
    if (definition === undefined) throw new Error(`Service ${id} has a status and no definition`);
    return describeService(definition, status, configuration);
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/services',
      operationId: 'listServices',
      summary: 'Every service of the toolbox with its state, health and settings',
      tag: 'toolbox',
      permission: 'services:read',
      query: ListQuery,
      response: pageSchema(ServiceView),
      handler: async ({ query }) => {
        const services = await Promise.all(supervisor.definitions.map(({ manifest }) => viewOf(manifest.id)));
        return pageOfList(services, query, ({ id }) => id);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/services/{id}',
      operationId: 'getService',
      summary: 'One service of the toolbox',
      tag: 'toolbox',
      permission: 'services:read',
      params: ServiceId,
      response: ServiceView,
      handler: ({ params }) => viewOf(params.id),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/services/{id}',
      operationId: 'changeService',
      summary: 'Switches a service on or off, or changes its settings; takes effect at once',
      tag: 'toolbox',
      permission: 'services:write',
      params: ServiceId,
      body: ServiceChange,
      response: ServiceView,
      audit: { action: 'service.change', subject: ({ params }) => params.id },
      handler: async ({ params, body }) => {
        await supervisor.status(params.id);
        await applyServiceChange({ supervisor, configuration }, params.id, body);
        return viewOf(params.id);
      },
    }),
  ];
}

/** Stores the change and brings the running service in line with it. */
export async function applyServiceChange(
  dependencies: { supervisor: ServiceSupervisor; configuration: Configuration },
  id: string,
  change: z.infer<typeof ServiceChange>,
): Promise<void> {
  const { supervisor, configuration } = dependencies;
  const changes: Record<string, unknown> = {};
  if (change.isEnabled !== undefined) changes[enabledKeyOf(id)] = change.isEnabled;
  for (const [name, value] of Object.entries(change.settings ?? {})) changes[`services.${id}.${name}`] = value;
  await configuration.set(changes);
  if (configuration.get(enabledKeyOf(id)) !== true) await supervisor.disable(id);
  else if (change.settings === undefined) await supervisor.enable(id);
  else {
    await supervisor.disable(id);
    await supervisor.enable(id);
  }
}

function serviceSettings(configuration: Configuration, id: string): Record<string, unknown> {
  const { enabled: _enabled, ...settings } = configuration.section(`services.${id}`);
  return settings;
}

function describeService(
  { manifest }: ServiceDefinition,
  status: ServiceStatus,
  configuration: Configuration,
): ServiceView {
  return {
    id: manifest.id,
    title: manifest.title,
    question: manifest.question,
    description: manifest.description,
    ...(manifest.acronym === undefined ? {} : { acronym: manifest.acronym }),
    version: manifest.version,
    consumes: [...manifest.consumes],
    produces: [...manifest.produces],
    needs: [...manifest.needs],
    permissions: [...manifest.permissions],
    isEnabled: status.isEnabled,
    isEnabledByDefault: manifest.isEnabledByDefault,
    state: status.state,
    health: {
      ...status.health,
      ...(status.health.figures === undefined ? {} : { figures: { ...status.health.figures } }),
    },
    restarts: status.restarts,
    lastError: status.lastError ?? null,
    startedAt: status.startedAt ?? null,
    settings: serviceSettings(configuration, manifest.id),
    settingsSchema: z.toJSONSchema(manifest.settings, { io: 'input' }),
  };
}
