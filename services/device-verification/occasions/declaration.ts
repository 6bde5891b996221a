import { VerificationOccasion } from '@sphinx/schema';
import { z } from 'zod';

/** Something that only a person can say, because no packet shows it: that a disk was wiped, that a seal is whole. */
export const Declaration = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    question: z.string().min(10),
    help: z.string().min(10).meta({ description: 'How to find out, and what counts' }),
    occasions: z.array(VerificationOccasion).min(1),
  })
  .meta({ id: 'Declaration' });
export type Declaration = z.infer<typeof Declaration>;

/** `knowledge/declarations/declarations.yaml` */
export const Declarations = z.strictObject({
  id: z.literal('declarations'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  declarations: z.array(Declaration).min(1),
});
