import { type CsafContext, place, productsOf } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import type { CsafVulnerability } from '../document.ts';

type Profile =
  | 'csaf_informational_advisory'
  | 'csaf_security_advisory'
  | 'csaf_security_incident_response'
  | 'csaf_vex';
const PROFILES: readonly Profile[] = [
  'csaf_informational_advisory',
  'csaf_security_advisory',
  'csaf_security_incident_response',
  'csaf_vex',
];
const WITHOUT_PRODUCTS: readonly Profile[] = ['csaf_informational_advisory', 'csaf_security_incident_response'];
const WITH_PRODUCTS: readonly Profile[] = ['csaf_security_advisory', 'csaf_vex'];

const TELLING_NOTES = ['description', 'details', 'general', 'summary'];
const VEX_STATUSES = ['fixed', 'known_affected', 'known_not_affected', 'under_investigation'] as const;

/** What each profile asks for (CSAF 2.0 §4 and §6.1.26–6.1.27.11). */
export const PROFILE_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.26',
    title: 'Prohibited Document Category Name',
    run({ document }) {
      const { category } = document.document;
      if (PROFILES.some((profile) => profile === category) || category === 'csaf_base') return [];
      const where = '/document/category';
      if (category.toLowerCase().startsWith('csaf_')) return [{ where, what: 'begins with the reserved csaf_' }];
      const name = squeeze(category);
      const alike = PROFILES.find((profile) => [profile, profile.slice('csaf_'.length)].map(squeeze).includes(name));
      return alike === undefined ? [] : [{ where, what: `is too much like ${alike}` }];
    },
  },
  profileTest('6.1.27.1', 'Document Notes', WITHOUT_PRODUCTS, ({ document }) =>
    document.document.notes?.some(({ category }) => TELLING_NOTES.includes(category))
      ? []
      : [{ where: '/document/notes', what: `has no note of category ${TELLING_NOTES.join(', ')}` }],
  ),
  profileTest('6.1.27.2', 'Document References', WITHOUT_PRODUCTS, ({ document }) =>
    document.document.references?.some(({ category = 'external' }) => category === 'external')
      ? []
      : [{ where: '/document/references', what: 'has no external reference' }],
  ),
  profileTest('6.1.27.3', 'Vulnerabilities', ['csaf_informational_advisory'], ({ document }) =>
    document.vulnerabilities === undefined
      ? []
      : [{ where: '/vulnerabilities', what: 'must not be in an informational advisory' }],
  ),
  profileTest('6.1.27.4', 'Product Tree', WITH_PRODUCTS, ({ document }) =>
    document.product_tree === undefined ? [{ where: '/product_tree', what: 'is missing' }] : [],
  ),
  vulnerabilityTest('6.1.27.5', 'Vulnerability Notes', WITH_PRODUCTS, ({ notes }) =>
    notes === undefined ? 'has no notes' : undefined,
  ),
  vulnerabilityTest('6.1.27.6', 'Product Status', ['csaf_security_advisory'], ({ product_status }) =>
    product_status === undefined ? 'has no product status' : undefined,
  ),
  vulnerabilityTest('6.1.27.7', 'VEX Product Status', ['csaf_vex'], ({ product_status }) =>
    VEX_STATUSES.some((status) => product_status?.[status] !== undefined)
      ? undefined
      : `has none of the statuses ${VEX_STATUSES.join(', ')}`,
  ),
  vulnerabilityTest('6.1.27.8', 'Vulnerability ID', ['csaf_vex'], ({ cve, ids }) =>
    cve === undefined && ids === undefined ? 'has neither a CVE nor another identifier' : undefined,
  ),
  statementTest(
    '6.1.27.9',
    'Impact Statement',
    'known_not_affected',
    'flag or impact',
    ({ flags = [], threats = [] }) => [...flags, ...threats.filter(({ category }) => category === 'impact')],
  ),
  statementTest(
    '6.1.27.10',
    'Action Statement',
    'known_affected',
    'remediation',
    ({ remediations = [] }) => remediations,
  ),
  profileTest('6.1.27.11', 'Vulnerabilities', WITH_PRODUCTS, ({ document }) =>
    document.vulnerabilities === undefined ? [{ where: '/vulnerabilities', what: 'is missing' }] : [],
  ),
];

function profileTest(id: string, title: string, profiles: readonly Profile[], run: CsafTest['run']): CsafTest {
  const isOfProfile = ({ document }: CsafContext) => profiles.some((profile) => profile === document.document.category);
  return { id, title, run: (context, resources) => (isOfProfile(context) ? run(context, resources) : []) };
}

function vulnerabilityTest(
  id: string,
  title: string,
  profiles: readonly Profile[],
  complaint: (vulnerability: CsafVulnerability) => string | undefined,
): CsafTest {
  return profileTest(id, title, profiles, ({ vulnerabilities }) =>
    vulnerabilities.flatMap(({ value, where }) => {
      const what = complaint(value);
      return what === undefined ? [] : [{ where, what }];
    }),
  );
}

/** Of VEX: each product of a status has a statement of a kind. */
function statementTest(
  id: string,
  title: string,
  status: 'known_affected' | 'known_not_affected',
  kind: string,
  statementsOf: (vulnerability: CsafVulnerability) => readonly Parameters<typeof productsOf>[0][],
): CsafTest {
  return profileTest(id, title, ['csaf_vex'], ({ vulnerabilities, groups }) =>
    vulnerabilities.flatMap(({ value, where }) => {
      const stated = new Set(statementsOf(value).flatMap((statement) => productsOf(statement, groups)));
      return place(value.product_status?.[status], `${where}/product_status/${status}`)
        .filter((product) => !stated.has(product.value))
        .map((product) => ({ where: product.where, what: `product ${product.value} has no ${kind}` }));
    }),
  );
}

/** Dashes, spaces and underscores make no difference, nor do capitals (§6.1.26). */
function squeeze(name: string): string {
  return name.toLowerCase().replace(/[-_\s]+/g, '');
}
