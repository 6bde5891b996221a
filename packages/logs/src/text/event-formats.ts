/*
 * The two formats that security products write for collectors: CEF (ArcSight Common Event Format, "CEF Implementation Standard") and
 * LEEF (IBM QRadar, "LEEF event components").
 */

type Fields = Record<string, string>;

const CEF = /CEF:\s?(\d{1,2}(?:\.\d{1,2})?)\|/;
const LEEF = /LEEF:\s?([12](?:\.\d)?)\|/;
const CEF_NAMES = ['DeviceVendor', 'DeviceProduct', 'DeviceVersion', 'DeviceEventClassID', 'Name', 'Severity'];
const LEEF_NAMES = ['Vendor', 'Product', 'ProductVersion', 'EventID'];
const MAXIMUM_PAIRS = 500;
/** Label of a custom field: `cs1Label=Reason cs1=…` names it `Reason` as well. */
const LABEL = /^((?:cs|cn|cfp|flexString|flexNumber|flexDate|deviceCustomDate|c6a)\d{1,2})Label$/;

/** @returns header and extension of a CEF message, undefined where it is none */
export function readCef(text: string): Fields | undefined {
  const start = CEF.exec(text);
  if (start === null) return undefined;
  const fields = emptyFields();
  let at = start.index + start[0].length;
  for (const name of CEF_NAMES) {
    const end = headerEnd(text, at);
    if (end < 0) {
      // The last part may be the end of the line.
      if (name !== 'Severity') return undefined;
      fields[name] = text.slice(at).trim();
      return fields;
    }
    fields[name] = text
      .slice(at, end)
      .replace(/\\([|\\])/g, '$1')
      .trim();
    at = end + 1;
  }
  readExtension(text.slice(at), fields);
  addLabelled(fields);
  return fields;
}

function headerEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '|') return at;
  }
  return -1;
}

/** `key=value key=value`: a value goes on up to the blank before the next key; `\=` is no new key. */
function readExtension(text: string, fields: Fields): void {
  const keys: { readonly name: string; readonly start: number; readonly value: number }[] = [];
  for (let at = text.indexOf('='); at >= 0 && keys.length < MAXIMUM_PAIRS; at = text.indexOf('=', at + 1)) {
    if (text[at - 1] === '\\') continue;
    let start = at;
    while (start > 0 && /[\w.[\]-]/.test(text[start - 1] ?? '')) start--;
    if (start === at || (start > 0 && text[start - 1] !== ' ')) continue;
    keys.push({ name: text.slice(start, at), start, value: at + 1 });
  }
  keys.forEach(({ name, value }, index) => {
    const end = keys[index + 1]?.start ?? text.length;
    fields[name] = text
      .slice(value, end)
      .trim()
      .replace(/\\([=\\nr])/g, (_, character: string) => (character === 'n' || character === 'r' ? '\n' : character));
  });
}

function addLabelled(fields: Fields): void {
  for (const [name, label] of Object.entries(fields)) {
    const custom = LABEL.exec(name)?.[1];
    const value = custom === undefined ? undefined : fields[custom];
    if (value !== undefined && label !== '' && fields[label] === undefined) fields[label] = value;
  }
}

/** @returns header and attributes of a LEEF message, undefined where it is none */
export function readLeef(text: string): Fields | undefined {
  const start = LEEF.exec(text);
  if (start === null) return undefined;
  const fields = emptyFields();
  const parts = text.slice(start.index + start[0].length).split('|');
  if (parts.length < LEEF_NAMES.length + 1) return undefined;
  for (const [index, name] of LEEF_NAMES.entries()) fields[name] = (parts[index] ?? '').trim();
  let rest = parts.slice(LEEF_NAMES.length);
  let separator = '\t';
  if (start[1]?.startsWith('2') === true && rest.length > 1) {
    separator = separatorOf(rest[0] ?? '');
    rest = rest.slice(1);
  }
  const attributes = rest.join('|');
  // Many senders write blanks where tabs belong.
  const isTabbed = separator !== '\t' || attributes.includes('\t');
  if (!isTabbed) readExtension(attributes, fields);
  else {
    for (const pair of attributes.split(separator).slice(0, MAXIMUM_PAIRS)) {
      const place = pair.indexOf('=');
      if (place > 0) fields[pair.slice(0, place).trim()] = pair.slice(place + 1).trim();
    }
  }
  return fields;
}

/** One character, or its number: `x5E`, `0x5E`. */
function separatorOf(text: string): string {
  const code = /^0?x([0-9A-Fa-f]{1,4})$/.exec(text)?.[1];
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return text === '' ? '\t' : (text[0] ?? '\t');
}

function emptyFields(): Fields {
  return Object.create(null) as Fields;
}
