import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const DependabilitySettings = z.object({
  allowedNetworks: z.array(z.string()).default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']).meta({
    title: 'Networks that may be checked',
    description: 'Nothing outside them is ever sent a check, whatever a person asks for. CIDR notation.',
  }),
  excludedNetworks: z.array(z.string()).default([]).meta({
    title: 'Networks and addresses that are never checked',
    description: 'Exceptions within the allowed networks, for example a ward of fragile devices. CIDR notation.',
  }),
  concurrentChecks: z.int().min(1).max(64).default(8).meta({
    title: 'Checks at the same time',
    description: 'One host is never asked two things at once.',
  }),
  failuresToDown: z.int().min(1).max(10).default(3).meta({
    title: 'Failures in a row until it is down',
    description: 'After a failure the next check comes within 15 seconds.',
  }),
  successesToUp: z.int().min(1).max(10).default(2).meta({
    title: 'Good answers in a row until it is up again',
    description: 'One answer is no recovery.',
  }),
  isStatusPagePublic: z.boolean().default(false).meta({
    title: 'Status page without an account',
    description:
      'Whoever reaches SPHINX sees names and states of the services that are on the status page, and maintenance; no address and no reason.',
  }),
  resultDays: z.int().min(1).max(35).default(7).meta({
    title: 'Days for which single answers are kept',
    description: 'Counts by the hour and the history of states are kept for 400 days.',
  }),
});
export type DependabilitySettings = z.infer<typeof DependabilitySettings>;

export const manifest: ServiceManifest<typeof DependabilitySettings> = {
  id: 'dependability-monitoring',
  title: 'Up or down',
  question: 'Are the services that care depends on up, and fast?',
  description:
    'Checks what a person asked to watch: archives, interface engines, health records, directories, databases, time, ' +
    'certificates, backups. Tells when one goes down, how much of its error budget is left, and whether it may be an attack. ' +
    'Sends nothing to anything that nobody asked to watch, and nothing to a device whose probe policy does not allow it.',
  version: '0.1.0',
  consumes: [
    'asset.discovered',
    'asset.updated',
    'asset.merged',
    'asset.removed',
    'detection.found',
    'alert.raised',
    'incident.opened',
    'incident.updated',
  ],
  produces: ['service.up', 'service.degraded', 'service.down', 'alert.raised'],
  needs: ['bus', 'state', 'telemetry', 'secrets'],
  settings: DependabilitySettings,
  isEnabledByDefault: true,
  permissions: ['uptime:read', 'uptime:write', 'uptime:report', 'probes:approve'],
};
