import { AssetFactName, EVIDENCE_ATTRIBUTES, IdentityConflict } from '@sphinx/schema';
import { z } from 'zod';
import { isRegularExpression, ValuePredicate } from './predicate.ts';

const Pattern = z.string().refine(isRegularExpression, { message: 'is no regular expression' });
const Protocols = z.array(z.string()).min(1);

const AttributeName = z.string().refine((name) => Object.hasOwn(EVIDENCE_ATTRIBUTES, name), {
  error: (issue) => `"${String(issue.input)}" is not in EVIDENCE_ATTRIBUTES of @sphinx/schema`,
});

/** What is asked of one conversation of the asset. Every key that is given must hold. */
export const PeerCondition = z.strictObject({
  direction: z.enum(['outgoing', 'incoming']).optional(),
  protocol: Protocols.optional(),
  exceptProtocol: Protocols.optional(),
  transport: z.array(z.string()).optional(),
  port: z.array(z.int()).optional(),
  isExternal: z.boolean().optional(),
  isEncrypted: z.boolean().optional(),
  isAnswered: z.boolean().optional(),
  kind: Pattern.optional().meta({ description: 'Kind of the peer, as a pattern; unknown where it has none' }),
  zone: Pattern.optional().meta({ description: 'Zone of the peer, as a pattern; unknown where it has none' }),
  isZoneDifferent: z.boolean().optional(),
  bytesSentAbove: z.int().nonnegative().optional(),
});
export type PeerCondition = z.infer<typeof PeerCondition>;

/** What is asked of one service that the asset offers. */
export const ServiceCondition = z.strictObject({
  protocol: Protocols.optional(),
  transport: z.array(z.enum(['tcp', 'udp'])).optional(),
  port: z.array(z.int()).optional(),
  isEncrypted: z.boolean().optional(),
});
export type ServiceCondition = z.infer<typeof ServiceCondition>;

export const SoftwareCategory = z.enum(['operating-system', 'server-software', 'library', 'client-software']);
export type SoftwareCategory = z.infer<typeof SoftwareCategory>;

/** Words of a failing observation; `{value}`, `{port}`, `{ip}` … are filled in. What does not fail is told plainly. */
const says = z.string().optional();
/** Fails only from this number of failing observations on. */
const atLeast = z.int().positive().optional();

const EvidenceSelector = z.strictObject({
  evidence: z.union([AttributeName, z.array(AttributeName).min(1)]),
  role: z.array(z.enum(['self', 'client', 'server'])).optional(),
  port: z.array(z.int()).optional(),
  isLatest: z
    .boolean()
    .optional()
    .meta({ description: 'Only what was shown last in each place: a renewed certificate replaces the old one' }),
  where: ValuePredicate.optional().meta({ description: 'Other values are not looked at' }),
  withSibling: z
    .strictObject({ evidence: AttributeName, value: ValuePredicate })
    .optional()
    .meta({ description: 'Looked at only where the same port also showed this' }),
  isClearText: z
    .literal(true)
    .optional()
    .meta({ description: 'Looked at only where the same port did not show TLS: a probe sees inside what it encrypts' }),
  failsIf: ValuePredicate.optional().meta({ description: 'Absent: being there fails' }),
  atLeast,
  says,
});

const PeerSelector = z.strictObject({
  peer: PeerCondition,
  failsIf: PeerCondition.optional(),
  atLeast,
  says,
});

const ServiceSelector = z.strictObject({
  service: ServiceCondition,
  failsIf: ServiceCondition.optional(),
  atLeast,
  says,
});

const ConflictSelector = z.strictObject({
  conflict: z.array(IdentityConflict.shape.kind).min(1),
  atLeast,
  says,
});

const FactSelector = z.strictObject({
  fact: AssetFactName,
  failsIf: z
    .strictObject({
      isAbsent: z.boolean().optional(),
      confidenceBelow: z.number().min(0).max(1).optional(),
      value: ValuePredicate.optional(),
    })
    .optional(),
  says,
});

const SoftwareSelector = z.strictObject({
  software: z.array(SoftwareCategory).min(1),
  failsIf: z.strictObject({
    supportEndsBefore: z.string().regex(/^now([+-]\d+d)?$/),
    supportEndsAfter: z
      .string()
      .regex(/^now([+-]\d+d)?$/)
      .optional(),
  }),
  says,
});

/** One thing that a check looks at in a snapshot of an asset. */
export const Selector = z.union([
  EvidenceSelector,
  PeerSelector,
  ServiceSelector,
  ConflictSelector,
  FactSelector,
  SoftwareSelector,
]);
export type Selector = z.infer<typeof Selector>;
export type EvidenceSelector = z.infer<typeof EvidenceSelector>;
export type PeerSelector = z.infer<typeof PeerSelector>;
export type ServiceSelector = z.infer<typeof ServiceSelector>;
export type ConflictSelector = z.infer<typeof ConflictSelector>;
export type FactSelector = z.infer<typeof FactSelector>;
export type SoftwareSelector = z.infer<typeof SoftwareSelector>;
