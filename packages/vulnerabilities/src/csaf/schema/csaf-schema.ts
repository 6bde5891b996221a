import {
  DATE_TIME,
  distinctObjects,
  distinctTexts,
  list,
  matching,
  object,
  oneOf,
  type Schema,
  TEXT,
  URI,
} from './building-blocks.ts';
import { cvssSchema } from './cvss-schema.ts';

// The structure of a CSAF 2.0 document (OASIS Standard, 18 November 2022, §3.2). Written from the standard; member for member
// it holds for what csaf_json_schema.json holds for.

/** Characters of a component of a formatted string (NISTIR 7695 §6.2.3). */
const CPE_COMPONENT = String.raw`(((\?*|\*?)([a-zA-Z0-9\-\._]|(\\[\\\*\?!"#\$%&'\(\)\+,\/:;<=>@\[\]\^${'`'}\{\|\}~]))+(\?*|\*?))|[\*\-])`;
const CPE_LANGUAGE = String.raw`(([a-zA-Z]{2,3}(-([a-zA-Z]{2}|[0-9]{3}))?)|[\*\-])`;
const CPE_2_3 = String.raw`cpe:2\.3:[aho\*\-](:${CPE_COMPONENT}){5}(:${CPE_LANGUAGE})(:${CPE_COMPONENT}){4}`;
const CPE_2_2 = String.raw`[cC][pP][eE]:\/[AHOaho]?(:[A-Za-z0-9\._\-~%]*){0,6}`;

const PURL = String.raw`^pkg:[A-Za-z\.\-\+][A-Za-z0-9\.\-\+]*\/.+`;

/** RFC 5646 §2.1 */
const LANGUAGE_TAG = [
  '^(([A-Za-z]{2,3}(-[A-Za-z]{3}(-[A-Za-z]{3}){0,2})?|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?',
  '(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[A-WY-Za-wy-z0-9](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?',
  '|[Xx](-[A-Za-z0-9]{1,8})+|[Ii]-[Dd][Ee][Ff][Aa][Uu][Ll][Tt]|[Ii]-[Mm][Ii][Nn][Gg][Oo])$',
].join('');

/** An integer, or a version of Semantic Versioning 2.0.0 (§3.1.11). */
const NUMBER = '(0|[1-9][0-9]*)';
const PRE_RELEASE = `(${NUMBER}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)`;
const VERSION = String.raw`^${NUMBER}$|^${NUMBER}\.${NUMBER}\.${NUMBER}(-${PRE_RELEASE}(\.${PRE_RELEASE})*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$`;

const language = matching(LANGUAGE_TAG);
const version = matching(VERSION);
const products = distinctTexts();
const groups = distinctTexts();

const acknowledgments = list(
  object({ names: list(TEXT), organization: TEXT, summary: TEXT, urls: list(URI) }, [], { minProperties: 1 }),
);
const notes = list(
  object(
    {
      audience: TEXT,
      category: oneOf('description', 'details', 'faq', 'general', 'legal_disclaimer', 'other', 'summary'),
      text: TEXT,
      title: TEXT,
    },
    ['category', 'text'],
  ),
);
const references = list(object({ category: oneOf('external', 'self'), summary: TEXT, url: URI }, ['summary', 'url']));

const fileHashes = object({ algorithm: TEXT, value: { ...matching('^[0-9a-fA-F]{32,}$'), minLength: 32 } }, [
  'algorithm',
  'value',
]);
const identificationHelper = object(
  {
    cpe: { ...matching(`^((${CPE_2_3})|(${CPE_2_2}))$`), minLength: 5 },
    hashes: list(object({ file_hashes: list(fileHashes), filename: TEXT }, ['file_hashes', 'filename'])),
    model_numbers: distinctTexts(),
    purl: { ...matching(PURL), minLength: 7, format: 'uri' },
    sbom_urls: list(URI),
    serial_numbers: distinctTexts(),
    skus: list(TEXT),
    x_generic_uris: list(object({ namespace: URI, uri: URI }, ['namespace', 'uri'])),
  },
  [],
  { minProperties: 1 },
);
const fullProductName = object({ name: TEXT, product_id: TEXT, product_identification_helper: identificationHelper }, [
  'name',
  'product_id',
]);
const branches = list(
  object(
    {
      branches: { $ref: '#/$defs/branches' },
      category: oneOf(
        'architecture',
        'host_name',
        'language',
        'legacy',
        'patch_level',
        'product_family',
        'product_name',
        'product_version',
        'product_version_range',
        'service_pack',
        'specification',
        'vendor',
      ),
      name: TEXT,
      product: fullProductName,
    },
    ['category', 'name'],
    { minProperties: 3, maxProperties: 3 },
  ),
);

