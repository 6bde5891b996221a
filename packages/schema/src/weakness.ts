import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { Severity } from './verification.ts';

/** Decision of CISA's Stakeholder-Specific Vulnerability Categorization (SSVC guide, 2022), least urgent first. */
export const SsvcDecision = z.enum(['track', 'track*', 'attend', 'act']).meta({ id: 'SsvcDecision' });
export type SsvcDecision = z.infer<typeof SsvcDecision>;

/**
 * Whether the weakness is there. `possibly-affected`: the product is concerned and its version is not known, or the source
 * says nothing clear of it: neither vulnerable nor clean.
 */
export const WeaknessPresence = z.enum(['affected', 'possibly-affected']).meta({ id: 'WeaknessPresence' });
export type WeaknessPresence = z.infer<typeof WeaknessPresence>;

/** What people, or new evidence, made of a weakness. */
export const WeaknessStatus = z
  .enum(['open', 'in-progress', 'accepted-risk', 'compensated', 'false-positive', 'fixed'])
  .meta({ id: 'WeaknessStatus' });
export type WeaknessStatus = z.infer<typeof WeaknessStatus>;

/** Which software or which device a weakness was found in. */
export const WeakComponent = z
  .object({
    kind: z.enum(['device', 'software']).meta({ description: 'The device by maker and model, or software on it' }),
    vendor: z.string(),
    name: z.string(),
    version: z.string().meta({ description: 'Empty where unknown' }),
    source: z.string().meta({ description: 'How it is known: an attribute of the evidence, or the name of a list' }),
  })
  .meta({ id: 'WeakComponent' });
export type WeakComponent = z.infer<typeof WeakComponent>;

/** One weakness of one asset, with what it rests on and how much it matters there. */
export const Weakness = z
  .object({
    id: Identifier.meta({ description: 'Of this weakness on this asset' }),
    weakness: Identifier.meta({ description: '`CVE-2023-12345`, or what its source calls it where it has no CVE' }),
    title: z.string(),
    presence: WeaknessPresence,
    quality: z.enum(['exact-version', 'range', 'product', 'reported']).meta({
      description:
        'What it rests on: this very version, a range that it is in, the product alone, or a report of a scanner',
    }),
    identity: z
      .enum(['purl', 'cpe', 'vendor-and-name', 'name', 'report'])
      .meta({ description: 'Which names are the same, from strong to weak; or that a scanner reports it' }),
    because: z.string().meta({ description: 'Why it matches, a sentence without full stop' }),
    component: WeakComponent,
    severity: Severity,
    score: z.number().min(0).max(10).nullable().meta({ description: 'CVSS with the metrics of this asset' }),
    baseScore: z.number().min(0).max(10).nullable(),
    vector: z
      .string()
      .meta({ description: 'CVSS vector with environmental metrics; empty where the source gives none' }),
    isKnownExploited: z.boolean().meta({ description: "On CISA's list of known exploited vulnerabilities" }),
    exploitProbability: z.number().min(0).max(1).nullable().meta({ description: 'EPSS: within 30 days' }),
    decision: SsvcDecision,
    priority: z.number().min(0).max(100).meta({ description: 'Place in the ranked list, highest first' }),
    reasons: z.array(z.string()).meta({ description: 'Why it has this priority, most weighty first' }),
    sources: z.array(z.object({ feed: z.string(), id: z.string(), url: z.string() })),
    hasFix: z.boolean().meta({ description: 'A source names a fix' }),
    status: WeaknessStatus,
    owner: z.string().nullable(),
    dueAt: Timestamp.nullable(),
    foundAt: Timestamp,
    closedAt: Timestamp.nullable(),
    closedBecause: z.string().nullable(),
  })
  .meta({ id: 'Weakness' });
export type Weakness = z.infer<typeof Weakness>;

/** Weaknesses of one asset of which one thing is told: found, changed, or closed. */
export const AssetWeaknesses = z
  .object({
    assetId: Identifier,
    assetName: z.string(),
    isSample: z.boolean(),
    weaknesses: z.array(Weakness).min(1).max(100),
  })
  .meta({ id: 'AssetWeaknesses' });
export type AssetWeaknesses = z.infer<typeof AssetWeaknesses>;
