const LONGEST = 300;

/** `sopClassUid` → "sop class uid" */
function wordsOf(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/**
 * The fields of a record in words; what is empty is left out.
 *
 * @param details JSON of the record's own fields
 */
export function detailsOf(details: string): readonly (readonly [name: string, value: string])[] {
  const fields = Object.entries(JSON.parse(details) as Record<string, unknown>);
  return fields.flatMap(([name, value]) => {
    const text = textOf(value);
    return text === '' ? [] : [[wordsOf(name), text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text] as const];
  });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([name, part]) => [wordsOf(name), textOf(part)]);
    return parts.flatMap(([name, part]) => (part === '' ? [] : [`${name} ${part}`])).join(' · ');
  }
  return String(value);
}
