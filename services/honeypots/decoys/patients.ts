import { z } from 'zod';
import { SeededRandom } from './seeded-random.ts';

/** Words that invented patients are made of: knowledge/decoys/patients.yaml. */
export const PatientWords = z.object({
  familyNames: z.array(z.string()).min(20),
  givenNames: z.object({ F: z.array(z.string()).min(10), M: z.array(z.string()).min(10) }),
  wards: z.array(z.string()).min(3),
  physicians: z.array(z.string()).min(3),
  studies: z
    .array(z.object({ modality: z.string(), sopClass: z.string(), description: z.string(), bodyPart: z.string() }))
    .min(5),
  source: z.string(),
});
export type PatientWords = z.infer<typeof PatientWords>;

/** An invented examination. */
export interface Study {
  readonly uid: string;
  readonly seriesUid: string;
  readonly id: string;
  readonly accession: string;
  /** `YYYYMMDD` */
  readonly date: string;
  /** `HHMMSS` */
  readonly time: string;
  readonly modality: string;
  readonly sopClass: string;
  readonly description: string;
  readonly bodyPart: string;
  readonly images: number;
}

/** Somebody who does not exist. */
export interface Patient {
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly sex: 'F' | 'M';
  /** `YYYYMMDD` */
  readonly born: string;
  readonly ward: string;
  readonly physician: string;
  readonly studies: readonly Study[];
}

const DAY_MS = 86_400_000;
const OLDEST_STUDY_DAYS = 400;
/** Root of UIDs made of random UUIDs (DICOM PS3.5 annex B.2). */
const UID_ROOT = '2.25.';

/**
 * Invents patients with their examinations. The same seed gives the same ones.
 *
 * @param today milliseconds since the epoch: examinations lie in the months before it
 */
export function inventPatients(words: PatientWords, seed: string, count: number, today: number): readonly Patient[] {
  const random = new SeededRandom(seed);
  const first = 100_000 + random.below(700_000);
  return Array.from({ length: count }, (_, index) => inventPatient(words, random, first + index * 7, today));
}

function inventPatient(words: PatientWords, random: SeededRandom, number: number, today: number): Patient {
  const sex = random.below(2) === 0 ? 'F' : 'M';
  return {
    id: `P${number}`,
    family: random.pick(words.familyNames),
    given: random.pick(words.givenNames[sex]),
    sex,
    born: dateText(today - (6600 + random.below(26_000)) * DAY_MS),
    ward: random.pick(words.wards),
    physician: random.pick(words.physicians),
    studies: Array.from({ length: 1 + random.below(3) }, () => inventStudy(words, random, today)),
  };
}

function inventStudy(words: PatientWords, random: SeededRandom, today: number): Study {
  const kind = random.pick(words.studies);
  const accession = String(20_000_000 + random.below(9_999_999));
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    ...kind,
    uid: `${UID_ROOT}${random.bigInteger()}`,
    seriesUid: `${UID_ROOT}${random.bigInteger()}`,
    id: accession.slice(2),
    accession: `A${accession}`,
    date: dateText(today - (1 + random.below(OLDEST_STUDY_DAYS)) * DAY_MS),
    time: `${two(7 + random.below(12))}${two(random.below(60))}${two(random.below(60))}`,
    images: kind.modality === 'CT' || kind.modality === 'MR' ? 60 + random.below(400) : 1 + random.below(4),
  };
}

function dateText(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
