import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const IntrusionDetectionSettings = z.object({
  homeNetworks: z
    .array(z.string())
    .default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'])
    .meta({ title: 'Own networks', description: 'What rules call $HOME_NET: the networks of this hospital.' }),
  updateHours: z.int().min(0).max(8760).default(24).meta({
    title: 'Interval of updates',
    description: 'Rule sets with a URL are fetched again after so many hours, unless they say otherwise; 0: never.',
  }),
  internalUpdateHosts: z
    .array(z.string())
    .default([])
    .meta({
      title: 'Mirrors inside the own network',
      description:
        'Hosts that rule sets may be fetched from although their address is an inner one. All other inner addresses are ' +
        'refused, so that an update is no way into the network.',
    }),
  maximumDetectionsPerMinute: z.int().min(1).max(100_000).default(600).meta({
    title: 'Detections per minute',
    description: 'More of them from one source are counted but not kept, so that a flood of alerts drowns nothing.',
  }),
  model: z
    .string()
    .regex(/^[a-z0-9-]*$/, 'Give the name of a model in knowledge/models, for example flows.')
    .default('')
    .meta({
      title: 'Model',
      description:
        'Name of a model that judges each flow that ends, for example flows; empty: none. Read its card first ' +
        '(sphinx ml card): what it was trained on is all that it knows.',
    }),
  streamReachKilobytes: z
    .int()
    .min(1)
    .max(1024)
    .default(4)
    .meta({
      title: 'Reach of a match in a stream',
      description:
        'So many kilobytes before the segment at hand are looked at with it, in each direction of each connection. More finds ' +
        'patterns that lie further apart, and costs time; all connections together keep 64 MB at most.',
    }),
});
export type IntrusionDetectionSettings = z.infer<typeof IntrusionDetectionSettings>;

export const manifest: ServiceManifest<typeof IntrusionDetectionSettings> = {
  id: 'intrusion-detection',
  title: 'Intrusion detection',
  question: 'Is this an attack that is known, or looks like one?',
  description:
    'Looks at every packet, stream and transaction with rules in the language of Suricata, own ones for DICOM, HL7 and FHIR ' +
    'among them; every match is a detection with its rule, both ends and its packet.',
  version: '0.1.0',
  acronym: 'MLID',
  consumes: ['source.removed', 'detection.found', 'asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'],
  produces: ['detection.found'],
  needs: ['bus', 'state'],
  settings: IntrusionDetectionSettings,
  isEnabledByDefault: true,
  permissions: ['rules:read', 'rules:write', 'detections:read'],
};
