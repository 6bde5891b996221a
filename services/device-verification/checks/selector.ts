import { AssetFactName, EVIDENCE_ATTRIBUTES, IdentityConflict, SecurityFormAnswer, Severity } from '@sphinx/schema';
import { z } from 'zod';
import { isRegularExpression, ValuePredicate } from './predicate.ts';

const Pattern = z.string().refine(isRegularExpression, { message: 'is no regular expression' });
const Protocols = z.array(z.string()).min(1);

const AttributeName = z.string().refine((name) => Object.hasOwn(EVIDENCE_ATTRIBUTES, name), {
  error: (issue) => `"${String(issue.input)}" is not in EVIDENCE_ATTRIBUTES of @sphinx/schema`,
});

/** A question of MDS2 as HN 1-2019 numbers it, or the id of a declaration. */
const QuestionId = z.string().regex(/^([A-Z]{2,5}-\d+(\.\d+)*|[a-z0-9]+(-[a-z0-9]+)*)$/);

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
  in: z.enum(['traffic', 'software-list']).default('traffic').meta({ description: 'Where it is looked for' }),
  failsIf: z.strictObject({
    supportEndsBefore: z.string().regex(/^now([+-]\d+d)?$/),
    supportEndsAfter: z
      .string()
      .regex(/^now([+-]\d+d)?$/)
      .optional(),
  }),
  says,
});

const Answer = SecurityFormAnswer.shape.answer;

/** Says what was answered to one question; `see-note` and what was left open cannot be judged. */
const StatementSelector = z.strictObject({
  stated: z.union([QuestionId, z.array(QuestionId).min(1)]),
  onlyIf: z
    .strictObject({ question: QuestionId, answer: z.array(Answer).min(1) })
    .optional()
    .meta({ description: 'Looked at only where this was answered as well' }),
  unless: z
    .strictObject({ question: QuestionId, answer: z.array(Answer).min(1) })
    .optional()
    .meta({ description: 'Not looked at where this was answered' }),
  failsIf: z.strictObject({ answer: z.array(Answer).min(1) }),
  says,
});

const ComponentSelector = z.strictObject({
  component: z.strictObject({
    name: Pattern.optional(),
    exceptName: Pattern.optional(),
    package: Pattern.optional().meta({ description: 'Pattern over the package URL' }),
    exceptKinds: z.array(z.string()).optional(),
  }),
  failsIf: z
    .strictObject({
      isVersionAbsent: z.boolean().optional(),
      isVendorAbsent: z.boolean().optional(),
      isIdentifierAbsent: z.boolean().optional().meta({ description: 'Neither package URL nor CPE' }),
      versionWithin: z
        .array(z.strictObject({ from: z.string().optional(), below: z.string() }))
        .min(1)
        .optional()
        .meta({ description: 'Its version is in one of these ranges: from inclusive, below exclusive' }),
    })
    .optional()
    .meta({ description: 'Absent: being there fails' }),
  atLeast,
  says,
});

const WeaknessSelector = z.strictObject({
  weakness: z.strictObject({
    severity: z.array(Severity).optional(),
    isKnownExploited: z.boolean().optional(),
    hasRemedy: z.boolean().optional(),
  }),
  atLeast,
  says,
});

const SightingSelector = z.strictObject({
  sighting: z.enum(['first', 'last']),
  failsIf: ValuePredicate,
  says,
});

/** What became different since the last certificate. */
const ChangeSelector = z.strictObject({
  change: z.array(z.union([AssetFactName, z.enum(['new-service', 'lost-service'])])).min(1),
  says,
});

/** One thing that a check looks at: in a snapshot of an asset, in documents about it, or in what it was before. */
export const Selector = z.union([
  EvidenceSelector,
  PeerSelector,
  ServiceSelector,
  ConflictSelector,
  FactSelector,
  SoftwareSelector,
  StatementSelector,
  ComponentSelector,
  WeaknessSelector,
  SightingSelector,
  ChangeSelector,
]);
export type Selector = z.infer<typeof Selector>;
export type EvidenceSelector = z.infer<typeof EvidenceSelector>;
export type PeerSelector = z.infer<typeof PeerSelector>;
export type ServiceSelector = z.infer<typeof ServiceSelector>;
export type ConflictSelector = z.infer<typeof ConflictSelector>;
export type FactSelector = z.infer<typeof FactSelector>;
export type SoftwareSelector = z.infer<typeof SoftwareSelector>;
export type StatementSelector = z.infer<typeof StatementSelector>;
export type ComponentSelector = z.infer<typeof ComponentSelector>;
export type WeaknessSelector = z.infer<typeof WeaknessSelector>;
export type SightingSelector = z.infer<typeof SightingSelector>;
export type ChangeSelector = z.infer<typeof ChangeSelector>;

/** @returns what an observation of this selector rests on */
export function sourceOf(selector: Selector): 'network' | 'documents' | 'weaknesses' | 'declarations' {
  if ('weakness' in selector) return 'weaknesses';
  if ('component' in selector) return 'documents';
  if ('software' in selector) return selector.in === 'software-list' ? 'documents' : 'network';
  if ('stated' in selector) {
    return [selector.stated].flat().every((question) => /^[A-Z]/.test(question)) ? 'documents' : 'declarations';
  }
  return 'network';
}
