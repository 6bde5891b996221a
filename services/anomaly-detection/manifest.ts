import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

const AddressOrNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

export const AnomalyDetectionSettings = z.object({
  learningDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .meta({
      title: 'Days of learning',
      description:
        'So long a device is watched before it is compared with itself. Until then it is compared with its kind, and as long as ' +
        'nothing is known of its kind with the site or with hospitals in general.',
    }),
  falseAlarmsPerDay: z.number().min(0.01).max(1000).default(2).meta({
    title: 'Anomalies a day by chance',
    description:
      'How many a day may come about by chance alone, in the whole hospital. Less makes detection less sharp.',
  }),
  alertsPerDay: z.int().min(1).max(10_000).default(20).meta({
    title: 'Alerts of one detector a day',
    description: 'Further anomalies are kept and shown, but no alert is raised for them.',
  }),
  quietHours: z.int().min(1).max(720).default(24).meta({
    title: 'Hours that join repeats',
    description: 'The same of the same host is one anomaly as long as it repeats within this time.',
  }),
  ownNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .default([])
    .meta({
      title: 'Own public networks',
      description:
        'Public networks that belong to this hospital, for example 192.0.2.0/24. Every other public address counts as the internet.',
    }),
  listedAddresses: z.array(AddressOrNetwork).max(100_000).default([]).meta({
    title: 'Addresses of attackers',
    description: 'Addresses and networks that whoever speaks to them is reported for, for example from a threat feed.',
  }),
});
export type AnomalyDetectionSettings = z.infer<typeof AnomalyDetectionSettings>;

export const manifest: ServiceManifest<typeof AnomalyDetectionSettings> = {
  id: 'anomaly-detection',
  title: 'Anomaly detection',
  question: 'Does anything behave unlike itself?',
  description:
    'Learns what is usual of each device, of each kind and of the site, and tells what is not: scans, tunnels, floods, ' +
    'rhythms, volumes, log-ons, clinical operations, new protocols and peers. Says what was expected, what was seen and how rare it is.',
  version: '0.1.0',
  acronym: 'AD',
  consumes: ['source.removed', 'asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'],
  produces: ['alert.raised'],
  needs: ['bus', 'state', 'telemetry'],
  settings: AnomalyDetectionSettings,
  isEnabledByDefault: true,
  permissions: ['anomalies:read', 'anomalies:write'],
};
