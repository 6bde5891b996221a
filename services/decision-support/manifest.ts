import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const DecisionSupportSettings = z.object({});
export type DecisionSupportSettings = z.infer<typeof DecisionSupportSettings>;

export const manifest: ServiceManifest<typeof DecisionSupportSettings> = {
  id: 'decision-support',
  title: 'Decision support',
  question: 'What should we do now, and what would each choice cost?',
  description:
    'Keeps playbooks of CACAO 2.0 for situations of hospitals: with triggers, clinical cautions, recovery and lessons.',
  version: '0.1.0',
  acronym: 'DSS',
  consumes: [],
  produces: [],
  needs: ['state'],
  settings: DecisionSupportSettings,
  isEnabledByDefault: true,
  permissions: ['playbooks:read', 'playbooks:write'],
};
