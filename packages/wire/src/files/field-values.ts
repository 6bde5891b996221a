const MAXIMUM_VALUE = 4096;
const MAXIMUM_PARTS = 32;

/** @returns parameter of a field value (RFC 9110 §5.6.6, RFC 2045 §5.1): `filename` of `attachment; filename="a b.pdf"` */
export function parameterOf(value: string, name: string): string | undefined {
  const text = value.slice(0, MAXIMUM_VALUE);
  const match = new RegExp(`(?:^|[;\\s])${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"?|([^;\\s]*))`, 'i').exec(text);
  if (match === null) return undefined;
  return match[1]?.replace(/\\(["\\])/g, '$1') ?? match[2];
}

/** @returns name of a file in `Content-Disposition` (RFC 6266 §4.3, RFC 2183 §2.3) or `name` of `Content-Type`; else empty */
export function fileNameOf(disposition: string, contentType: string): string {
  const name = extendedParameter(disposition, 'filename') ?? parameterOf(disposition, 'filename');
  return decodeWords(name ?? extendedParameter(contentType, 'name') ?? parameterOf(contentType, 'name') ?? '');
}

/** @returns last segment of the path of a request target, percent signs decoded once */
export function nameOfTarget(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1);
  return decodePercent(path.slice(path.lastIndexOf('/') + 1));
}

/** `name*`, or `name*0`, `name*1*` … put together (RFC 2231 §3, §4). */
function extendedParameter(value: string, name: string): string | undefined {
  const whole = parameterOf(value, `${name}\\*`);
  if (whole !== undefined) return decodePercent(whole.replace(/^[^']*'[^']*'/, ''));
  let text: string | undefined;
  for (let part = 0; part < MAXIMUM_PARTS; part++) {
    const encoded = parameterOf(value, `${name}\\*${part}\\*`);
    const plain = encoded === undefined ? parameterOf(value, `${name}\\*${part}`) : undefined;
    if (encoded === undefined && plain === undefined) break;
    text = (text ?? '') + (plain ?? decodePercent((encoded ?? '').replace(/^[^']*'[^']*'/, '')));
  }
  return text;
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** RFC 2047 §2, for names that mail programs encode. */
function decodeWords(text: string): string {
  return text.replace(/=\?[\w-]+\?([bq])\?([^?]*)\?=/gi, (_, kind: string, value: string) =>
    kind.toLowerCase() === 'b'
      ? Buffer.from(value, 'base64').toString('utf8')
      : decodePercent(value.replaceAll('_', ' ').replaceAll('=', '%')),
  );
}
