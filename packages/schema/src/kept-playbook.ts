import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';

/** Payload of `playbook.kept`: a hospital took a playbook in, or another version of it. */
export const KeptPlaybook = z
  .object({
    playbookId: Identifier.meta({ description: 'playbook--UUID' }),
    name: z.string(),
    modified: z.string(),
    text: z.string().max(2_000_000).meta({ description: 'The playbook of CACAO 2.0 as JSON' }),
    by: z.string(),
    at: Timestamp,
  })
  .meta({ id: 'KeptPlaybook' });
export type KeptPlaybook = z.infer<typeof KeptPlaybook>;

/** Payload of `playbook.removed`: what SPHINX brings with that id is in use again, if it brings one. */
export const RemovedPlaybook = z
  .object({ playbookId: Identifier, by: z.string(), at: Timestamp })
  .meta({ id: 'RemovedPlaybook' });
export type RemovedPlaybook = z.infer<typeof RemovedPlaybook>;
