import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const ActiveProbingSettings = z.object({
  allowedNetworks: z.array(z.string()).default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']).meta({
    title: 'Networks that may be probed',
    description: 'Nothing outside them is ever sent a packet, whatever a person or a policy says. CIDR notation.',
  }),
  excludedNetworks: z.array(z.string()).default([]).meta({
    title: 'Networks and addresses that are never probed',
    description: 'Exceptions within the allowed networks, for example a ward of fragile devices. CIDR notation.',
  }),
  concurrentDevices: z.int().min(1).max(32).default(2).meta({
    title: 'Devices probed at the same time',
    description: 'One device is never asked two things at once.',
  }),
  isAutomatic: z.boolean().default(true).meta({
    title: 'Probe by schedule',
    description:
      'New and known devices are probed when the policy of their class says so. Off: only when a person asks.',
  }),
  settleSeconds: z.int().min(0).max(3600).default(10).meta({
    title: 'Seconds before a new device is probed',
    description: 'Time for its own traffic to tell what it is, so that the policy of the right class decides.',
  }),
  isNmapAllowed: z.boolean().default(false).meta({
    title: 'Use nmap where a person asks for it',
    description:
      'nmap knows more services by their banners than the probes. It has to be installed on this machine, asks only devices whose policy allows it, and only when a person asks.',
  }),
  recordDays: z.int().min(30).max(3650).default(365).meta({
    title: 'Days for which the record of packets is kept',
    description: 'What was sent, and the answers of devices to probes as far as they are evidence, stay longer.',
  }),
});
export type ActiveProbingSettings = z.infer<typeof ActiveProbingSettings>;

export const manifest: ServiceManifest<typeof ActiveProbingSettings> = {
  id: 'active-probing',
  title: 'Active probing',
  question: 'What does it say when it is asked, without being harmed?',
  description:
    'Asks devices what passive traffic does not tell: versions, encryption, open logins, who is let in. A policy per ' +
    'clinical class decides which probes may run, when and how fast; fragile devices are left alone, every packet is on ' +
    'record, and one switch stops everything at once.',
  version: '0.1.0',
  consumes: ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'],
  produces: ['host.observed', 'source.removed', 'software.listed', 'probe.completed', 'probe.refused'],
  needs: ['bus', 'state'],
  settings: ActiveProbingSettings,
  isEnabledByDefault: false,
  permissions: ['probes:read', 'probes:write', 'probes:approve'],
};
