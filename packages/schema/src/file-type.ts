import { z } from 'zod';

/** Where bytes stand that tell a type. */
const TypeEvidence = z
  .object({
    /** From the start; 0 where absent. */
    at: z.int().min(0).max(8192).optional(),
    /** Offset of a little-endian 32-bit offset, counted from which `at` is (PE: 60). */
    pointer: z.int().min(0).max(8192).optional(),
    /** Anywhere in so many bytes from `at` on. */
    within: z.int().min(1).max(8192).optional(),
    hex: z
      .string()
      .regex(/^([0-9a-f]{2})+$/)
      .optional(),
    text: z.string().min(1).optional(),
    /** Upper and lower case of `text` are the same. */
    nocase: z.boolean().optional(),
  })
  .strict()
  .refine(({ hex, text }) => (hex === undefined) !== (text === undefined), 'needs hex or text');

export const FileCategory = z.enum([
  'program',
  'script',
  'document',
  'archive',
  'image',
  'media',
  'clinical',
  'security',
  'database',
  'text',
  'other',
]);
export type FileCategory = z.infer<typeof FileCategory>;

/** A type of file with what tells it; data of knowledge/file-types. */
export const FileTypeDefinition = z
  .object({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    /** As file(1) begins to describe it: what `file.magic` of a rule looks at. */
    description: z.string().min(1),
    mediaType: z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/),
    category: FileCategory,
    extensions: z.array(z.string().regex(/^[a-z0-9_]+$/)),
    /** Other media types that are declared for it. */
    alsoDeclared: z.array(z.string()).optional(),
    /** Types that share a form (`zip`, `ole`, `text`): the name of one on another tells nothing. */
    family: z.string().optional(),
    isClinical: z.boolean().optional(),
    /** One of these lists has to hold whole; none where only a protocol tells the type. */
    evidence: z.array(z.array(TypeEvidence).min(1)),
  })
  .strict();
export type FileTypeDefinition = z.infer<typeof FileTypeDefinition>;

/** A file of knowledge/file-types. */
export const FileTypeFile = z
  .object({
    sources: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
    types: z.array(FileTypeDefinition).min(1),
  })
  .strict();
