import { PatientDataCounts, type PatientDataScanner } from '@sphinx/patient-data';
import { defineRoute, ListQuery, pageOfList, pageSchema, type Route, SequencePageQuery } from '@sphinx/platform';
import { Severity } from '@sphinx/schema';
import { z } from 'zod';
import type { DataKnowledge } from './knowledge/data-knowledge.ts';
import { Transfer } from './transfers/transfer.ts';
import type { TransferStore } from './transfers/transfer-store.ts';

const TAG = 'data protection';
const PERMISSION = 'data-transfers:read';
const PLACE = z.string().meta({ description: 'internet, clinical, not-clinical or unknown' });
const JudgedTransferItem = Transfer.extend({
  senderPlace: PLACE,
  receiverPlace: PLACE,
  rule: z.string().nullable().meta({ description: 'Id of the rule that forbids it' }),
  severity: Severity.nullable(),
}).meta({ id: 'DataTransfer' });
const ReceiverItem = z
  .object({
    receiver: z.string().meta({ description: 'Service on the internet, name or address' }),
    title: z.string(),
    place: PLACE,
    transfers: z.int(),
    forbidden: z.int().meta({ description: 'Transfers that the policy forbids' }),
    persons: z.int().meta({ description: 'Persons that the data tells of, as far as can be told' }),
    bytes: z.int(),
    senders: z.int(),
    protocols: z.array(z.string()),
    lastSeen: z.number(),
  })
  .meta({ id: 'DataReceiver' });
const KindItem = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: z.enum(['identifier', 'record', 'terms', 'cloud-service']),
    country: z.string().nullable(),
    source: z.string(),
  })
  .meta({ id: 'DataKind' });
const PolicyRuleItem = z
  .object({ id: z.string(), title: z.string(), severity: Severity, advice: z.string() })
  .meta({ id: 'DataRule' });
/** More is a file: `sphinx patient-data scan`. */
const MAXIMUM_TEXT = 1_000_000;

/** Where data of patients goes, and what is recognised as such. */
export function dataRoutes(dependencies: {
  store: TransferStore;
  knowledge: DataKnowledge;
  scanner: PatientDataScanner;
}): readonly Route[] {
  const { store, knowledge, scanner } = dependencies;
  const titles = new Map(knowledge.cloudServices.map(({ id, title }) => [id, title]));
  return [
    defineRoute({
      method: 'GET',
      path: '/data-transfers',
      operationId: 'listDataTransfers',
      summary: 'Connections that carry data of patients unencrypted or upload to the internet, newest first',
      tag: TAG,
      permission: PERMISSION,
      query: SequencePageQuery.extend({
        receiver: z.string().max(255).optional().meta({ description: 'As the list of receivers names it' }),
        ip: z.string().max(64).optional().meta({ description: 'Of the sender or the receiver' }),
        isForbidden: z.stringbool().optional().meta({ description: 'Only those that the policy forbids' }),
      }),
      response: pageSchema(JudgedTransferItem),
      handler: ({ query: { cursor, ...query } }) => store.list({ ...query, before: cursor }),
    }),
    defineRoute({
      method: 'GET',
      path: '/data-transfers/receivers',
      operationId: 'listDataReceivers',
      summary: 'Who gets data of patients or uploads, those first that get what the policy forbids',
      tag: TAG,
      permission: PERMISSION,
      query: ListQuery,
      response: pageSchema(ReceiverItem),
      handler: async ({ query }) => {
        const receivers = await store.receivers();
        const titled = receivers.map((each) => ({
          ...each,
          protocols: [...each.protocols],
          title: titles.get(each.receiver) ?? each.receiver,
        }));
        return pageOfList(titled, query, ({ receiver }) => receiver);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/data-kinds',
      operationId: 'listDataKinds',
      summary: 'What is recognised: numbers that name patients, forms of records, languages, services on the internet',
      tag: TAG,
      permission: PERMISSION,
      query: ListQuery,
      response: pageSchema(KindItem),
      handler: async ({ query }) => pageOfList(kindsOf(knowledge), query, ({ id }) => id),
    }),
    defineRoute({
      method: 'GET',
      path: '/data-policy',
      operationId: 'getDataPolicy',
      summary: 'Which ways of patient data are wrong, and what to do about each',
      tag: TAG,
      permission: PERMISSION,
      response: z.object({ version: z.string(), rationale: z.string(), rules: z.array(PolicyRuleItem) }),
      handler: async () => {
        const { version, rationale, rules } = knowledge.policy;
        return {
          version,
          rationale,
          rules: rules.map(({ id, title, severity, advice }) => ({ id, title, severity, advice })),
        };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/data-kinds/find',
      operationId: 'findPatientData',
      summary: 'What would be found in this text; it is not kept and not written to any log',
      tag: TAG,
      permission: PERMISSION,
      body: z.object({ text: z.string().max(MAXIMUM_TEXT) }),
      response: PatientDataCounts,
      audit: { action: 'patient-data.try', subject: () => 'a text' },
      handler: async ({ body }) => scanner.scan(body.text),
    }),
  ];
}

function kindsOf({ patientData, cloudServices }: DataKnowledge): z.infer<typeof KindItem>[] {
  const { identifiers, formats, terms } = patientData;
  const languages = new Intl.DisplayNames(['en'], { type: 'language' });
  return [
    ...identifiers.map(
      ({ id, title, country, source }) => ({ id, title, kind: 'identifier', country, source: source.url }) as const,
    ),
    ...formats.map(
      ({ id, title, source }) => ({ id, title, kind: 'record', country: null, source: source.url }) as const,
    ),
    ...terms.map(
      ({ language, terms: words, source }) =>
        ({
          id: `terms-${language}`,
          title: `${words.length} words of medicine in ${languages.of(language) ?? language}`,
          kind: 'terms',
          country: null,
          source: source.url,
        }) as const,
    ),
    ...cloudServices.map(({ id, title }) => ({ id, title, kind: 'cloud-service', country: null, source: '' }) as const),
  ];
}
