/** Exit codes of the command line; documented in docs/command-line.md. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** The answer is no: a certificate is not valid, an asset was rejected, a check of `doctor` failed. */
  negative: 3,
  notFound: 4,
} as const;

/** Writes a value as JSON to standard output, as every command does with `--json`. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
