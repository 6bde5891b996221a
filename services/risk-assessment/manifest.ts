import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const RiskAssessmentSettings = z.object({
  networkBits: z.int().min(8).max(32).default(24).meta({
    title: 'Size of a network',
    description: 'Length of the prefix of IPv4 networks: with 24, 10.20.3.1 and 10.20.3.99 are in one network.',
  }),
  networkBitsV6: z.int().min(16).max(128).default(64).meta({
    title: 'Size of an IPv6 network',
    description: 'Length of the prefix of IPv6 networks.',
  }),
});
export type RiskAssessmentSettings = z.infer<typeof RiskAssessmentSettings>;

export const manifest: ServiceManifest<typeof RiskAssessmentSettings> = {
  id: 'risk-assessment',
  title: 'Risk assessment',
  question: 'How likely, how bad for patients, and what else would it hit?',
  description:
    'Learns from traffic which clinical service needs what, and tells what stops when something stops. Reckons from threats, ' +
    'exposure, weaknesses, controls and everything that is detected how likely each is hit, and how bad that is for patients.',
  version: '0.1.0',
  acronym: 'RCRA',
  consumes: [
    'asset.discovered',
    'asset.updated',
    'asset.merged',
    'asset.removed',
    'weakness.found',
    'weakness.changed',
    'weakness.closed',
    'verdict.issued',
    'detection.found',
    'alert.raised',
    'incident.opened',
    'incident.updated',
    'incident.closed',
    'measures.requested',
  ],
  produces: ['risk.changed', 'measures.evaluated', 'care.changed'],
  needs: ['bus', 'state'],
  settings: RiskAssessmentSettings,
  isEnabledByDefault: true,
  permissions: ['risk:read', 'risk:write', 'risk:accept'],
};
