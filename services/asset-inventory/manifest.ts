import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';
import { isNetwork } from './identity/networks.ts';

const Network = z.string().refine(isNetwork, { message: 'Write a network as 10.20.0.0/16 or fd00::/8.' });

export const AssetInventorySettings = z.object({
  ownNetworks: z
    .array(Network)
    .default([
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '169.254.0.0/16',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '::1/128',
      'fc00::/7',
      'fe80::/10',
    ])
    .meta({
      title: 'Own networks',
      description:
        'Addresses in these networks are assets of the hospital; all others are the outside world. Add public ranges that the hospital owns.',
    }),
  zones: z.record(Network, z.string()).default({}).meta({
    title: 'Network zones',
    description: 'Which network is which zone, for example {"10.20.30.0/24": "imaging"}. The narrowest network wins.',
  }),
  newForHours: z.int().min(1).max(720).default(24).meta({
    title: 'New for',
    description: 'Hours that an asset counts as new after it was first seen.',
  }),
});
export type AssetInventorySettings = z.infer<typeof AssetInventorySettings>;

export const manifest: ServiceManifest<typeof AssetInventorySettings> = {
  id: 'asset-inventory',
  title: 'Asset inventory',
  question: 'What is this device or service, whose is it, and what does it do for patients?',
  description:
    'Turns what the network shows into assets: tells devices apart, says what each is, what it runs and whom it talks ' +
    'to, with the evidence for every statement. What a person corrects stays corrected.',
  version: '0.1.0',
  consumes: ['host.observed', 'conversation.observed', 'source.removed'],
  produces: ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed'],
  needs: ['bus', 'state'],
  settings: AssetInventorySettings,
  isEnabledByDefault: true,
  permissions: ['assets:read', 'assets:write'],
};
