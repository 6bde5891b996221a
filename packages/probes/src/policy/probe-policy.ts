import { PatientSafetyClass, ProbeOccasion } from '@sphinx/schema';
import { z } from 'zod';
import { CAUTION_LEVELS } from '../probe.ts';

/** Programs of others that may ask in the place of the probes, where they are installed. */
export const ENGINES = ['nmap'] as const;
export type ProbeEngine = (typeof ENGINES)[number];

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const Pattern = z.string().refine(isPattern, { message: 'is no regular expression' });

/** What may be asked of devices of some class: knowledge, not code. */
export const ProbePolicy = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    title: z.string().min(3),
    kinds: Pattern.optional().meta({ description: 'Kinds of device that it covers, before any class is asked for' }),
    safetyClasses: z.array(PatientSafetyClass).meta({ description: 'Classes that it covers' }),
    coversUnclassified: z.boolean().meta({ description: 'Covers devices of which nobody knows the class' }),
    mode: z.enum(['allowed', 'with-approval', 'out-of-care-only']).meta({
      description:
        'allowed: without asking; with-approval: after a person has agreed; out-of-care-only: after a person has stated that the device is on no patient',
    }),
    occasions: z.array(ProbeOccasion).min(1).meta({ description: 'When it may be probed' }),
    probes: z.strictObject({
      cautions: z.array(z.enum(CAUTION_LEVELS)).meta({ description: 'Probes that ask for this much care may run' }),
      except: z.array(z.string()).default([]).meta({ description: 'Ids of probes that may not' }),
      also: z.array(z.string()).default([]).meta({ description: 'Ids of probes that may, whatever care they ask for' }),
    }),
    engines: z.array(z.enum(ENGINES)).default([]).meta({
      description: 'Other programs that a person may have ask it; none where devices are fragile',
    }),
    watch: z
      .strictObject({
        mode: z.enum(['allowed', 'with-approval']),
        cautions: z.array(z.enum(CAUTION_LEVELS)).min(1),
        leastSeconds: z.int().min(5).max(86_400),
      })
      .optional()
      .meta({ description: 'Whether and how often it may be checked regularly for being up. Absent: never' }),
    ports: z.enum(['known', 'usual']).meta({
      description: 'known: only those on which it was seen to serve; usual: also those that probes name',
    }),
    hours: z.strictObject({ from: TimeOfDay, until: TimeOfDay }).optional().meta({
      description: 'When the schedule may probe, in local time; a person may ask at any time. Absent: always',
    }),
    packetsPerSecond: z.number().min(0.1).max(100),
    periodicDays: z.int().min(1).max(366),
    slowdown: z
      .strictObject({ factor: z.number().min(1.2).max(20), atLeastMs: z.int().min(20).max(10_000) })
      .meta({ description: 'It is left alone when it answers slower than before by this factor and this much' }),
    rationale: z.string().min(30),
    references: z.array(z.strictObject({ title: z.string(), url: z.url().optional() })).min(1),
  })
  .refine(({ mode, engines }) => mode !== 'out-of-care-only' || engines.length === 0, {
    message: 'Devices that may be on a patient are never asked by another program.',
    path: ['engines'],
  })
  .refine(({ mode, watch }) => mode !== 'out-of-care-only' || watch === undefined, {
    message: 'Devices that may be on a patient are never checked regularly.',
    path: ['watch'],
  })
  .meta({ id: 'ProbePolicy' });
export type ProbePolicy = z.infer<typeof ProbePolicy>;

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'iu');
    return true;
  } catch {
    return false;
  }
}
