import { z } from 'zod';
import { dictionaryOf } from './by-type.ts';
import { CacaoIdentifier } from './identifier.ts';

/** §10.1: keys of dictionaries are of these characters. */
const DICTIONARY_KEY = /^[a-zA-Z0-9_-]{1,250}$/;
const VARIABLE_NAME = /^__[a-zA-Z][a-zA-Z0-9_-]{0,244}__$/;
const REGIONS = [
  'africa',
  'eastern-africa',
  'middle-africa',
  'northern-africa',
  'southern-africa',
  'western-africa',
  'americas',
  'caribbean',
  'central-america',
  'latin-america-caribbean',
  'northern-america',
  'south-america',
  'asia',
  'central-asia',
  'eastern-asia',
  'southern-asia',
  'south-eastern-asia',
  'western-asia',
  'europe',
  'eastern-europe',
  'northern-europe',
  'southern-europe',
  'western-europe',
  'oceania',
  'antarctica',
  'australia-new-zealand',
  'melanesia',
  'micronesia',
  'polynesia',
] as const;

/** A list that, where it is there, has something in it. */
export function filledList<Item extends z.ZodType>(item: Item) {
  return z.array(item).min(1, 'Must have an entry, or be left out');
}

/** §10.9. */
export const ExternalReference = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().optional(),
    source: z.string().optional(),
    url: z.string().optional(),
    external_id: z.string().optional(),
    reference_id: z.string().optional(),
  })
  .refine(({ name: _name, ...rest }) => Object.keys(rest).length > 0, {
    message: 'Must say description, source, url, external_id or reference_id beside the name (CACAO 2.0 §10.9)',
  });
export type ExternalReference = z.infer<typeof ExternalReference>;

/** §10.18. A value of a variable is text, a JSON object, or null where it is unknown. */
export const Variable = z.strictObject({
  type: z.string().min(1),
  description: z.string().optional(),
  value: z.union([z.string(), z.null(), z.record(z.string(), z.unknown())]).optional(),
  constant: z.boolean().optional(),
  external: z.boolean().optional(),
});
export type Variable = z.infer<typeof Variable>;

/** Variables by name. */
export const Variables = dictionaryOf(
  {
    pattern: VARIABLE_NAME,
    message: 'The name of a variable must begin and end with two underscores, such as __device_ip__ (CACAO 2.0 §10.18)',
  },
  Variable,
);

const KEYED_TEXTS = dictionaryOf(
  { pattern: DICTIONARY_KEY, message: 'Must be of letters, digits, _ and -' },
  z.string(),
);

/** §10.5. */
export const Contact = z.strictObject({
  email: KEYED_TEXTS.optional(),
  phone: KEYED_TEXTS.optional(),
  contact_details: z.string().optional(),
});

/** §10.4. */
export const CivicLocation = z
  .strictObject({
    name: z.string().optional(),
    description: z.string().optional(),
    building_details: z.string().optional(),
    network_details: z.string().optional(),
    region: z.enum(REGIONS).optional(),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, 'Must be a code of ISO 3166-1 with two letters')
      .optional(),
    administrative_area: z.string().optional(),
    city: z.string().optional(),
    street_address: z.string().optional(),
    postal_code: z.string().optional(),
    latitude: z.string().optional(),
    longitude: z.string().optional(),
    precision: z.string().optional(),
  })
  .refine(({ latitude, longitude }) => (latitude === undefined) === (longitude === undefined), {
    message: 'latitude and longitude stand together (CACAO 2.0 §10.4)',
  });

/** Extensions in use, by the identifier of their definition (§8). */
export const Extensions = dictionaryOf(
  { pattern: /^extension-definition--[0-9a-fA-F-]{36}$/, message: 'Must be extension-definition--UUID (CACAO 2.0 §8)' },
  z.record(
    z
      .string()
      .regex(/^[a-z0-9_]{3,250}$/, 'Names of properties of extensions are of a-z, 0-9 and _, three or more (§8)'),
    z.unknown(),
  ),
);

export const Name = z.string().min(1);
export const Base64 = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'Must be base64 (RFC 4648 §4)');
export const Identifiers = filledList(CacaoIdentifier);
