import { z } from 'zod';
import { Timestamp } from './evidence.ts';
import { Identifier } from './identifier.ts';
import { ReportSubject } from './report-subject.ts';

/** How a list of software came to be; it says how far the list can be trusted and what it can see. */
export const SoftwareMethod = z
  .enum([
    'sbom', // bill of materials of the maker or of a generator
    'package-list', // what the package manager of the device says
    'agent', // a program on the device
    'scanner', // a scanner, from outside or with an account
    'form', // a form that the manufacturer filled in
    'probe', // an answer to a probe of SPHINX
    'passive', // traffic that was seen
    'manual', // a person
  ])
  .meta({ id: 'SoftwareMethod' });
export type SoftwareMethod = z.infer<typeof SoftwareMethod>;

/** What kind of thing an item of a software list is. */
export const SoftwareKind = z
  .enum([
    'application',
    'package', // of a distribution or a language
    'library',
    'framework',
    'operating-system',
    'firmware',
    'patch', // an update that was installed, for example KB5034441
    'device', // hardware that the list names
    'container',
    'file',
    'other',
  ])
  .meta({ id: 'SoftwareKind' });
export type SoftwareKind = z.infer<typeof SoftwareKind>;

/** One piece of software that a list names. */
export const ListedSoftwareItem = z
  .object({
    kind: SoftwareKind,
    /** Empty where unknown. */
    vendor: z.string().max(256),
    /** As the list has it. */
    name: z.string().min(1).max(512),
    /** As the list has it, with epoch and release; empty where unknown: then it is neither affected nor clean. */
    version: z.string().max(256),
    purl: z.string().max(1024).optional().meta({ description: 'Package URL, with version' }),
    cpe: z.string().max(1024).optional().meta({ description: 'CPE 2.3 formatted string or CPE 2.2 URI' }),
  })
  .meta({ id: 'ListedSoftwareItem' });
export type ListedSoftwareItem = z.infer<typeof ListedSoftwareItem>;

/** Most items that one fact carries; a longer list comes in parts. */
export const MAXIMUM_LISTED_ITEMS = 2000;

/**
 * Payload of `software.listed`: what software a device, or every device of a model, has according to somebody or something.
 * Lists of the same `list` id have the same subject, method and tool: of those, the one that was taken last holds. A list in
 * several parts is whole when all `parts` are there; each part may come twice. `source.removed` with its source takes it back.
 */
export const SoftwareListing = z
  .object({
    list: Identifier.meta({ description: 'Same for every list of the same subject, method and tool' }),
    source: z.string().min(1).meta({ description: 'Id of the import or the probe run that brought it' }),
    sample: z.boolean(),
    subject: ReportSubject,
    method: SoftwareMethod,
    tool: z.string().max(128).meta({ description: 'What made the list, for example "dpkg" or "Trivy 0.57"' }),
    reference: z.string().max(512).meta({ description: 'Where it can be looked up again, for example a file name' }),
    takenAt: Timestamp.meta({ description: 'When the list was made, as it says itself, else when it came' }),
    isComplete: z.boolean().meta({
      description: 'Names all that its method can see: software of an earlier list that is not in it is gone',
    }),
    part: z.int().positive(),
    parts: z.int().positive(),
    items: z.array(ListedSoftwareItem).max(MAXIMUM_LISTED_ITEMS),
  })
  .meta({ id: 'SoftwareListing' });
export type SoftwareListing = z.infer<typeof SoftwareListing>;
