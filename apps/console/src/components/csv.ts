/** A cell that a spreadsheet would run as a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Offers a table as a file (RFC 4180). */
export function downloadCsv(
  name: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): void {
  const text = [headings, ...rows].map((row) => row.map(cellOf).join(',')).join('\r\n');
  downloadFile(name, new Blob([`${text}\r\n`], { type: 'text/csv;charset=utf-8' }));
}

export function downloadFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function cellOf(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
