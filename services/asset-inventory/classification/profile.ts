import { AssetFactName, EVIDENCE_ATTRIBUTES } from '@sphinx/schema';
import { z } from 'zod';

const Pattern = z
  .string()
  .refine(isRegularExpression, { message: 'is no regular expression' })
  .meta({ description: 'Regular expression, upper and lower case alike; named groups can be used in "asserts"' });

const AttributeName = z.string().refine((name) => Object.hasOwn(EVIDENCE_ATTRIBUTES, name), {
  error: (issue) => `"${String(issue.input)}" is not in EVIDENCE_ATTRIBUTES of @sphinx/schema`,
});

/** Something that the network must have shown. */
export const Condition = z.union([
  z.strictObject({
    evidence: AttributeName,
    matches: Pattern.optional().meta({ description: 'Absent: that it was seen is enough' }),
    role: z.enum(['self', 'client', 'server']).optional(),
    port: z.int().optional(),
  }),
  z.strictObject({ vendor: Pattern.meta({ description: 'Owner of the prefix of its MAC address (IEEE registry)' }) }),
  z.strictObject({
    service: z.string().meta({ description: 'Protocol that it offers' }),
    port: z.int().optional(),
  }),
  z.strictObject({
    several: AttributeName.meta({ description: 'Shown with more than one value' }),
    role: z.enum(['self', 'client', 'server']).optional(),
  }),
  z.strictObject({ uses: z.string().meta({ description: 'Protocol that it speaks as a client' }) }),
]);
export type Condition = z.infer<typeof Condition>;

const Confidence = z.number().min(0.05).max(0.99);

/** How a kind of device is recognised, and by whose word. */
export const DeviceProfile = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    title: z.string(),
    rules: z
      .array(
        z.strictObject({
          when: z.array(Condition).min(1).meta({ description: 'All of them must hold' }),
          confidence: Confidence.meta({ description: 'How sure this alone makes, 0 to 1' }),
        }),
      )
      .min(1)
      .meta({ description: 'The strongest rule that holds counts' }),
    asserts: z
      .partialRecord(AssetFactName, z.string())
      .refine((facts) => Object.keys(facts).length > 0, { message: 'asserts nothing' })
      .meta({ description: 'Fact → value; {name} stands for a named group of a pattern' }),
    references: z.array(z.strictObject({ title: z.string().min(4), url: z.url().optional() })).min(1),
  })
  .meta({ id: 'DeviceProfile' });
export type DeviceProfile = z.infer<typeof DeviceProfile>;

/** A file of `knowledge/device-profiles`. */
export const ProfileFile = z.strictObject({ version: z.string(), profiles: z.array(DeviceProfile).min(1) });

/** What assets there are (`knowledge/asset-kinds`). */
export const AssetKind = z
  .object({
    id: z.string(),
    title: z.string(),
    clinicalFunction: z.string(),
    patientSafetyClass: z.enum(['life-sustaining', 'therapy', 'diagnosis', 'care-support', 'none']),
    zone: z.string(),
  })
  .meta({ id: 'AssetKind' });
export type AssetKind = z.infer<typeof AssetKind>;

/** A part of the hospital network (`knowledge/zones`). */
export const Zone = z.object({ id: z.string(), title: z.string(), isClinical: z.boolean() }).meta({ id: 'Zone' });
export type Zone = z.infer<typeof Zone>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text, 'iu');
    return true;
  } catch {
    return false;
  }
}
