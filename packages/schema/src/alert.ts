import { z } from 'zod';
import { PacketReference, Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { Severity } from './verification.ts';

/** How an alert came about: which kind of analytic raised it. */
export const AlertKind = z
  .enum(['log-rule', 'log-search', 'anomaly', 'decoy', 'honeytoken', 'outage'])
  .meta({ id: 'AlertKind', description: 'Kind of analytic that raised an alert' });
export type AlertKind = z.infer<typeof AlertKind>;

/** Somebody or something that an alert is about. Names of patients are none of these. */
export const AlertSubject = z
  .object({
    role: z
      .enum(['actor', 'target', 'affected'])
      .meta({ description: 'Who did it, to whom, or whom it merely is about' }),
    type: z.enum(['ip', 'hostname', 'user', 'asset', 'process', 'file', 'domain', 'url', 'account', 'service']),
    value: z.string().min(1).max(500),
    port: z.int().min(0).max(65_535).optional(),
  })
  .meta({ id: 'AlertSubject' });
export type AlertSubject = z.infer<typeof AlertSubject>;

/** Where what an alert stands on can be looked up. */
export const AlertEvidence = z
  .object({
    kind: z.enum(['log-event', 'packet', 'flow', 'session', 'file', 'baseline']),
    /** Id within the service that keeps it. */
    id: z.string().min(1).max(500),
    time: Timestamp,
    /** In words, without a value of a patient. */
    summary: z.string().max(1000),
    packet: PacketReference.optional(),
  })
  .meta({ id: 'AlertEvidence' });
export type AlertEvidence = z.infer<typeof AlertEvidence>;

/** What an anomaly says: both sides of the comparison, and how rare it is. */
export const AlertComparison = z
  .object({
    expected: z.string().max(500),
    seen: z.string().max(500),
    since: Timestamp,
    /** Share of comparable periods that look like this or stranger, 0 to 1. */
    rarity: z.number().min(0).max(1),
  })
  .meta({ id: 'AlertComparison' });

/** Something other than a rule over packets says that a person should look: a log rule, an anomaly, a decoy. */
export const Alert = z
  .object({
    id: Identifier,
    kind: AlertKind,
    analytic: z.object({
      /** Stable id of the rule, model, baseline or decoy. */
      id: z.string().min(1).max(200),
      title: z.string().min(1).max(500),
      /** Set or pack that it is from. */
      set: z.string().max(200),
      version: z.string().max(100),
      references: z.array(z.string().max(1000)).max(50),
    }),
    severity: Severity,
    /** How sure the analytic is, 0 to 1, where it can tell. */
    confidence: z.number().min(0).max(1).optional(),
    /** What happened, in one or two plain sentences. */
    message: z.string().min(1).max(2000),
    subjects: z.array(AlertSubject).min(1).max(50),
    /** Techniques of MITRE ATT&CK, for example `T1110.003`. */
    techniques: z.array(z.string().max(20)).max(50),
    /** First and last moment of what it covers. */
    time: Timestamp,
    endTime: Timestamp,
    /** Events that it covers. */
    count: z.int().min(1),
    comparison: AlertComparison.optional(),
    evidence: z.array(AlertEvidence).max(50),
    isSample: z.boolean(),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof Alert>;
