import { cleanText } from '../bytes/text.ts';
import { attributeOf, startTags } from '../bytes/xml.ts';
import { EVENT_NAMES, EVENT_TYPE_NAMES, ROLE_NAMES } from './codes.ts';
import type { AtnaEvent } from './types.ts';

const ACTIONS: Readonly<Record<string, AtnaEvent['action']>> = {
  C: 'create',
  R: 'read',
  U: 'update',
  D: 'delete',
  E: 'execute',
};
/** EventOutcomeIndicator (DICOM PS3.15 table A.5.2-1, RFC 3881 §5.1.4). */
const SEVERITIES: Readonly<Record<string, AtnaEvent['severity']>> = { '4': 'minor', '8': 'serious', '12': 'major' };
const PERSON = '1';
const PATIENT_ROLE = '1';
const STUDY_INSTANCE_UID = '110180';
const MAXIMUM_ELEMENTS = 256;
const MAXIMUM_NAMES = 8;
/** Codes of events, types, roles and sources: no words that somebody typed. */
const CODE = /^[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,8})?$/;

/** @returns undefined where the text holds no audit message (DICOM PS3.15 §A.5.1, RFC 3881 §6) */
export function readAuditMessage(text: string): AtnaEvent | undefined {
  const start = text.indexOf('<AuditMessage');
  if (start < 0) return undefined;
  const xml = text.slice(start);
  const tags = (name: string) => startTags(xml, name, MAXIMUM_ELEMENTS);
  const [identification = ''] = tags('EventIdentification');
  const [eventId = ''] = tags('EventID');
  if (identification === '' || eventId === '') return undefined;
  const outcome = attributeOf(identification, 'EventOutcomeIndicator');
  const participants = tags('ActiveParticipant');
  const objects = tags('ParticipantObjectIdentification');
  const isPatient = (tag: string) =>
    attributeOf(tag, 'ParticipantObjectTypeCode') === PERSON &&
    attributeOf(tag, 'ParticipantObjectTypeCodeRole') === PATIENT_ROLE;
  const patients = objects.filter(isPatient).length;
  const studies = tags('ParticipantObjectIDTypeCode').filter((tag) => codeOf(tag) === STUDY_INSTANCE_UID).length;
  return {
    protocol: 'atna',
    activity: 'event',
    format: attributeOf(eventId, 'csd-code') === '' ? 'rfc-3881' : 'dicom',
    event: nameOf(eventId, EVENT_NAMES),
    types: namesOf(tags('EventTypeCode'), EVENT_TYPE_NAMES),
    action: ACTIONS[attributeOf(identification, 'EventActionCode')] ?? '',
    outcome: outcome === '' || outcome === '0' ? 'success' : 'failure',
    severity: SEVERITIES[outcome] ?? '',
    participants: participants.length,
    requestors: participants.filter((tag) => attributeOf(tag, 'UserIsRequestor') === 'true').length,
    roles: namesOf(tags('RoleIDCode'), ROLE_NAMES),
    sourceTypes: namesOf(tags('AuditSourceTypeCode'), {}),
    patients,
    studies,
    otherObjects: Math.max(0, objects.length - patients - studies),
    instances: tags('SOPClass').reduce((sum, tag) => sum + count(attributeOf(tag, 'NumberOfInstances')), 0),
  };
}

/** DICOM writes `csd-code` since 2013, before it and in RFC 3881 it was `code`. */
function codeOf(tag: string): string {
  return attributeOf(tag, 'csd-code') || attributeOf(tag, 'code');
}

function nameOf(tag: string, names: Readonly<Record<string, string>>): string {
  const code = codeOf(tag);
  return names[code] ?? (CODE.test(code) ? cleanText(code, 24) : '');
}

function namesOf(tags: readonly string[], names: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set(tags.map((tag) => nameOf(tag, names)).filter((name) => name !== ''))].slice(0, MAXIMUM_NAMES);
}

function count(text: string): number {
  const number = Number.parseInt(text, 10);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}
