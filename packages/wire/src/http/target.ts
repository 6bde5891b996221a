import { cleanText } from '../bytes/text.ts';

/** Longer segments, and those with digits in them, may name a patient, an order or a session. */
const MAXIMUM_PLAIN_SEGMENT = 32;
const PLAIN_SEGMENT = /^[A-Za-z$_.~-]+$/;
/** Version segments such as `v1`, `r4`, `dicom-web2`: a name with one short number. */
const VERSIONED_SEGMENT = /^[A-Za-z_-]{1,16}\d{1,2}(\.\d{1,2})?$/;
const MAXIMUM_PATH = 200;
const MAXIMUM_QUERY_NAMES = 16;

export interface MaskedTarget {
  readonly path: string;
  readonly queryNames: readonly string[];
}

/** Takes a request target apart so that nothing in it can identify a patient: `/Patient/4711?name=x` → `/Patient/{id}`, `name`. */
export function maskTarget(target: string): MaskedTarget {
  const withoutOrigin = target.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const [path = '', query = ''] = withoutOrigin.split('?', 2);
  const masked = path
    .split('/')
    .map((segment) => (segment === '' || isPlain(segment) ? segment : '{id}'))
    .join('/');
  const queryNames = query
    .split('&', MAXIMUM_QUERY_NAMES)
    .map((pair) => cleanText(pair.split('=', 1)[0] ?? '', MAXIMUM_PLAIN_SEGMENT))
    .filter((name) => /^[A-Za-z_$.:[\]-]+$/.test(name));
  return { path: cleanText(masked, MAXIMUM_PATH), queryNames };
}

/** @returns a `Location` with identifiers masked, without query: `https://a.example/{id}` */
export function maskLocation(location: string): string {
  const origin = /^[a-z]+:\/\/[^/?#@\s]{1,255}(?=[/?#]|$)/i.exec(location)?.[0] ?? '';
  return location === '' ? '' : `${origin}${maskTarget(location.replace(/#.*$/, '')).path}`;
}

function isPlain(segment: string): boolean {
  if (segment.length > MAXIMUM_PLAIN_SEGMENT) return false;
  return PLAIN_SEGMENT.test(segment) || VERSIONED_SEGMENT.test(segment);
}
