import { openDataSet, UNDEFINED_LENGTH } from '@sphinx/wire/dicom';
import type { Patient, Study } from '../../decoys/patients.ts';
import type { Element } from './encode.ts';

// Queries over invented patients: PS3.4 annex C.2 (matching) and C.6 (patient and study root), annex K (worklist).

const MAXIMUM_KEYS = 100;
const LEVEL = 0x00080052;

/** Keys of a query: tag → value as it was sent, which is matched and forgotten. */
export type QueryKeys = ReadonlyMap<number, string>;

/** Tag → value representation and name, of everything that a decoy can answer. */
const ATTRIBUTES: ReadonlyMap<number, readonly [representation: string, name: string]> = new Map([
  [0x00080018, ['UI', 'SOPInstanceUID']],
  [0x00080020, ['DA', 'StudyDate']],
  [0x00080030, ['TM', 'StudyTime']],
  [0x00080050, ['SH', 'AccessionNumber']],
  [LEVEL, ['CS', 'QueryRetrieveLevel']],
  [0x00080054, ['AE', 'RetrieveAETitle']],
  [0x00080060, ['CS', 'Modality']],
  [0x00080061, ['CS', 'ModalitiesInStudy']],
  [0x00080080, ['LO', 'InstitutionName']],
  [0x00080090, ['PN', 'ReferringPhysicianName']],
  [0x00081030, ['LO', 'StudyDescription']],
  [0x0008103e, ['LO', 'SeriesDescription']],
  [0x00100010, ['PN', 'PatientName']],
  [0x00100020, ['LO', 'PatientID']],
  [0x00100030, ['DA', 'PatientBirthDate']],
  [0x00100040, ['CS', 'PatientSex']],
  [0x00180015, ['CS', 'BodyPartExamined']],
  [0x0020000d, ['UI', 'StudyInstanceUID']],
  [0x0020000e, ['UI', 'SeriesInstanceUID']],
  [0x00200010, ['SH', 'StudyID']],
  [0x00200011, ['IS', 'SeriesNumber']],
  [0x00200013, ['IS', 'InstanceNumber']],
  [0x00201206, ['IS', 'NumberOfStudyRelatedSeries']],
  [0x00201208, ['IS', 'NumberOfStudyRelatedInstances']],
  [0x00201209, ['IS', 'NumberOfSeriesRelatedInstances']],
  [0x00321060, ['LO', 'RequestedProcedureDescription']],
  [0x00400001, ['AE', 'ScheduledStationAETitle']],
  [0x00401001, ['SH', 'RequestedProcedureID']],
]);

/** @returns keys of the highest level of the data set; values of sequences are left out */
export function readQueryKeys(dataSet: Uint8Array, transferSyntax: string): QueryKeys {
  const keys = new Map<number, string>();
  const cursor = openDataSet(dataSet, transferSyntax);
  while (keys.size < MAXIMUM_KEYS && cursor.next()) {
    const { tag, offset, length } = cursor;
    const isText = length !== UNDEFINED_LENGTH && offset + length <= cursor.bytes.length && length <= 1024;
    const value = isText ? Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset + offset, length) : Buffer.alloc(0);
    keys.set(tag, value.toString('latin1').replace(/[\0 ]+$/, ''));
    cursor.skip();
  }
  return keys;
}

