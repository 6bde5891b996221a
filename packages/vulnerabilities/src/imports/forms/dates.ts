/** Days between the epoch of spreadsheets (30 December 1899, ECMA-376 part 1, §18.17.4.1) and 1 January 1970. */
const SPREADSHEET_EPOCH_DAYS = 25_569;
const DAY_MS = 86_400_000;

/** @returns milliseconds of a date as spreadsheets keep it (`45231`) or as people write it; undefined for anything else */
export function dateOfCell(text: string): number | undefined {
  const plain = text.trim();
  if (/^\d{5}(?:\.\d+)?$/.test(plain)) return Math.round((Number(plain) - SPREADSHEET_EPOCH_DAYS) * DAY_MS);
  if (!/\d{4}/.test(plain) || plain.length > 40) return undefined;
  const written = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(plain);
  const time = written
    ? Date.UTC(Number(written[3]), Number(written[2]) - 1, Number(written[1]))
    : Date.parse(/:/.test(plain) ? plain : `${plain} UTC`);
  return Number.isNaN(time) || time < 0 ? undefined : time;
}
