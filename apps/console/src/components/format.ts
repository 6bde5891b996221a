const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const BIT_RATE_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
const STEP = 1000;

/** 1234567 → "1,234,567" */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** 1234567 → "1.2 MB" (powers of ten, IEC 80000-13) */
export function formatBytes(bytes: number): string {
  return withUnit(bytes, BYTE_UNITS);
}

/** 1234567 → "1.2 Mbit/s" */
export function formatBitRate(bitsPerSecond: number): string {
  return withUnit(bitsPerSecond, BIT_RATE_UNITS);
}

/** 93784000 → "1 day 2 h"; the two largest units, so that a person can take it in. @param durationMs milliseconds */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), seconds >= 172_800 ? 'days' : 'day'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** 0.9731 → "97.3 %" */
export function formatShare(share: number): string {
  return `${SHORT.format(100 * share)} %`;
}

/** "1 asset", "2 assets" */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

function withUnit(value: number, units: readonly string[]): string {
  let amount = value;
  let unit = 0;
  while (amount >= STEP && unit < units.length - 1) {
    amount /= STEP;
    unit += 1;
  }
  return `${unit === 0 ? COUNT.format(amount) : SHORT.format(amount)} ${units[unit]}`;
}
