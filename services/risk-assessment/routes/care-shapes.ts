import { CareEdit, Effect } from '@sphinx/risk';
import { PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';

export const NodeId = z.string().min(1).max(300);
const Beds = z.int().nullable().meta({ description: 'null: nobody said how many, and nothing could be counted' });

/** A node of the care map as the API tells it. */
export const CareNodeItem = z
  .object({
    id: z.string(),
    type: z.enum(['care', 'asset', 'network']),
    layer: z.enum(['care', 'application', 'device', 'network']),
    name: z.string(),
    kind: z.string().meta({ description: 'Kind of asset, or id of the clinical service' }),
    area: z.string().meta({ description: 'Care area; empty where none is stated' }),
    zone: z.string(),
    safety: PatientSafetyClass.nullable(),
    isSample: z.boolean(),
  })
  .meta({ id: 'CareNode' });
export type CareNodeItem = z.infer<typeof CareNodeItem>;

/** A clinical service in a care area. */
export const CareItem = CareNodeItem.extend({
  service: z.string(),
  title: z.string(),
  description: z.string(),
  beds: Beds,
  bedsOrigin: z.enum(['stated', 'counted']).nullable(),
  devices: z.int().meta({ description: 'Devices that do the work there' }),
  applications: z.array(z.string()).meta({ description: 'Names of what they work with, as far as it was seen' }),
}).meta({ id: 'CareService' });
export type CareItem = z.infer<typeof CareItem>;

/** A dependency, told from one of its ends. */
export const NeedItem = z
  .object({
    other: CareNodeItem,
    effect: Effect,
    mode: z.enum(['any', 'all', 'share']).meta({
      description: 'all: others stand in for it; share: others do the same work side by side; any: neither',
    }),
    text: z.string().meta({ description: 'The dependency as a sentence' }),
    because: z.string().meta({ description: 'What happens without it' }),
    origin: z.enum(['traffic', 'address', 'knowledge', 'stated']),
    rule: z.string(),
    lastSeen: z.int().nullable(),
  })
  .meta({ id: 'CareNeed' });
export type NeedItem = z.infer<typeof NeedItem>;

export const CareNodeDetail = z
  .object({
    node: CareNodeItem,
    beds: Beds,
    needs: z.array(NeedItem),
    needsTotal: z.int(),
    neededBy: z.array(NeedItem),
    neededByTotal: z.int().meta({ description: 'All; the list ends after 200' }),
  })
  .meta({ id: 'CareNodeDetail' });
export type CareNodeDetail = z.infer<typeof CareNodeDetail>;

export const Surroundings = z
  .object({
    nodes: z.array(CareNodeItem),
    edges: z.array(z.object({ from: z.string(), to: z.string(), effect: Effect, text: z.string() })),
    leftOut: z.int().meta({ description: 'Nodes that the picture has no room for' }),
  })
  .meta({ id: 'CareSurroundings', description: 'What a node needs and what needs it, step by step' });
export type Surroundings = z.infer<typeof Surroundings>;

const OutageItem = z.object({
  node: CareNodeItem,
  effect: Effect,
  path: z.array(z.string()).meta({ description: 'Why, sentence by sentence, from the node down to what is stopped' }),
});

export const OutageReport = z
  .object({
    stopped: z.array(CareNodeItem),
    summary: z.string().meta({ description: 'What it means for patients, in words' }),
    care: z.array(OutageItem.extend({ beds: Beds, devicesHit: z.int(), devices: z.int() })),
    others: z.array(OutageItem),
    othersTotal: z.int().meta({ description: 'All; the list ends after 200' }),
    beds: z.int(),
    areasWithoutBeds: z.array(z.string()),
  })
  .meta({ id: 'OutageReport' });
export type OutageReport = z.infer<typeof OutageReport>;

/** Something that much depends on. */
export const CriticalItem = CareNodeItem.extend({
  beds: z.int(),
  services: z.int().meta({ description: 'Clinical services in their care areas that are hit' }),
  stops: z.int().meta({ description: 'Those of them that stop' }),
  lifeSustaining: z.int().meta({ description: 'Those of them that keep patients alive' }),
  hit: z.array(z.string()).meta({ description: 'The gravest, in words' }),
}).meta({ id: 'CriticalNode' });
export type CriticalItem = z.infer<typeof CriticalItem>;

export const AreaItem = z
  .object({ area: z.string(), beds: Beds, origin: z.enum(['stated', 'counted']).nullable() })
  .meta({ id: 'CareArea' });
export type AreaItem = z.infer<typeof AreaItem>;

export const EditItem = z
  .object({
    id: z.string(),
    edit: CareEdit,
    text: z.string().meta({ description: 'The change in words' }),
    note: z.string(),
    by: z.string(),
    time: z.int(),
    undoneBy: z.string().nullable(),
    undoneAt: z.int().nullable(),
  })
  .meta({ id: 'CareEditItem' });
export type EditItem = z.infer<typeof EditItem>;
