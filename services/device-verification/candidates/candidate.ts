import {
  type Asset,
  type AssetFact,
  type AssetFactName,
  Identifier,
  PatientSafetyClass,
  Timestamp,
} from '@sphinx/schema';
import { z } from 'zod';

const Name = z.string().trim().min(1).max(200);

/** What is known of a product that somebody thinks of buying. */
export const NewCandidate = z.strictObject({
  manufacturer: Name,
  model: Name,
  version: z.string().trim().max(100).default('').meta({ description: 'Of its software; empty where not known' }),
  kind: z
    .string()
    .trim()
    .max(100)
    .optional()
    .meta({ description: 'Kind of knowledge/asset-kinds, for example infusion-pump' }),
  patientSafetyClass: PatientSafetyClass.optional().meta({ description: 'What its failure can do to a patient' }),
  zone: z.string().trim().max(100).optional().meta({ description: 'Network zone in which it would stand' }),
});
export type NewCandidate = z.infer<typeof NewCandidate>;

/** A product that is judged on documents alone, before there is a device of it. */
export const Candidate = NewCandidate.extend({
  id: Identifier,
  createdAt: Timestamp,
  createdBy: z.string(),
}).meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof Candidate>;

/** A candidate in the form of an asset of which nothing was seen: the same checks then judge both. */
export function assetOfCandidate(candidate: Candidate): Asset {
  const { id, manufacturer, model, version, kind, patientSafetyClass, zone, createdAt } = candidate;
  const facts: Partial<Record<AssetFactName, AssetFact>> = {};
  const told: Partial<Record<AssetFactName, string | undefined>> = {
    manufacturer,
    model,
    kind,
    patientSafetyClass,
    zone,
  };
  for (const [name, value] of Object.entries(told)) {
    if (value === undefined || value === '') continue;
    const origin = { kind: 'manual', reference: candidate.createdBy } as const;
    facts[name as AssetFactName] = { value, confidence: 1, origin, evidence: [] };
  }
  return {
    id,
    name: [manufacturer, model, version].filter((word) => word !== '').join(' '),
    macs: [],
    ips: [],
    hostnames: [],
    facts,
    services: [],
    peers: [],
    evidence: [],
    conflicts: [],
    sources: [],
    isSample: false,
    isPinned: false,
    firstSeen: createdAt,
    lastSeen: createdAt,
    revision: 0,
  };
}
