import { z } from 'zod';

/** A law or standard with those of its requirements that checks can show to be met, in words of our own. */
export const Standard = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    title: z.string(),
    kind: z.enum(['law', 'standard', 'guidance']),
    /** Where it is law or recognised. */
    region: z.string(),
    url: z.url(),
    requirements: z
      .array(z.strictObject({ id: z.string().regex(/^[A-Za-z0-9().,§ /-]+$/), title: z.string().min(5) }))
      .min(1),
  })
  .meta({ id: 'Standard' });
export type Standard = z.infer<typeof Standard>;

/** `iec-62443-4-2: CR 1.1` → its two parts. */
export function readRequirementKey(key: string): { readonly standard: string; readonly requirement: string } {
  const at = key.indexOf(':');
  return { standard: key.slice(0, at).trim(), requirement: key.slice(at + 1).trim() };
}
