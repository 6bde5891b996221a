import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';
import { SUBJECT_FACTS } from './subjects/subject-store.ts';

export const DecisionSupportSettings = z.object({});
export type DecisionSupportSettings = z.infer<typeof DecisionSupportSettings>;

export const manifest: ServiceManifest<typeof DecisionSupportSettings> = {
  id: 'decision-support',
  title: 'Decision support',
  question: 'What should we do now, and what would each choice cost?',
  description:
    'Ranks courses of action for incidents and weaknesses by what they avert and what they cost care, from playbooks of ' +
    'CACAO 2.0. People choose; it learns from what came of it.',
  version: '0.1.0',
  acronym: 'DSS',
  consumes: [...SUBJECT_FACTS, 'risk.changed', 'measures.evaluated'],
  produces: ['decision.made', 'measures.requested', 'playbook.kept', 'playbook.removed'],
  needs: ['bus', 'state'],
  settings: DecisionSupportSettings,
  isEnabledByDefault: true,
  permissions: ['playbooks:read', 'playbooks:write', 'decisions:read', 'decisions:write', 'decisions:weigh'],
};
