import { Configuration, defineSettings, enabledKeyOf, ProgramSettings, type SettingDefinition } from '@sphinx/platform';
import { z } from 'zod';
import { SERVICES } from '../services.ts';
import type { Paths } from './paths.ts';

/** Every setting there is: those of the program, and for each service whether it is on and its own. */
export const SETTING_DEFINITIONS: readonly SettingDefinition[] = [
  ...defineSettings('', ProgramSettings),
  ...SERVICES.flatMap(({ manifest }) => [
    {
      key: enabledKeyOf(manifest.id),
      title: `${manifest.title} is on`,
      description: `Whether the service runs that answers: ${manifest.question}`,
      schema: z.boolean().default(manifest.isEnabledByDefault),
      defaultValue: manifest.isEnabledByDefault,
    },
    ...defineSettings(`services.${manifest.id}`, manifest.settings),
  ]),
];

/** @throws SphinxError SPX_SETTINGS_INVALID that names every value that does not fit */
export function loadConfiguration(paths: Paths, environment: Readonly<Record<string, string | undefined>>) {
  return Configuration.load({ definitions: SETTING_DEFINITIONS, file: paths.settingsFile, environment });
}
