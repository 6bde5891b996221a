import { z } from 'zod';
import { Identity } from './agents.ts';
import { dictionaryById, objectByType } from './by-type.ts';
import { Base64, Extensions, ExternalReference, filledList, Name } from './data-types.ts';
import { CacaoIdentifier, CacaoTimestamp, MillisecondTimestamp } from './identifier.ts';

/** §9.1: what every marking has. */
const COMMON = {
  id: CacaoIdentifier.optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  created_by: Identity,
  created: MillisecondTimestamp,
  modified: MillisecondTimestamp.optional(),
  revoked: z.boolean().optional(),
  valid_from: CacaoTimestamp.optional(),
  valid_until: CacaoTimestamp.optional(),
  labels: filledList(z.string()).optional(),
  external_references: filledList(ExternalReference).optional(),
  marking_extensions: Extensions.optional(),
};
const MARKINGS = {
  'marking-statement': z.strictObject({ type: z.literal('marking-statement'), ...COMMON, statement: Name }),
  'marking-tlp': z.strictObject({
    type: z.literal('marking-tlp'),
    ...COMMON,
    tlpv2_level: z.enum(['TLP:RED', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:GREEN', 'TLP:CLEAR']),
  }),
  'marking-iep': z.strictObject({
    type: z.literal('marking-iep'),
    ...COMMON,
    name: Name,
    description: z.string(),
    tlp: z.string(),
    iep_version: z.number(),
    start_date: CacaoTimestamp,
    end_date: CacaoTimestamp.nullable(),
    encrypt_in_transit: z.string(),
    permitted_actions: z.string(),
    affected_party_notifications: z.string(),
    attribution: z.string(),
    unmodified_resale: z.string(),
    external_references: z.array(z.unknown()),
  }),
} as const;

/** §3.1 `data_marking_definitions`. */
export const DataMarkings = dictionaryById(objectByType<{ readonly type: string }>(MARKINGS));

/** §8.1. */
const ExtensionDefinition = z.strictObject({
  type: z.literal('extension-definition'),
  name: Name,
  description: z.string().optional(),
  created_by: Identity,
  schema: Name,
  version: Name,
  external_references: z.array(ExternalReference).optional(),
});
/** §3.1 `extension_definitions`. */
export const ExtensionDefinitions = dictionaryById(ExtensionDefinition);

interface SignatureShape {
  readonly type: 'jss';
  readonly value: string;
  readonly signature?: SignatureShape;
}

const WAYS_TO_THE_KEY = ['public_key', 'public_cert_chain', 'cert_url', 'thumbprint'] as const;

/** §10.15. What it signs is the canonical form (`canonicalPlaybook`). */
export const Signature: z.ZodType<SignatureShape> = z
  .strictObject({
    type: z.literal('jss'),
    id: CacaoIdentifier,
    created_by: Identity.optional(),
    created: MillisecondTimestamp,
    modified: MillisecondTimestamp,
    revoked: z.boolean().optional(),
    signee: Name,
    valid_from: CacaoTimestamp.optional(),
    valid_until: CacaoTimestamp.optional(),
    related_to: CacaoIdentifier,
    related_version: MillisecondTimestamp,
    hash_algorithm: Name,
    algorithm: Name,
    public_key: z.string().optional(),
    public_cert_chain: filledList(Base64).optional(),
    cert_url: z.string().optional(),
    thumbprint: z.string().optional(),
    value: Name,
    get signature() {
      return Signature.optional();
    },
  })
  .refine((signature) => WAYS_TO_THE_KEY.filter((way) => signature[way] !== undefined).length === 1, {
    message: `Must have one of ${WAYS_TO_THE_KEY.join(', ')} (CACAO 2.0 §10.15)`,
  }) as unknown as z.ZodType<SignatureShape>;
