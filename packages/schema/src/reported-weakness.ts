import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { ReportSubject } from './report-subject.ts';
import { Severity } from './verification.ts';

/** A weakness as another scanner reports it. Its words are kept short: what a scanner quotes may hold more than it should. */
export const ReportedWeakness = z
  .object({
    id: Identifier.meta({ description: 'Of the check in the scanner: plugin, OID, QID, or the CVE' }),
    title: z.string().max(512),
    cves: z.array(z.string().regex(/^CVE-\d{4}-\d{4,}$/)).max(500),
    severity: Severity,
    vector: z.string().max(256).optional().meta({ description: 'CVSS vector, as the scanner gives it' }),
    port: z.int().min(0).max(65_535).optional(),
    transport: z.enum(['tcp', 'udp']).optional(),
    software: z.string().max(512).optional().meta({ description: 'Name of the software that is concerned' }),
    version: z.string().max(256).optional().meta({ description: 'Of that software, as it was found' }),
    fixedVersion: z.string().max(256).optional(),
    remedy: z.string().max(1024),
    certainty: z.int().min(0).max(100).optional().meta({
      description: 'Per cent, where the scanner tells how sure it is (quality of detection)',
    }),
  })
  .meta({ id: 'ReportedWeakness' });
export type ReportedWeakness = z.infer<typeof ReportedWeakness>;

/** Payload of `weakness.reported`: what a scanner found on one device. Lists and parts are as in `software.listed`. */
export const WeaknessReport = z
  .object({
    list: Identifier,
    source: z.string().min(1),
    sample: z.boolean(),
    subject: ReportSubject,
    tool: z.string().min(1).max(128).meta({ description: 'Scanner, with version where it tells' }),
    reference: z.string().max(512),
    takenAt: Timestamp,
    part: z.int().positive(),
    parts: z.int().positive(),
    weaknesses: z.array(ReportedWeakness).max(1000),
  })
  .meta({ id: 'WeaknessReport' });
export type WeaknessReport = z.infer<typeof WeaknessReport>;
