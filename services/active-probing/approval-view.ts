import { Identifier, Timestamp } from '@sphinx/schema';
import { z } from 'zod';

/** The agreement of a person, as the API shows it. */
export const ApprovalView = z
  .object({
    id: Identifier,
    target: z.string(),
    by: z.string(),
    at: Timestamp,
    until: Timestamp,
    isOutOfCare: z.boolean(),
    credentials: z.array(z.string()),
    note: z.string(),
    withdrawnAt: Timestamp.nullable(),
  })
  .meta({ id: 'ProbeApproval' });
