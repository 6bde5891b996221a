import { z } from 'zod';
import { PatientSafetyClass } from './asset.ts';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { Severity } from './verification.ts';

/** How far the work on an incident is. */
export const IncidentStatus = z
  .enum(['new', 'in-progress', 'on-hold', 'closed'])
  .meta({ id: 'IncidentStatus', description: 'How far the work on an incident is' });
export type IncidentStatus = z.infer<typeof IncidentStatus>;

/** What an incident turned out to be, said by whoever closed it. */
export const IncidentVerdict = z.enum(['true', 'false', 'benign', 'test', 'duplicate']).meta({
  id: 'IncidentVerdict',
  description:
    'true: an attack or a breach; false: nothing happened; benign: it happened and was allowed; test: an exercise; ' +
    'duplicate: another incident has it',
});
export type IncidentVerdict = z.infer<typeof IncidentVerdict>;

/** A device that an incident concerns, as the inventory knew it. */
export const IncidentAsset = z
  .object({
    assetId: Identifier,
    name: z.string(),
    kind: z.string().meta({ description: 'Key of knowledge/asset-kinds; empty where unknown' }),
    role: z.enum(['actor', 'target', 'affected']),
    patientSafetyClass: PatientSafetyClass.nullable(),
    careArea: z.string().meta({ description: 'Empty where unknown' }),
    zone: z.string(),
  })
  .meta({ id: 'IncidentAsset' });
export type IncidentAsset = z.infer<typeof IncidentAsset>;

/** Detections and alerts that belong together, as one thing that a person works on. */
export const Incident = z
  .object({
    id: Identifier,
    number: z.int().positive().meta({ description: 'What people call it: INC-12' }),
    title: z.string().min(1),
    summary: z.string().meta({ description: 'What happened, in plain sentences' }),
    severity: Severity.meta({ description: 'With what it can do to patients' }),
    clinicalImpact: z.string().meta({ description: 'What it can do to patients, in words; empty where nothing' }),
    status: IncidentStatus,
    verdict: IncidentVerdict.nullable(),
    owner: z.string().nullable(),
    stages: z.array(z.string()).meta({ description: 'Tactics of MITRE ATT&CK, for example `lateral-movement`' }),
    techniques: z.array(z.string()).meta({ description: 'Techniques of MITRE ATT&CK, for example `T1021.001`' }),
    assets: z.array(IncidentAsset),
    users: z.array(z.string()),
    addresses: z.array(z.string()).meta({ description: 'Addresses that are no asset, such as those of the internet' }),
    analytics: z.array(z.object({ id: Identifier, title: z.string(), count: z.int().min(1) })),
    signals: z.int().nonnegative().meta({ description: 'Detections and alerts in it, repeats counted' }),
    firstSeen: Timestamp,
    lastSeen: Timestamp,
    openedAt: Timestamp,
    closedAt: Timestamp.nullable(),
    isSample: z.boolean(),
  })
  .meta({ id: 'Incident' });
export type Incident = z.infer<typeof Incident>;
