/** What is counted of a host within an hour. */
export interface MeasureForm {
  readonly unit: 'count' | 'bytes' | 'seconds';
  /** What the number is of; `{detail}` is put in where the measure has one. */
  readonly words: string;
  /** Short, for the title of a chart. */
  readonly title: string;
}

const FORMS = {
  peers: { unit: 'count', title: 'Addresses spoken to', words: 'different addresses spoken to' },
  'failed-peers-on-port': {
    unit: 'count',
    title: 'Addresses tried in vain on one port',
    words: 'addresses tried in vain on {detail}',
  },
  'failed-ports-on-peer': {
    unit: 'count',
    title: 'Ports tried in vain on one address',
    words: 'ports tried in vain on {detail}',
  },
  'bytes-moved': { unit: 'bytes', title: 'Data sent and received', words: 'sent and received' },
  'bytes-to-internet': {
    unit: 'bytes',
    title: 'Data sent to the internet',
    words: 'sent to the internet, most of it to {detail}',
  },
  'bytes-fetched': {
    unit: 'bytes',
    title: 'Data fetched from servers here',
    words: 'fetched from servers here, most of it from {detail}',
  },
  'mail-bytes': { unit: 'bytes', title: 'Mail sent', words: 'of mail sent' },
  'mail-servers': { unit: 'count', title: 'Mail servers written to', words: 'mail servers written to' },
  'icmp-data-bytes': { unit: 'bytes', title: 'Data in ICMP', words: 'of data in ICMP with {detail}' },
  'dns-name-bytes': {
    unit: 'bytes',
    title: 'Different names below one domain',
    words: 'of different names asked below {detail}',
  },
  'failed-names': { unit: 'count', title: 'Names that do not exist', words: 'different names asked that do not exist' },
  'peer-to-peer-peers': { unit: 'count', title: 'Partners of file sharing', words: 'partners of file sharing' },
  'logon-attempts': {
    unit: 'count',
    title: 'Short log-ons to one service',
    words: 'connections to {detail} that are as short as a refused log-on',
  },
  'logon-failures': { unit: 'count', title: 'Refused log-ons', words: 'log-ons refused by {detail}' },
  'administered-peers': {
    unit: 'count',
    title: 'Machines administered',
    words: 'machines here connected to as an administrator does',
  },
  'files-written': {
    unit: 'count',
    title: 'Files opened for writing',
    words: 'files on shares opened to write or delete',
  },
  'files-renamed-kind': {
    unit: 'count',
    title: 'Files of a new kind written',
    words: 'files written with the ending {detail}, which nobody here used before',
  },
  'amplified-bytes': {
    unit: 'bytes',
    title: 'Answers that amplify',
    words: 'answered over {detail} to the internet, several times what was asked',
  },
  'streamed-seconds': { unit: 'seconds', title: 'Media played', words: 'of media played from the internet' },
  'unfinished-requests': {
    unit: 'count',
    title: 'Requests without end',
    words: 'requests to {detail} that were never finished',
  },
  requests: { unit: 'count', title: 'Requests from all', words: 'requests to {detail}, answered or not' },
  'dicom-queries': { unit: 'count', title: 'DICOM queries', words: 'DICOM queries (C-FIND)' },
  'dicom-retrievals': { unit: 'count', title: 'DICOM retrievals', words: 'DICOM retrievals (C-MOVE, C-GET)' },
  'hl7-messages': { unit: 'count', title: 'HL7 messages', words: 'HL7 messages' },
  'fhir-reads': { unit: 'count', title: 'FHIR reads and searches', words: 'FHIR reads and searches' },
  'half-open-requests': {
    unit: 'count',
    title: 'Requests answered and left open',
    words: 'requests that it answered and nobody completed, most of them from {detail}',
  },
} as const satisfies Readonly<Record<string, MeasureForm>>;

export type MeasureId = keyof typeof FORMS;
export const MEASURE_IDS = Object.keys(FORMS) as readonly MeasureId[];
export const MEASURES: Readonly<Record<MeasureId, MeasureForm>> = FORMS;
/** Place of each measure in arrays that hold one number for each. */
export const MEASURE_AT = Object.fromEntries(MEASURE_IDS.map((id, at) => [id, at])) as Readonly<
  Record<MeasureId, number>
>;