const publisher = object(
  {
    category: oneOf('coordinator', 'discoverer', 'other', 'translator', 'user', 'vendor'),
    contact_details: TEXT,
    issuing_authority: TEXT,
    name: TEXT,
    namespace: URI,
  },
  ['category', 'name', 'namespace'],
);
const tracking = object(
  {
    aliases: distinctTexts(),
    current_release_date: DATE_TIME,
    generator: object({ date: DATE_TIME, engine: object({ name: TEXT, version: TEXT }, ['name']) }, ['engine']),
    id: matching(String.raw`^[\S](.*[\S])?$`),
    initial_release_date: DATE_TIME,
    revision_history: list(
      object({ date: DATE_TIME, legacy_version: TEXT, number: version, summary: TEXT }, ['date', 'number', 'summary']),
    ),
    status: oneOf('draft', 'final', 'interim'),
    version,
  },
  ['current_release_date', 'id', 'initial_release_date', 'revision_history', 'status', 'version'],
);
const document = object(
  {
    acknowledgments,
    aggregate_severity: object({ namespace: URI, text: TEXT }, ['text']),
    category: matching(String.raw`^[^\s\-_\.](.*[^\s\-_\.])?$`),
    csaf_version: oneOf('2.0'),
    distribution: object(
      { text: TEXT, tlp: object({ label: oneOf('AMBER', 'GREEN', 'RED', 'WHITE'), url: URI }, ['label']) },
      [],
      { minProperties: 1 },
    ),
    lang: language,
    notes,
    publisher,
    references,
    source_lang: language,
    title: TEXT,
    tracking,
  },
  ['category', 'csaf_version', 'publisher', 'title', 'tracking'],
);

const relationship = object(
  {
    category: oneOf(
      'default_component_of',
      'external_component_of',
      'installed_on',
      'installed_with',
      'optional_component_of',
    ),
    full_product_name: fullProductName,
    product_reference: TEXT,
    relates_to_product_reference: TEXT,
  },
  ['category', 'full_product_name', 'product_reference', 'relates_to_product_reference'],
);
const productTree = object(
  {
    branches: { $ref: '#/$defs/branches' },
    full_product_names: list(fullProductName),
    product_groups: list(
      object({ group_id: TEXT, product_ids: distinctTexts(2), summary: TEXT }, ['group_id', 'product_ids']),
    ),
    relationships: list(relationship),
  },
  [],
  { minProperties: 1 },
);

const flags = distinctObjects(
  object(
    {
      date: DATE_TIME,
      group_ids: groups,
      label: oneOf(
        'component_not_present',
        'inline_mitigations_already_exist',
        'vulnerable_code_cannot_be_controlled_by_adversary',
        'vulnerable_code_not_in_execute_path',
        'vulnerable_code_not_present',
      ),
      product_ids: products,
    },
    ['label'],
  ),
);
const involvements = distinctObjects(
  object(
    {
      date: DATE_TIME,
      party: oneOf('coordinator', 'discoverer', 'other', 'user', 'vendor'),
      status: oneOf('completed', 'contact_attempted', 'disputed', 'in_progress', 'not_contacted', 'open'),
      summary: TEXT,
    },
    ['party', 'status'],
  ),
);
const productStatus = object(
  {
    first_affected: products,
    first_fixed: products,
    fixed: products,
    known_affected: products,
    known_not_affected: products,
    last_affected: products,
    recommended: products,
    under_investigation: products,
  },
  [],
  { minProperties: 1 },
);
const restartRequired = object(
  {
    category: oneOf(
      'connected',
      'dependencies',
      'machine',
      'none',
      'parent',
      'service',
      'system',
      'vulnerable_component',
      'zone',
    ),
    details: TEXT,
  },
  ['category'],
);
const remediations = list(
  object(
    {
      category: oneOf('mitigation', 'no_fix_planned', 'none_available', 'vendor_fix', 'workaround'),
      date: DATE_TIME,
      details: TEXT,
      entitlements: list(TEXT),
      group_ids: groups,
      product_ids: products,
      restart_required: restartRequired,
      url: URI,
    },
    ['category', 'details'],
  ),
);
const scores = list(
  object(
    {
      cvss_v2: cvssSchema('2.0'),
      cvss_v3: {
        type: 'object',
        if: { properties: { version: { const: '3.0' } }, required: ['version'] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: cvssSchema('3.0'),
        else: cvssSchema('3.1'),
      },
      products,
    },
    ['products'],
    { minProperties: 2 },
  ),
);
const threats = list(
  object(
    {
      category: oneOf('exploit_status', 'impact', 'target_set'),
      date: DATE_TIME,
      details: TEXT,
      group_ids: groups,
      product_ids: products,
    },
    ['category', 'details'],
  ),
);
const vulnerability = object(
  {
    acknowledgments,
    cve: matching('^CVE-[0-9]{4}-[0-9]{4,}$'),
    cwe: object({ id: matching(String.raw`^CWE-[1-9]\d{0,5}$`), name: TEXT }, ['id', 'name']),
    discovery_date: DATE_TIME,
    flags,
    ids: distinctObjects(object({ system_name: TEXT, text: TEXT }, ['system_name', 'text'])),
    involvements,
    notes,
    product_status: productStatus,
    references,
    release_date: DATE_TIME,
    remediations,
    scores,
    threats,
    title: TEXT,
  },
  [],
  { minProperties: 1 },
);

/** JSON Schema 2020-12 of a CSAF 2.0 document. */
export const CSAF_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: { branches },
  ...object({ document, product_tree: productTree, vulnerabilities: list(vulnerability) }, ['document']),
};

/** The same, with no member that the standard does not know (CSAF 2.0 §6.2.20). */
export const STRICT_CSAF_SCHEMA: Schema = closed(CSAF_SCHEMA) as Schema;

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { if: condition, ...rest } = schema as Record<string, unknown>;
  const members = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, closed(value)]));
  // What a condition tests is no description of the object.
  const whole = condition === undefined ? members : { ...members, if: condition };
  return 'properties' in whole ? { ...whole, additionalProperties: false } : whole;
}
