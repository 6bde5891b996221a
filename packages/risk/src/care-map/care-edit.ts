import { Identifier, PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';
import { Effect } from './effect.ts';

const NodeId = z.string().min(1).max(300);
const Area = z.string().trim().max(200).meta({ description: 'Care area; empty: what no care area is stated of' });

/** What a person says about the care map. What a person says wins over what was learnt. */
export const CareEdit = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('dependency'),
      dependent: NodeId.meta({ description: 'Asset, network or care node that needs the other' }),
      provider: NodeId,
      effect: Effect,
      isAlternative: z.boolean().default(false).meta({
        description: 'Others that are stated so for the same dependent stand in for it',
      }),
    }),
    z.object({ kind: z.literal('no-dependency'), dependent: NodeId, provider: NodeId }),
    z.object({ kind: z.literal('beds'), area: Area, beds: z.int().min(0).max(10_000).nullable() }),
    z.object({
      kind: z.literal('service'),
      service: Identifier.meta({ description: 'Of a clinical service of your own, for example `stroke-unit`' }),
      title: z.string().trim().min(1).max(120),
      description: z.string().trim().max(500).default(''),
      safety: PatientSafetyClass,
    }),
    z.object({
      kind: z.literal('member'),
      service: Identifier,
      area: Area,
      asset: Identifier,
      effect: Effect.nullable().meta({
        description: 'What the service does without it; null: a device that does the work there, one of several',
      }),
    }),
  ])
  .meta({ id: 'CareEdit' });
export type CareEdit = z.infer<typeof CareEdit>;

export type StatedDependency = Extract<CareEdit, { kind: 'dependency' }>;
export type StatedMember = Extract<CareEdit, { kind: 'member' }>;
export type StatedService = Extract<CareEdit, { kind: 'service' }>;

/** What all edits come to. */
export interface CareStatements {
  /** By `dependent`, then by `provider`; null where it was said that there is none. */
  readonly dependencies: ReadonlyMap<string, ReadonlyMap<string, StatedDependency | null>>;
  /** By care area. */
  readonly beds: ReadonlyMap<string, number>;
  readonly services: ReadonlyMap<string, StatedService>;
  readonly members: readonly StatedMember[];
}

/** @param edits those that stand, oldest first: of two about the same the later counts */
export function foldEdits(edits: readonly CareEdit[]): CareStatements {
  const dependencies = new Map<string, Map<string, StatedDependency | null>>();
  const beds = new Map<string, number>();
  const services = new Map<string, StatedService>();
  const members = new Map<string, StatedMember>();
  for (const edit of edits) {
    switch (edit.kind) {
      case 'dependency':
      case 'no-dependency': {
        const of = dependencies.get(edit.dependent) ?? new Map<string, StatedDependency | null>();
        of.set(edit.provider, edit.kind === 'dependency' ? edit : null);
        dependencies.set(edit.dependent, of);
        break;
      }
      case 'beds':
        if (edit.beds === null) beds.delete(edit.area);
        else beds.set(edit.area, edit.beds);
        break;
      case 'service':
        services.set(edit.service, edit);
        break;
      case 'member':
        members.set(`${edit.service}|${edit.area}|${edit.asset}`, edit);
        break;
      default:
        edit satisfies never;
    }
  }
  return { dependencies, beds, services, members: [...members.values()] };
}
