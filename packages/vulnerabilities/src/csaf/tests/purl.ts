import type { CsafTest } from '../csaf-test.ts';

/** Package URLs that identify products (CSAF 2.0 §6.1.13). */
export const PURL_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.13',
    title: 'PURL',
    run: ({ products }) =>
      products.flatMap(({ value, where }) => {
        const purl = value.product_identification_helper?.purl;
        const fault = purl === undefined ? undefined : faultOfPurl(purl);
        if (fault === undefined) return [];
        return [{ where: `${where}/product_identification_helper/purl`, what: `${purl} is no package URL: ${fault}` }];
      }),
  },
];

const TYPE = /^[A-Za-z][A-Za-z0-9.-]*$/;
const QUALIFIER_KEY = /^[A-Za-z][A-Za-z0-9._-]*$/;
/** Types whose names stand in a namespace: a group, a vendor, an owner (ECMA-427, "Known types"). */
const WITH_NAMESPACE = ['alpm', 'apk', 'bitbucket', 'composer', 'deb', 'github', 'maven', 'rpm', 'swift'];

/** @returns which part breaks the syntax of ECMA-427 §5; undefined for a package URL */
function faultOfPurl(purl: string): string | undefined {
  const [, type = '', path = '', version, qualifiers, subpath] =
    /^pkg:\/*([^/]*)\/([^?#]*?)(?:@([^@/?#]*))?(?:\?([^#]*))?(?:#(.*))?$/s.exec(purl) ?? [];
  if (!TYPE.test(type)) return 'its type has not the form of one';
  const segments = path.replace(/^\/+/, '').split('/');
  const name = segments.pop() ?? '';
  if (name === '') return 'it names no package';
  if (segments.includes('')) return 'a part of its namespace is empty';
  if (segments.length === 0 && WITH_NAMESPACE.includes(type.toLowerCase())) return `${type} needs a namespace`;
  if (version === '') return 'its version is empty';
  const keys = (qualifiers ?? '').split('&').map((pair) => pair.split('=', 1)[0] ?? '');
  if (qualifiers !== undefined && !keys.every((key) => QUALIFIER_KEY.test(key)))
    return 'a key of its qualifiers has not the form of one';
  if (new Set(keys).size < keys.length) return 'a key of its qualifiers comes twice';
  const isEncoded = [path, version, qualifiers, subpath].every((part) => isPercentEncoded(part ?? ''));
  return isEncoded ? undefined : 'its percent encoding is broken';
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
