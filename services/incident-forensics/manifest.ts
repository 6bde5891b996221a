import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const IncidentForensicsSettings = z.object({
  threshold: z.number().min(5).max(1000).default(27).meta({
    title: 'Points from which on an incident is opened',
    description:
      'A critical alert is worth 60 points, a high one 25, a medium one 6; several together, and several stages of an attack, are worth more. Lower: more incidents. What stays below is listed under "Noted".',
  }),
  collectsEvidence: z.boolean().default(true).meta({
    title: 'Collect evidence when an incident opens',
    description:
      'Alerts, flows, records, configuration of the devices, and packets where a source keeps them, are kept under the case before they are overwritten.',
  }),
  maximumUploadMegabytes: z.int().min(1).max(100_000).default(4096).meta({
    title: 'Largest file that can be added to an incident, in megabytes',
    description: 'Triage archives can be large; they are kept as they are.',
  }),
  timeStampAuthority: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .meta({
      title: 'Address of an authority for time stamps (RFC 3161)',
      description:
        'It stamps the chain of custody beside your own signature: proof of time that does not rest on your clock. It gets a hash and nothing else. Empty: none is asked, for example without the internet.',
    }),
  professionals: z.array(z.string().trim().min(1).max(200)).max(1000).default([]).meta({
    title: 'Who scans, monitors, backs up or administers by profession',
    description:
      'Names or addresses of machines, and accounts, for example scanner-1, 10.1.0.15, adm.berg. What they do that attackers do, too, weighs less; what they take or harm counts in full.',
  }),
});
export type IncidentForensicsSettings = z.infer<typeof IncidentForensicsSettings>;

export const manifest: ServiceManifest<typeof IncidentForensicsSettings> = {
  id: 'incident-forensics',
  title: 'Incidents',
  question: 'What happened, and how do we prove it?',
  description:
    'Groups detections, alerts and failed verifications into incidents with a story, a severity that tells what it means for ' +
    'patients, and one place to work on them. Learns from how incidents are closed, and shows what it holds back.',
  version: '0.1.0',
  acronym: 'FDCE',
  consumes: [
    'source.removed',
    'asset.discovered',
    'asset.updated',
    'asset.merged',
    'asset.removed',
    'detection.found',
    'alert.raised',
    'verdict.issued',
    'incident.opened',
    'incident.updated',
    'incident.closed',
  ],
  produces: ['incident.opened', 'incident.updated', 'incident.closed'],
  needs: ['bus', 'state', 'telemetry', 'blobs', 'secrets'],
  settings: IncidentForensicsSettings,
  isEnabledByDefault: true,
  permissions: ['incidents:read', 'incidents:write', 'evidence:unmask', 'evidence:export', 'notifications:write'],
};
