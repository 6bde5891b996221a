import type { BackupReport } from '../watch/result-store.ts';
import { type CheckAnswer, failed, good, warning } from './check.ts';

const HOUR_MS = 3_600_000;
const PERCENT = 100;
/** Successful runs that "usual" is told from. */
const COMPARED = 7;
const LEAST_COMPARED = 3;

/**
 * @param reports newest first
 * @param limits `shrinkPercent`: a backup so much smaller than usual is a warning; 0: never
 */
export function judgeBackups(
  reports: readonly BackupReport[],
  now: number,
  limits: { readonly maximumAgeHours: number; readonly shrinkPercent: number },
): CheckAnswer {
  const succeeded = reports.filter((report) => report.succeeded);
  const [last, ...before] = succeeded;
  if (last === undefined) {
    return reports.length === 0
      ? failed('No backup was ever reported.')
      : failed('No backup that was reported succeeded.');
  }
  const ageHours = Math.round(((now - last.time) / HOUR_MS) * 10) / 10;
  const figures = { ageHours, ...(last.bytes === null ? {} : { bytes: last.bytes }) };
  if (ageHours > limits.maximumAgeHours)
    return failed(
      `The last backup that succeeded is ${ageHours} hours old; ${limits.maximumAgeHours} are allowed.`,
      figures,
    );
  if (reports[0]?.succeeded === false) return warning('The last run failed; the one before is still fresh.', figures);
  const usual = median(before.slice(0, COMPARED).flatMap(({ bytes }) => bytes ?? []));
  if (limits.shrinkPercent > 0 && usual !== undefined && last.bytes !== null) {
    const percent = Math.round((1 - last.bytes / usual) * PERCENT);
    if (percent >= limits.shrinkPercent)
      return warning(`The last backup is ${percent} percent smaller than usual. Is all of it there?`, figures);
  }
  return good(`The last backup is ${ageHours} hours old.`, figures);
}

function median(values: readonly number[]): number | undefined {
  if (values.length < LEAST_COMPARED) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === 0 ? undefined : middle;
}
