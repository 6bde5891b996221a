import { MediaAction, MediumKind } from '@sphinx/schema';
import { z } from 'zod';

/*
 * Which events of logs tell of removable media, as data (`knowledge/removable-media/*.yaml`). Fields are those of the log itself; where it
 * has none of a name, the column of `log_activity` counts, such as `message` and `service`.
 */

const Scalar = z.union([z.string(), z.number()]);
const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z
    .union([item, z.array(item).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.infer<Item>[]);
const Names = oneOrMore(z.string().min(1).max(200));
/** Field → values of which one must fit, in capitals or not; `*` at either end is anything. */
const Conditions = z.record(z.string(), oneOrMore(Scalar));

const Case = z.strictObject({
  /** Lines one after another, read as any log. */
  lines: z.array(z.string().min(1).max(20_000)).min(1),
  /** What the last line tells, by name; null where it must tell nothing. */
  expect: z.record(z.string(), Scalar).nullable(),
});

export const MediaRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/),
  title: z.string().min(1).max(200),
  /** Formats of `knowledge/log-formats` that such events are read by. */
  formats: z.array(z.string()).min(1),
  /** Names are looked for behind this as well, for events that something else wraps. */
  prefix: z.string().min(1).max(100).optional(),
  when: Conditions.default({}),
  not: Conditions.default({}),
  /** Field with a number in decimal or hexadecimal digits → bits of which at least one must be set. */
  bits: z.record(z.string(), z.int().positive()).default({}),
  /** Fields that hold JSON as text; what is in them is named with a dot behind their own name. */
  json: z.array(z.string()).default([]),
  /** Field → patterns as in formats of logs, one of which must fit; what they name are further fields. */
  read: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  /** `described`: what a log tells of the device on a port before it says that it stores data. */
  action: z.union([MediaAction, z.literal('described')]),
  medium: MediumKind.default('other'),
  /** Holds only where the drive of the file, or the device on the port, was said to be removable before. */
  needs: z.enum(['drive', 'port']).optional(),
  fields: z
    .strictObject({
      /** Instance of the device as Windows names it; maker, product and serial number are in it. */
      device: Names.optional(),
      maker: Names.optional(),
      product: Names.optional(),
      serial: Names.optional(),
      port: Names.optional(),
      drive: Names.optional(),
      host: Names.optional(),
      user: Names.optional(),
      file: Names.optional(),
      bytes: Names.optional(),
      /** Each value `is` counts one patient. */
      patients: z.strictObject({ field: z.string(), is: z.string() }).optional(),
    })
    .default({}),
  cases: z.array(Case).min(1),
});
export type MediaRule = z.infer<typeof MediaRule>;

/** A file of `knowledge/removable-media`. */
export const MediaRuleFile = z.strictObject({
  id: z.string(),
  title: z.string(),
  references: z.array(z.string().min(1)).min(1),
  rules: z.array(MediaRule).default([]),
  /** Kind of a file → ends of names. */
  fileKinds: z
    .record(z.string().regex(/^[a-z-]{1,40}$/), z.array(z.string().regex(/^[a-z0-9._]+$/)).min(1))
    .default({}),
});
export type MediaRuleFile = z.infer<typeof MediaRuleFile>;

/** All that removable media are told by. */
export interface MediaKnowledge {
  readonly rules: readonly MediaRule[];
  readonly fileKinds: Readonly<Record<string, readonly string[]>>;
}

/** @returns what several files say together */
export function joinMediaFiles(files: readonly MediaRuleFile[]): MediaKnowledge {
  return {
    rules: files.flatMap(({ rules }) => rules),
    fileKinds: Object.fromEntries(files.flatMap(({ fileKinds }) => Object.entries(fileKinds))),
  };
}
