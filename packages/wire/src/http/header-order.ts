/** Fields that come and go with what is asked for, not with the program that asks. */
const DEPENDS_ON_REQUEST = new Set([
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'expect',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'origin',
  'pragma',
  'proxy-authorization',
  'range',
  'referer',
  'transfer-encoding',
]);
const NAME = /^[a-z0-9-]{1,40}$/;
const MAXIMUM_NAMES = 24;

/**
 * The order in which a program writes the fields of its requests tells it from others that claim the same `User-Agent`
 * (M. Zalewski, p0f 3, "HTTP signatures"). Only names are taken.
 *
 * @param fields of a request, in their order
 * @returns for example `host,user-agent,accept`
 */
export function headerOrder(fields: ReadonlyMap<string, string>): string {
  const names = [...fields.keys()].filter((name) => NAME.test(name) && !DEPENDS_ON_REQUEST.has(name));
  return names.slice(0, MAXIMUM_NAMES).join(',');
}
