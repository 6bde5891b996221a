import { plainName } from '../identity/plain-name.ts';
import { parsePurl } from '../identity/purl.ts';
import { PACKAGE_PRODUCTS } from './package-products.ts';

const PACKAGE_PART =
  /[-_](?:libs?|devel|dev|headless|common|core|base|bin|data|doc|docs|minimal|headers|utils?|tools|clients?|server|runtime|static|dbg|dbgsym|debuginfo|langpack(?:-\w+)?|minimal-langpack|filesystem|full-i18n|demo|jmods|src|compat|plugins?|modules?|locale|l10n|perl|python3?|daemon|pam|udev|selinux|all|extra|fonts?|javadoc|manual|wheel|venv|stdlib|test|config)$/;

/**
 * Names under which the software of a package may be known: a distribution splits `openssl` into `openssl-libs`, `libssl1.1` and
 * `libssl-dev`.
 *
 * @returns plain names, the package's own first
 */
export function namesOfPackage(name: string): readonly string[] {
  const lower = name.toLowerCase();
  const names = new Set([plainName(lower)]);
  // Paths of modules and scoped packages: github.com/grafana/grafana/v9, @angular/core.
  const last = lower
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  if (last !== undefined) names.add(plainName(last));
  let stem = lower;
  for (let before = ''; before !== stem; ) {
    before = stem;
    stem = stem.replace(PACKAGE_PART, '');
  }
  names.add(plainName(stem));
  // The number of a library's interface is no part of its name: libpcre3, libtiff5, libglib-2_0-0.
  const library = /^lib(.+?)(?:[-_.]?\d[\d._]*)*(?:-\d+)?(?:t64)?$/.exec(stem)?.[1];
  if (library !== undefined) for (const one of [`lib${library}`, library]) names.add(plainName(one));
  for (const { packages, products } of PACKAGE_PRODUCTS) {
    if (packages.test(lower)) for (const product of products) names.add(plainName(product));
  }
  return [...names].filter((one) => one.length > 0);
}

/** @returns vendor and product of a CPE, plain; undefined for what is none */
export function namesOfCpe(cpe: string): { readonly vendor: string; readonly product: string } | undefined {
  const parts = cpe.replace(/^cpe:(?:2\.3:|\/)/, '').split(/(?<!\\):/);
  const [vendor, product] = [plainName(parts[1] ?? ''), plainName(parts[2] ?? '')];
  return /^cpe:(?:2\.3:|\/)/.test(cpe) && product !== '' ? { vendor, product } : undefined;
}

/** @returns type, namespace and name of a package URL, lower case, without version and qualifiers; undefined for what is none */
export function nameOfPurl(text: string): string | undefined {
  const purl = parsePurl(text);
  if (purl === undefined) return undefined;
  const { type, namespace, name } = purl;
  return (namespace === '' ? `${type}/${name}` : `${type}/${namespace}/${name}`).toLowerCase();
}
