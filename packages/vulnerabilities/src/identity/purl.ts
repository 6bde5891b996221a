/* Names of packages: package URLs, `pkg:type/namespace/name@version?qualifiers#subpath` (ECMA-427, purl). */

export interface PackageUrl {
  /** In small letters: `deb`, `npm`. */
  readonly type: string;
  /** Segments joined by `/`; empty where the type has none. */
  readonly namespace: string;
  readonly name: string;
  /** Empty where it names every version. */
  readonly version: string;
  /** Keys in small letters, in order of the alphabet. */
  readonly qualifiers: ReadonlyMap<string, string>;
  /** Empty where it names the whole package. */
  readonly subpath: string;
}

const LONGEST = 4096;
const TYPE = /^[a-z][a-z0-9.+-]*$/;
const QUALIFIER_KEY = /^[a-z][a-z0-9._-]*$/;

/**
 * Reads a package URL: what the specification calls parsing, with the rules of the type applied (`PyPI` has no capital letters).
 *
 * @returns undefined where the text is none: no `pkg:`, no type, no name, an escape that is no UTF-8
 */
export function parsePurl(text: string): PackageUrl | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !/^pkg:/i.test(trimmed)) return undefined;
  const [withoutSubpath, subpath] = cutRight(trimmed.slice(4), '#');
  const [withoutQualifiers, qualifiers] = cutRight(withoutSubpath, '?');
  const path = withoutQualifiers.replace(/^\/+/, '').replace(/\/+$/, '');
  const slash = path.indexOf('/');
  if (slash <= 0) return undefined;
  const type = path.slice(0, slash).toLowerCase();
  const [named, version] = cutVersion(path.slice(slash + 1));
  try {
    const segments = named
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
    const name = segments.pop();
    if (name === undefined || name === '' || !TYPE.test(type)) return undefined;
    return byRulesOfType({
      type,
      namespace: segments.join('/'),
      name,
      version: decodeURIComponent(version),
      qualifiers: readQualifiers(qualifiers),
      subpath: subpath
        .split('/')
        .filter((segment) => !/^\.{0,2}$/.test(segment))
        .map(decodeURIComponent)
        .join('/'),
    });
  } catch {
    return undefined;
  }
}

/** The version begins at the last `@` of the last segment; scopes of npm begin with one that is not always escaped. */
function cutVersion(path: string): readonly [string, string] {
  const at = path.lastIndexOf('@');
  const isOfName = at <= 0 || path.indexOf('/', at) !== -1 || path[at - 1] === '/';
  return isOfName ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}

function cutRight(text: string, sign: string): readonly [string, string] {
  const at = text.lastIndexOf(sign);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function readQualifiers(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('&').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).toLowerCase();
    const value = at === -1 ? '' : decodeURIComponent(pair.slice(at + 1));
    return value === '' || !QUALIFIER_KEY.test(key) ? [] : [[key, value]];
  });
  return new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Types whose namespaces and names have no capital letters (purl type definitions). */
const SMALL_LETTERS = new Set([
  'alpm',
  'apk',
  'bitbucket',
  'bitnami',
  'composer',
  'deb',
  'github',
  'hex',
  'oci',
  'pub',
  'pypi',
]);
const SMALL_NAMESPACE = new Set(['rpm', 'qpkg', 'golang']);

function byRulesOfType(purl: PackageUrl): PackageUrl {
  const { type, namespace, name } = purl;
  if (type === 'pypi')
    return { ...purl, namespace: namespace.toLowerCase(), name: name.toLowerCase().replaceAll('_', '-') };
  if (type === 'pub') return { ...purl, name: name.toLowerCase().replaceAll('-', '_') };
  if (type === 'golang') return { ...purl, namespace: namespace.toLowerCase(), name: name.toLowerCase() };
  if (SMALL_LETTERS.has(type)) return { ...purl, namespace: namespace.toLowerCase(), name: name.toLowerCase() };
  return SMALL_NAMESPACE.has(type) ? { ...purl, namespace: namespace.toLowerCase() } : purl;
}

/** @returns the canonical text */
export function formatPurl(purl: Partial<PackageUrl> & Pick<PackageUrl, 'type' | 'name'>): string {
  const { type, namespace, name, version, qualifiers, subpath } = byRulesOfType({
    namespace: '',
    version: '',
    qualifiers: new Map(),
    subpath: '',
    ...purl,
    type: purl.type.toLowerCase(),
  });
  const path = [...namespace.split('/').filter((segment) => segment !== ''), name].map(encode).join('/');
  const query = [...qualifiers]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key.toLowerCase()}=${encode(value)}`)
    .join('&');
  const below = subpath
    .split('/')
    .filter((segment) => !/^\.{0,2}$/.test(segment))
    .map(encode)
    .join('/');
  const end = `${version === '' ? '' : `@${encode(version)}`}${query === '' ? '' : `?${query}`}${below === '' ? '' : `#${below}`}`;
  return `pkg:${type}/${path}${end}`;
}

/** The colon stays as it is (ECMA-427 §5.4); half a surrogate pair has no UTF-8. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%3A', ':')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @returns type, namespace and name without version: the same for every version of one package; undefined for what is no package URL */
export function packageOfPurl(text: string): string | undefined {
  const purl = parsePurl(text);
  return purl === undefined ? undefined : formatPurl({ type: purl.type, namespace: purl.namespace, name: purl.name });
}
