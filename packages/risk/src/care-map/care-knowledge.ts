import { PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';
import { Effect } from './effect.ts';

const References = z.array(z.object({ title: z.string(), url: z.url() })).min(1);
const Id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const Kinds = z.array(z.string());

/** What a hospital does for patients, and what it works with. */
export const ClinicalService = z.object({
  id: Id,
  title: z.string().min(1),
  description: z.string(),
  safety: PatientSafetyClass,
  /** Kinds that do the work; each care area that has one has the service. */
  devices: Kinds,
  /** What happens to the service without applications of these kinds. */
  applications: z.array(z.object({ kinds: Kinds.min(1), effect: Effect, because: z.string() })),
});
export type ClinicalService = z.infer<typeof ClinicalService>;

/** `knowledge/clinical-services`. */
export const ClinicalServiceFile = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: References,
  bedsideKinds: Kinds,
  workplaceKinds: Kinds,
  services: z.array(ClinicalService).min(1),
});
export type ClinicalServiceFile = z.infer<typeof ClinicalServiceFile>;

const End = z.object({ kinds: Kinds.min(1) });

/** When one of two that talk needs the other. Conditions that are left out fit everything. */
export const DependencyRule = z.object({
  id: Id,
  /** What the one that needs does, as a verb: "asks for names". */
  title: z.string(),
  protocols: z.array(z.string()).min(1).optional(),
  /** Of the server. */
  ports: z.array(z.int()).min(1).optional(),
  /** Who needs the other: `either` is whichever end has the kinds of `user`; `none`: nobody needs anybody. */
  dependent: z.enum(['client', 'server', 'either', 'both', 'none']),
  user: End.optional(),
  provider: End.optional(),
  effect: Effect.optional(),
  /** Several providers of one user stand in for each other. */
  isAlternative: z.boolean().default(false),
  because: z.string().default(''),
});
export type DependencyRule = z.infer<typeof DependencyRule>;

/** `knowledge/care-dependencies`. */
export const DependencyFile = z.object({
  id: z.string(),
  version: z.string(),
  rationale: z.string(),
  references: References,
  effects: z
    .array(z.object({ id: Effect, title: z.string(), description: z.string(), probability: z.number().min(0).max(1) }))
    .length(3),
  gatewayKinds: Kinds,
  networkKinds: Kinds,
  applicationKinds: Kinds,
  /** What is left of devices of some kinds that nobody reaches any more; the others stop. */
  withoutNetwork: z.array(z.object({ effect: Effect, because: z.string(), kinds: Kinds.min(1) })),
  rules: z
    .array(DependencyRule)
    .refine((rules) => rules.every(({ dependent, effect }) => (dependent === 'none') === (effect === undefined)), {
      message: 'A rule that finds a dependency needs an effect, one of "none" has none.',
    }),
});
export type DependencyFile = z.infer<typeof DependencyFile>;

/** All that the care map goes by. */
export interface CareKnowledge {
  readonly services: ClinicalServiceFile;
  readonly dependencies: DependencyFile;
}
