import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const DataProtectionSettings = z.object({
  ownNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .default([])
    .meta({
      title: 'Own public networks',
      description:
        'Public networks that belong to this hospital, for example 192.0.2.0/24. Every other public address counts as the internet.',
    }),
  kilobytesPerConnection: z.int().min(1).max(1024).default(64).meta({
    title: 'Kilobytes looked at per connection',
    description:
      'So much of each direction of an unencrypted connection is searched for data of patients; bodies of HTTP and files as far as rules see them too.',
  }),
  quietHours: z.int().min(1).max(720).default(12).meta({
    title: 'Hours between repeated alarms',
    description: 'The same sender, receiver and reason raise one detection in this time.',
  }),
});
export type DataProtectionSettings = z.infer<typeof DataProtectionSettings>;

export const manifest: ServiceManifest<typeof DataProtectionSettings> = {
  id: 'data-protection',
  title: 'Data protection',
  question: 'Is patient data leaving, or travelling unprotected?',
  description:
    'Looks for data of patients in what travels unencrypted, for clinical protocols outside their zones and for uploads to ' +
    'services on the internet, and keeps what logs tell of removable media. Tells kinds and counts, never a value.',
  version: '0.1.0',
  acronym: 'DLP',
  consumes: [
    'source.removed',
    'conversation.observed',
    'media.used',
    'asset.discovered',
    'asset.updated',
    'asset.merged',
    'asset.removed',
  ],
  produces: ['detection.found'],
  needs: ['bus', 'state'],
  settings: DataProtectionSettings,
  isEnabledByDefault: true,
  permissions: ['data-transfers:read'],
};
