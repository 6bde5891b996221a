import { z } from 'zod';
import { PatientSafetyClass } from './asset.ts';
import { Identifier } from './identifier.ts';

/** What a clinical service of a care area needs, and what happens without it. */
export const CareNeedState = z
  .object({
    assetId: Identifier.nullable().meta({ description: 'null: a network' }),
    name: z.string(),
    effect: z.enum(['slows', 'degrades', 'stops']),
    because: z.string(),
  })
  .meta({ id: 'CareNeedState' });
export type CareNeedState = z.infer<typeof CareNeedState>;

/** A clinical service in a care area. */
export const CareServiceState = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    safety: PatientSafetyClass.nullable(),
    devices: z.array(z.object({ assetId: Identifier, name: z.string() })).meta({ description: 'At most 200' }),
    needs: z.array(CareNeedState),
  })
  .meta({ id: 'CareServiceState' });
export type CareServiceState = z.infer<typeof CareServiceState>;

/** Payload of `care.changed`: what is done for patients in a care area, and what that needs; without services it is gone. */
export const CareAreaState = z
  .object({
    area: z.string().meta({ description: 'Empty: what no care area is stated of' }),
    beds: z.int().nullable().meta({ description: 'null: not known' }),
    services: z.array(CareServiceState),
    isSample: z.boolean(),
  })
  .meta({ id: 'CareAreaState' });
export type CareAreaState = z.infer<typeof CareAreaState>;
