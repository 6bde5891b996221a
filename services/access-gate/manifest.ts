import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

const Network = z
  .string()
  .max(64)
  .regex(/^[\w.-]*$/, 'Use the number or the name of a VLAN.')
  .default('');

export const AccessGateSettings = z.object({
  mode: z.enum(['watch', 'enforce']).default('watch').meta({
    title: 'Mode',
    description:
      'watch: lets everything through and notes what it would have done. enforce: does it, but for classes that fail open.',
  }),
  radiusHost: z.string().default('0.0.0.0').meta({
    title: 'Address for RADIUS',
    description: 'Address of this machine on which switches and access points reach RADIUS.',
  }),
  radiusPort: z.int().min(0).max(65_535).default(0).meta({
    title: 'Port for RADIUS',
    description: 'UDP port on which RADIUS is answered, usually 1812. 0: RADIUS is off.',
  }),
  eapServer: z
    .string()
    .max(80)
    .regex(/^(|[0-9a-fA-F.:]+ \d{1,5})$/, 'Write address and port, for example: 10.20.0.5 1812')
    .default('')
    .meta({
      title: 'RADIUS server that checks certificates and passwords (EAP, 802.1X)',
      description:
        'Address and port, for example "10.20.0.5 1812". Sign-ins with EAP are passed on to it; whom it lets in, the verdict decides on. Enter the secret that it shares with this machine as that of a switch with its address. Empty: EAP is refused.',
    }),
  restrictedNetwork: Network.meta({
    title: 'Network for conditional devices',
    description: 'VLAN, as the switches know it. Empty: the switch decides.',
  }),
  quarantineNetwork: Network.meta({
    title: 'Network for rejected devices',
    description: 'VLAN of quarantine. Empty: rejected devices are refused.',
  }),
  onboardingNetwork: Network.meta({
    title: 'Network for devices that nobody knows yet',
    description: 'VLAN in which new devices are watched. Empty: the switch decides.',
  }),
  webhookUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .meta({
      title: 'Webhook',
      description:
        'Each decision is sent here as JSON, signed with HMAC-SHA256 (X-Sphinx-Signature), for example to a network access control. Empty: off.',
    }),
  nftablesSet: z
    .string()
    .regex(/^(|(ip|ip6|inet) \w+ \w+)$/, 'Write family, table and set, for example: inet filter sphinx_quarantine')
    .default('')
    .meta({
      title: 'nftables set of quarantined addresses',
      description:
        'Family, table and set on this machine, for example "inet filter sphinx_quarantine". Addresses of rejected devices are kept in it in mode enforce. Empty: off.',
    }),
});
export type AccessGateSettings = z.infer<typeof AccessGateSettings>;

export const manifest: ServiceManifest<typeof AccessGateSettings> = {
  id: 'access-gate',
  title: 'Access gate',
  question: 'May it come onto the network, and into which part of it?',
  description:
    'Lets verdicts drive access: answers RADIUS for devices that sign in by their hardware address, assigns VLANs, calls a ' +
    'webhook, keeps a firewall group. Watches only until it is told to enforce; devices that keep patients alive fail open.',
  version: '0.1.0',
  consumes: ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed', 'verdict.issued'],
  produces: [],
  needs: ['bus', 'state', 'secrets'],
  settings: AccessGateSettings,
  isEnabledByDefault: true,
  permissions: ['gate:read', 'gate:write'],
};
