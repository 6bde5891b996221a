import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const HoneypotsSettings = z.object({
  quietHours: z.int().min(1).max(720).default(12).meta({
    title: 'Hours between repeated alarms',
    description: 'What the same source does on the same decoy within this time is one alert, which grows.',
  }),
  ignoredSources: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .default([])
    .meta({
      title: 'Sources without an alarm',
      description:
        'Networks of your own vulnerability scanners, for example 10.1.9.4/32. Their sessions are kept, without an alert.',
    }),
  keptDays: z.int().min(1).max(3650).default(180).meta({
    title: 'Days that sessions are kept',
    description: 'Older sessions go, and what was left behind in them.',
  }),
  sessions: z.int().min(10).max(20_000).default(1000).meta({
    title: 'Sessions at a time',
    description: 'Of all decoys together. Further connections are closed at once and counted.',
  }),
  sessionsPerSource: z.int().min(1).max(2000).default(40).meta({
    title: 'Sessions of one source at a time',
    description: 'Further connections of the same address are closed at once and counted.',
  }),
  megabytesPerSession: z.int().min(1).max(256).default(32).meta({
    title: 'Megabytes that a session may send',
    description: 'A session that sends more is cut off.',
  }),
  minutesPerSession: z.int().min(1).max(1440).default(60).meta({
    title: 'Minutes that a session may last',
    description: 'A longer one is cut off.',
  }),
  adapts: z.boolean().default(true).meta({
    title: 'Names after the custom of the house',
    description: 'New decoys get host names, titles and versions like those that the network shows.',
  }),
});
export type HoneypotsSettings = z.infer<typeof HoneypotsSettings>;

export const manifest: ServiceManifest<typeof HoneypotsSettings> = {
  id: 'honeypots',
  title: 'Decoys',
  question: 'Who touches what nobody should touch?',
  description:
    'Stands in the network as devices and servers of a hospital that do not exist. Whoever talks to them has no business ' +
    'there: what they do is written down, and raises an alert. Decoys are called and call nobody.',
  version: '0.1.0',
  acronym: 'AIHP',
  consumes: ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'],
  produces: ['alert.raised'],
  needs: ['bus', 'state', 'telemetry', 'blobs', 'secrets'],
  settings: HoneypotsSettings,
  isEnabledByDefault: false,
  permissions: ['decoys:read', 'decoys:write', 'decoys:samples'],
};
