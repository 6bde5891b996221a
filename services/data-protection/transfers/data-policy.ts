import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import { CloudCategory } from './cloud-services.ts';
import { personsOf, type Transfer } from './transfer.ts';

/** Where an end of a transfer is. `not-clinical` is a known zone that is none of care, `unknown` says nothing. */
export type Place = 'internet' | 'clinical' | 'not-clinical' | 'unknown';

const Condition = z.strictObject({
  protocols: z.array(z.string()).optional(),
  clinicalProtocol: z.literal(true).optional(),
  receiver: z.enum(['internet', 'not-clinical']).optional(),
  sender: z.enum(['clinical']).optional(),
  services: z.array(CloudCategory).optional(),
  persons: z.int().positive().optional(),
  terms: z.int().positive().optional(),
  bytes: z.int().positive().optional(),
});

const DataRule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Names it in detections; never used again for another rule. */
  number: z.int().positive(),
  title: z.string(),
  severity: Severity,
  when: Condition,
  techniques: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)),
  advice: z.string().min(10),
});
export type DataRule = z.infer<typeof DataRule>;

/** `knowledge/data-protection/policy.yaml`: which ways of patient data are wrong. */
export const DataPolicy = z.strictObject({
  id: z.string(),
  version: z.string(),
  rationale: z.string().min(30),
  references: z.array(z.strictObject({ title: z.string(), url: z.url() })).min(1),
  rules: z.array(DataRule).min(1),
  clinicalProtocols: z.array(z.string()).min(1),
});
export type DataPolicy = z.infer<typeof DataPolicy>;

/**
 * @param category of the service on the internet that it goes to
 * @returns the first rule that forbids the transfer
 */
export function judgeTransfer(
  policy: DataPolicy,
  transfer: Pick<Transfer, 'protocol' | 'counts' | 'bytes'>,
  places: { readonly sender: Place; readonly receiver: Place },
  category: CloudCategory | undefined,
): DataRule | undefined {
  const persons = personsOf(transfer.counts);
  return policy.rules.find(({ when }) => {
    const isProtocol = when.protocols === undefined || when.protocols.includes(transfer.protocol);
    const isClinical = when.clinicalProtocol === undefined || policy.clinicalProtocols.includes(transfer.protocol);
    const isService = when.services === undefined || (category !== undefined && when.services.includes(category));
    return (
      isProtocol &&
      isClinical &&
      isService &&
      (when.receiver === undefined || when.receiver === places.receiver) &&
      (when.sender === undefined || when.sender === places.sender) &&
      persons >= (when.persons ?? 0) &&
      transfer.counts.terms >= (when.terms ?? 0) &&
      transfer.bytes >= (when.bytes ?? 0)
    );
  });
}
