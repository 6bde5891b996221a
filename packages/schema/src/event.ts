import { z } from 'zod';
import { Alert } from './alert.ts';
import { Asset } from './asset.ts';
import { ServiceAvailability } from './availability.ts';
import { CareAreaState } from './care.ts';
import { DecisionMade } from './decision.ts';
import { Detection } from './detection.ts';
import { Conversation, HostObservation, Timestamp } from './evidence.ts';
import { deterministicId, Identifier } from './identifier.ts';
import { Incident } from './incident.ts';
import { KeptPlaybook, RemovedPlaybook } from './kept-playbook.ts';
import { MeasuresEvaluation, MeasuresRequest } from './measure.ts';
import { MediaUse } from './media.ts';
import { ProbeCompletion, ProbeRefusal } from './probing.ts';
import { WeaknessReport } from './reported-weakness.ts';
import { ResponseProgress } from './response.ts';
import { RiskChange } from './risk.ts';
import { SecurityForm } from './security-form.ts';
import { SoftwareListing } from './software.ts';
import { isStorable, maySayUnstorable, storable } from './storable.ts';
import { CertificateRecord, Verification, VerificationOccasion } from './verification.ts';
import { AssetWeaknesses } from './weakness.ts';

/**
 * The facts of SPHINX: type → payload. A fact is durable, ordered per key and delivered at least once.
 * What each becomes in OCSF is in `ocsf/`.
 */
export const FACTS = {
  'host.observed': HostObservation,
  'conversation.observed': Conversation,
  'source.removed': z.object({ source: z.string(), sample: z.boolean() }),
  'asset.discovered': Asset,
  'asset.updated': Asset,
  'asset.merged': z.object({ assetId: Identifier, mergedAssetId: Identifier, reason: z.string(), by: z.string() }),
  'asset.removed': z.object({ assetId: Identifier, reason: z.string() }),
  'verification.requested': z.object({
    assetId: Identifier,
    requestedBy: z.string(),
    occasion: VerificationOccasion.optional(),
    reason: z.string().max(500).optional().meta({ description: 'For example the number of the incident' }),
  }),
  'verdict.issued': Verification,
  'certificate.issued': CertificateRecord,
  'certificate.revoked': CertificateRecord,
  'detection.found': Detection,
  'alert.raised': Alert,
  'media.used': MediaUse,
  'incident.opened': Incident,
  'incident.updated': Incident,
  'incident.closed': Incident,
  'software.listed': SoftwareListing,
  'weakness.reported': WeaknessReport,
  'security-form.stated': SecurityForm,
  'weakness.found': AssetWeaknesses,
  'weakness.changed': AssetWeaknesses,
  'weakness.closed': AssetWeaknesses,
  'probe.completed': ProbeCompletion,
  'probe.refused': ProbeRefusal,
  'service.up': ServiceAvailability,
  'service.degraded': ServiceAvailability,
  'service.down': ServiceAvailability,
  'risk.changed': RiskChange,
  'decision.made': DecisionMade,
  'measures.requested': MeasuresRequest,
  'measures.evaluated': MeasuresEvaluation,
  'playbook.kept': KeptPlaybook,
  'playbook.removed': RemovedPlaybook,
  'care.changed': CareAreaState,
  'response.planned': ResponseProgress,
  'response.approval-asked': ResponseProgress,
  'response.approved': ResponseProgress,
  'response.refused': ResponseProgress,
  'response.started': ResponseProgress,
  'response.step-done': ResponseProgress,
  'response.finished': ResponseProgress,
  'response.undone': ResponseProgress,
} as const;

export type FactType = keyof typeof FACTS;
export type FactData<T extends FactType> = z.infer<(typeof FACTS)[T]>;

/** A fact on its way through the house. */
export type Fact<T extends FactType = FactType> = {
  [K in T]: {
    /** Deterministic: the same input gives the same id, so a replay changes nothing. */
    readonly id: string;
    /** When it happened, milliseconds since the Unix epoch. */
    readonly time: number;
    readonly type: K;
    /** What it is about; order is kept per key. */
    readonly key: string;
    /** Service that published it. */
    readonly source: string;
    readonly data: FactData<K>;
  };
}[T];

/** Envelope of a fact without its payload, for validation at the edge. */
export const FactEnvelope = z.object({
  id: Identifier,
  time: Timestamp,
  type: z.enum(Object.keys(FACTS) as [FactType, ...FactType[]]),
  key: z.string().min(1),
  source: z.string().min(1),
  data: z.unknown(),
});

/**
 * @returns a fact whose id follows from type, key, time and payload; text that no store keeps is replaced (U+FFFD)
 */
export function createFact<T extends FactType>(
  type: T,
  fields: { key: string; time: number; source: string; data: FactData<T> },
): Fact<T> {
  const text = JSON.stringify(fields.data);
  if (maySayUnstorable(text) && !isStorable(fields.data)) {
    return createFact(type, { ...fields, data: storable(fields.data) });
  }
  const id = deterministicId('evt', type, fields.key, fields.time, text);
  return { id, type, ...fields } as Fact<T>;
}
