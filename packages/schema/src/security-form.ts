import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { ReportSubject } from './report-subject.ts';

/** The answer to one question, as it is printed and as it can be reckoned with. */
export const SecurityFormAnswer = z
  .object({
    question: Identifier.meta({ description: 'As the form numbers it, for example "AUTH-1.2"' }),
    answer: z.enum(['yes', 'no', 'not-applicable', 'see-note', 'text', 'none']),
    text: z.string().max(2048).meta({ description: 'As it stands in the form' }),
    note: z.string().max(4096),
  })
  .meta({ id: 'SecurityFormAnswer' });
export type SecurityFormAnswer = z.infer<typeof SecurityFormAnswer>;

/** Payload of `security-form.stated`: what the manufacturer says of a model in a disclosure statement (MDS2). */
export const SecurityForm = z
  .object({
    list: Identifier.meta({ description: 'Same for every form of the same subject and edition' }),
    source: z.string().min(1),
    sample: z.boolean(),
    subject: ReportSubject,
    form: z.enum(['MDS2 2013', 'MDS2 2019']),
    documentId: z.string().max(256),
    releasedAt: Timestamp.optional().meta({ description: 'Release date of the form, as it says itself' }),
    reference: z.string().max(512),
    takenAt: Timestamp,
    answers: z.array(SecurityFormAnswer).max(500),
  })
  .meta({ id: 'SecurityForm' });
export type SecurityForm = z.infer<typeof SecurityForm>;
