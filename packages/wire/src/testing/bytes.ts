/** Builders for literal byte fixtures, so that a test shows a message the way its standard draws it. */

/** Joins numbers (one byte each), Latin-1 text and bytes. */
export function bytes(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      parts.map((part) => {
        if (typeof part === 'number') return Buffer.from([part]);
        return typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part);
      }),
    ),
  );
}
