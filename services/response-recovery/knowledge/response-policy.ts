import { join } from 'node:path';
import { loadKnowledgeFiles, ROLES } from '@sphinx/platform';
import { Interference } from '@sphinx/playbooks';
import { PatientSafetyClass } from '@sphinx/schema';
import { z } from 'zod';

/** What a device does for patients, as far as somebody said so. */
export const ClinicalClass = z.enum([...PatientSafetyClass.options, 'unknown']);
export type ClinicalClass = z.infer<typeof ClinicalClass>;

const Id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const Minutes = z.number().positive().max(525_600);
const Decision = z.enum(['run', 'ask', 'refuse']);

const Approver = z.object({
  title: z.string().min(1),
  /** Whether somebody may agree to what they asked for themselves. */
  mayApproveOwn: z.boolean(),
  levels: z.array(z.object({ roles: z.array(z.enum(ROLES)).min(1), minutes: Minutes })).min(1),
});

const RULE = {
  id: Id,
  does: z.array(Interference).min(1),
  decision: Decision,
  approvers: z.array(Id).default([]),
  because: z.string().min(1),
};
const DeviceRule = z.object({ ...RULE, classes: z.array(ClinicalClass).min(1) });
const OtherRule = z.object({
  ...RULE,
  /** Kinds of targets of OpenC2; every kind where they are left out. */
  targets: z.array(z.string()).min(1).optional(),
  /** Whether devices of the hospital were seen to work with it. */
  isNeeded: z.boolean().default(false),
});

/** `knowledge/response-policy`: which actions run at once, need whom, or are refused. */
export const ResponsePolicy = z
  .object({
    id: z.string(),
    version: z.string(),
    rationale: z.string(),
    references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
    approvers: z.record(Id, Approver),
    titles: z.record(z.string(), Id),
    rules: z.array(DeviceRule).min(1),
    elsewhere: z.array(OtherRule).min(1),
    ward: z.object({ share: z.number().min(0).max(1), devices: z.int().min(0), approvers: z.array(Id).min(1) }),
    rates: z.object({ actionsPerHour: z.int().min(1), actionsPerHourOfOneActuator: z.int().min(1) }),
    undoAfterMinutes: z.partialRecord(Interference, Minutes),
    taskMinutes: Minutes,
  })
  .superRefine(({ approvers, titles, rules, elsewhere, ward }, context) => {
    const named = [
      ...Object.values(titles),
      ...[...rules, ...elsewhere].flatMap((rule) => rule.approvers),
      ...ward.approvers,
      'security',
    ];
    for (const name of new Set(named)) {
      if (approvers[name] === undefined) {
        context.addIssue({ code: 'custom', message: `"${name}" is no entry of approvers`, path: ['approvers'] });
      }
    }
    for (const rule of [...rules, ...elsewhere]) {
      if (rule.decision === 'ask' && rule.approvers.length === 0) {
        context.addIssue({ code: 'custom', message: `Rule "${rule.id}" asks nobody`, path: ['rules'] });
      }
    }
  });
export type ResponsePolicy = z.infer<typeof ResponsePolicy>;

/** @throws SphinxError SPX_INVALID_INPUT that names file and problem */
export async function loadResponsePolicy(knowledgeFolder: string): Promise<ResponsePolicy> {
  const [policy] = await loadKnowledgeFiles(join(knowledgeFolder, 'response-policy'), ResponsePolicy);
  if (policy === undefined) throw new Error('knowledge/response-policy has no policy');
  return policy;
}