/** @returns in words, without any value: "STUDY level, by PatientID; asks for PatientName, StudyDate" */
export function describeQuery(keys: QueryKeys): string {
  const level = /^[A-Z]{1,16}$/.exec(keys.get(LEVEL) ?? '')?.[0] ?? 'no';
  const names = (isBy: boolean) =>
    [...keys]
      .filter(([tag, value]) => tag !== LEVEL && isBy === (value !== '' && value !== '*'))
      .map(([tag]) => ATTRIBUTES.get(tag)?.[1] ?? tagText(tag));
  const by = names(true);
  const asked = names(false);
  return [
    `${level} level`,
    by.length === 0 ? 'everybody' : `by ${by.join(', ')}`,
    asked.length === 0 ? '' : `asks for ${asked.slice(0, 20).join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** Whether it asks for everybody, as somebody does who looks what there is. */
export function isForEverybody(keys: QueryKeys): boolean {
  return [...keys].every(([tag, value]) => tag === LEVEL || value === '' || /^[*?]+$/.test(value));
}

/** @param aeTitle title of the decoy @returns data sets of the answers, at most `limit` */
export function findMatches(
  keys: QueryKeys,
  patients: readonly Patient[],
  aeTitle: string,
  limit: number,
): readonly (readonly Element[])[] {
  const level = keys.get(LEVEL)?.toUpperCase() ?? 'STUDY';
  const found: (readonly Element[])[] = [];
  for (const patient of patients) {
    const studies: readonly (Study | undefined)[] = level === 'PATIENT' ? [undefined] : patient.studies;
    for (const study of studies) {
      const values = valuesOf(patient, study, level, aeTitle);
      if (found.length < limit && isMatch(keys, values)) found.push(answered(keys, values));
    }
  }
  return found;
}

type Values = ReadonlyMap<number, string>;

function valuesOf(patient: Patient, study: Study | undefined, level: string, aeTitle: string): Values {
  const ofPatient: [number, string][] = [
    [LEVEL, level],
    [0x00080054, aeTitle],
    [0x00100010, `${patient.family}^${patient.given}`],
    [0x00100020, patient.id],
    [0x00100030, patient.born],
    [0x00100040, patient.sex],
    [0x00080090, patient.physician],
  ];
  if (study === undefined) return new Map(ofPatient);
  return new Map([
    ...ofPatient,
    [0x00080018, `${study.seriesUid}.1`.slice(0, 64)],
    [0x00080020, study.date],
    [0x00080030, study.time],
    [0x00080050, study.accession],
    [0x00080060, study.modality],
    [0x00080061, study.modality],
    [0x00081030, study.description],
    [0x0008103e, study.description],
    [0x00180015, study.bodyPart],
    [0x0020000d, study.uid],
    [0x0020000e, study.seriesUid],
    [0x00200010, study.id],
    [0x00200011, '1'],
    [0x00200013, '1'],
    [0x00201206, '1'],
    [0x00201208, String(study.images)],
    [0x00201209, String(study.images)],
    [0x00321060, study.description],
    [0x00401001, study.id],
  ]);
}

function answered(keys: QueryKeys, values: Values): readonly Element[] {
  const tags = new Set([...keys.keys(), LEVEL, 0x00080054]);
  return [...tags].flatMap((tag) => {
    const representation = ATTRIBUTES.get(tag)?.[0];
    return representation === undefined ? [] : [[tag, representation, values.get(tag) ?? ''] as const];
  });
}

function isMatch(keys: QueryKeys, values: Values): boolean {
  for (const [tag, wanted] of keys) {
    const value = values.get(tag);
    if (wanted === '' || tag === LEVEL || value === undefined) continue;
    if (!fits(wanted, value, ATTRIBUTES.get(tag)?.[0] ?? '')) return false;
  }
  return true;
}

function fits(wanted: string, value: string, representation: string): boolean {
  if (representation === 'UI') return wanted.split('\\').includes(value);
  if ((representation === 'DA' || representation === 'TM') && wanted.includes('-')) {
    const [from = '', to = ''] = wanted.split('-', 2);
    return (from === '' || value >= from) && (to === '' || value <= to);
  }
  return fitsWildcard(wanted.toUpperCase(), value.toUpperCase());
}

/** `*` any text, `?` any character (PS3.4 §C.2.2.2.4); in time that grows with the product of both lengths at most. */
export function fitsWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let position = 0;
  while (position < text.length) {
    if (at < pattern.length && pattern[at] === '*') {
      star = at++;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

function tagText(tag: number): string {
  const text = tag.toString(16).padStart(8, '0');
  return `(${text.slice(0, 4)},${text.slice(4)})`;
}
