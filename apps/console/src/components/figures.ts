const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const BIT_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'];

/** @returns bytes with a decimal unit, as networks count */
export function formatBytes(bytes: number): string {
  return scale(bytes, BYTE_UNITS);
}

export function formatBitRate(bitsPerSecond: number): string {
  return scale(bitsPerSecond, BIT_UNITS);
}

export function formatCount(value: number): string {
  return value.toLocaleString('en');
}

export function formatDuration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function scale(value: number, units: readonly string[]): string {
  let scaled = value;
  let index = 0;
  while (scaled >= 1000 && index < units.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  return `${scaled >= 100 || index === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[index]}`;
}
