import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const ResponseRecoverySettings = z.object({
  downtimeFolder: z.string().max(1000).default('').meta({
    title: 'Folder of the downtime pages',
    description:
      'Written anew every day, readable when SPHINX is not: best a share or a mounted disk that wards reach without it. Empty: in the data folder.',
  }),
  startsOnDecision: z.boolean().default(false).meta({
    title: 'Begin what was decided',
    description:
      'A decision in decision support is planned as a run in any case. On: it begins at once, as far as the policy lets it and whoever has to agree agrees. Off: a person begins it.',
  }),
});
export type ResponseRecoverySettings = z.infer<typeof ResponseRecoverySettings>;

export const manifest: ServiceManifest<typeof ResponseRecoverySettings> = {
  id: 'response-recovery',
  title: 'Response and recovery',
  question: 'Do it, safely, and bring the service back.',
  description:
    'Carries out playbooks of CACAO 2.0 through actuators that the hospital sets up. A guard keeps care from harm, people agree ' +
    'where the policy says so, everything can be stopped at once and is taken back unless it is confirmed. Without an actuator ' +
    'every action is a task for a person.',
  version: '0.1.0',
  consumes: [
    'asset.discovered',
    'asset.updated',
    'asset.merged',
    'asset.removed',
    'incident.opened',
    'incident.updated',
    'incident.closed',
    'decision.made',
    'care.changed',
    'playbook.kept',
    'playbook.removed',
  ],
  produces: [
    'response.planned',
    'response.approval-asked',
    'response.approved',
    'response.refused',
    'response.started',
    'response.step-done',
    'response.finished',
    'response.undone',
    'verification.requested',
  ],
  needs: ['bus', 'state', 'secrets'],
  settings: ResponseRecoverySettings,
  isEnabledByDefault: true,
  permissions: [
    'response:read',
    'response:run',
    'response:approve',
    'response:stop',
    'response:configure',
    'downtime:read',
    'downtime:write',
  ],
};
