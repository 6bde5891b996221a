import {
  AssetFactName,
  CheckOutcome,
  IdentityConflict,
  ListedSoftwareItem,
  PatientSafetyClass,
  Severity,
  VerificationOccasion,
  VerifiedState,
} from '@sphinx/schema';
import { z } from 'zod';
import { isRegularExpression } from './predicate.ts';
import { Selector } from './selector.ts';

const Pattern = z.string().refine(isRegularExpression, { message: 'is no regular expression' });

/** Whom a check concerns. Every key that is given must hold; elsewhere the check is not applicable. */
export const Applicability = z.strictObject({
  kinds: Pattern.optional().meta({ description: 'Pattern over the kind of the asset' }),
  exceptKinds: Pattern.optional(),
  safetyClasses: z.array(PatientSafetyClass).min(1).optional(),
  occasions: z.array(VerificationOccasion).min(1).optional().meta({ description: 'Judged on these occasions only' }),
  zones: Pattern.optional().meta({ description: 'Pattern over the zone of the asset' }),
  offers: z.array(z.string()).min(1).optional().meta({ description: 'Offers a service of one of these protocols' }),
  uses: z.array(z.string()).min(1).optional().meta({ description: 'Opens conversations in one of these protocols' }),
  speaks: z.array(z.string()).min(1).optional().meta({ description: 'Offers or uses one of these protocols' }),
});
export type Applicability = z.infer<typeof Applicability>;

const Reference = z.strictObject({ title: z.string().min(1), url: z.url().optional() });

/** A small asset in a check file, filled up with defaults by `assetOfFixture`. */
export const AssetFixture = z.strictObject({
  facts: z.partialRecord(AssetFactName, z.string()).optional(),
  confidence: z.number().min(0).max(1).optional(),
  evidence: z
    .array(
      z.strictObject({
        attribute: z.string(),
        value: z.string(),
        role: z.enum(['self', 'client', 'server']).optional(),
        port: z.int().optional(),
        protocol: z.string().optional(),
        /** Minutes after the first sighting of the asset. */
        minute: z.number().optional(),
      }),
    )
    .optional(),
  services: z
    .array(
      z.strictObject({
        protocol: z.string(),
        port: z.int(),
        transport: z.enum(['tcp', 'udp']).optional(),
        isEncrypted: z.boolean().optional(),
      }),
    )
    .optional(),
  peers: z
    .array(
      z.strictObject({
        ip: z.string(),
        protocol: z.string(),
        port: z.int().optional(),
        transport: z.string().optional(),
        direction: z.enum(['outgoing', 'incoming']).optional(),
        isExternal: z.boolean().optional(),
        isEncrypted: z.boolean().optional(),
        isAnswered: z.boolean().optional(),
        isPartial: z.boolean().optional(),
        bytesSent: z.int().optional(),
        kind: z.string().optional(),
        zone: z.string().optional(),
        /** Repeats the peer with the last number of its address counted up. */
        repeat: z.int().positive().optional(),
      }),
    )
    .optional(),
  conflicts: z
    .array(z.strictObject({ kind: IdentityConflict.shape.kind, value: z.string(), detail: z.string() }))
    .optional(),
  /** Answers of the manufacturer in MDS2 or of a person: question → yes, no, not-applicable, see-note. */
  stated: z.record(z.string(), z.enum(['yes', 'no', 'not-applicable', 'see-note', 'none'])).optional(),
  components: z
    .array(
      z.strictObject({
        name: z.string(),
        version: z.string().optional(),
        vendor: z.string().optional(),
        purl: z.string().optional(),
        cpe: z.string().optional(),
        kind: ListedSoftwareItem.shape.kind.optional(),
      }),
    )
    .optional(),
  weaknesses: z
    .array(
      z.strictObject({
        id: z.string(),
        severity: Severity.optional(),
        isKnownExploited: z.boolean().optional(),
        hasRemedy: z.boolean().optional(),
        software: z.string().optional(),
      }),
    )
    .optional(),
  isAssessed: z.boolean().optional(),
  /** What it was at the last certificate. */
  before: VerifiedState.partial().optional(),
  occasion: VerificationOccasion.optional(),
  /** Hours between its last sighting and now. */
  silentHours: z.number().nonnegative().optional(),
});
export type AssetFixture = z.infer<typeof AssetFixture>;

const CheckTest = z.strictObject({
  name: z.string().min(1),
  now: z.iso.datetime().optional(),
  asset: AssetFixture,
  outcome: CheckOutcome,
});

/**
 * One check: knowledge, not code. It fails when anything that it looks at fails, passes when something that it looks at
 * was seen and did not fail, and is not observed otherwise: absence of evidence never passes.
 */
export const Check = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    title: z.string().min(10).meta({ description: 'The promise that holds when the check passes' }),
    group: z.enum([
      'clinical-data',
      'encryption',
      'certificates',
      'access',
      'obsolete-services',
      'obsolete-software',
      'network-position',
      'identity',
      'behaviour',
      'weaknesses',
      'software-list',
      'users',
      'audit',
      'data-protection',
      'recovery',
      'hardening',
      'life-cycle',
      'hand-over',
    ]),
    severity: Severity,
    appliesTo: Applicability.optional().meta({ description: 'Absent: every asset' }),
    looksAt: z.array(Selector).min(1),
    passesOn: z
      .array(Selector)
      .optional()
      .meta({ description: 'Further observations that show that it was judged; their failsIf must not hold' }),
    rationale: z.string().min(30),
    remedy: z.string().min(20),
    condition: z
      .string()
      .min(20)
      .meta({ description: 'What must hold while a conditional asset stays on the network unrepaired' }),
    references: z.array(Reference).min(1),
    covers: z
      .array(z.string().regex(/^[a-z0-9-]+: ?.+$/))
      .optional()
      .meta({ description: 'Requirements of knowledge/standards that it shows to be met where it passes' }),
    tests: z.array(CheckTest).min(2),
  })
  .meta({ id: 'Check' });
export type Check = z.infer<typeof Check>;
