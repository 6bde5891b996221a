import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import type { Configuration } from './configuration.ts';
import { SettingView } from './setting.ts';

const Settings = z.object({ settings: z.array(SettingView) });

/**
 * Settings of the program over the API. Those of a service are changed through the toolbox, which restarts it.
 *
 * @param onChange called after a change with the keys that were changed
 */
export function configurationRoutes(
  configuration: Configuration,
  onChange: (keys: readonly string[]) => Promise<void>,
): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/settings',
      operationId: 'listSettings',
      summary: 'Every setting with its value and where that comes from',
      tag: 'settings',
      permission: 'settings:read',
      response: Settings,
      handler: async () => ({ settings: [...configuration.list()] }),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/settings',
      operationId: 'changeSettings',
      summary: 'Changes settings, all or none; null takes a change back',
      tag: 'settings',
      permission: 'settings:write',
      body: z.record(z.string(), z.unknown()),
      response: Settings,
      audit: { action: 'settings.change', subject: ({ body }) => Object.keys(body).join(', ') },
      handler: async ({ body }) => {
        await configuration.set(body);
        await onChange(Object.keys(body));
        return { settings: [...configuration.list()] };
      },
    }),
  ];
}
