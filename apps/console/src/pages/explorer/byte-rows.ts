const BYTES_IN_A_ROW = 16;

/** One line of a view of bytes. */
export interface ByteRow {
  readonly offset: number;
  /** Pairs of digits, two dots for a hidden byte. */
  readonly hex: string;
  /** A dot for what is hidden or no letter. */
  readonly text: string;
}

/** @param hex two digits a byte, two dots for one that is hidden */
export function rowsOfChunk(offset: number, hex: string): readonly ByteRow[] {
  const pairs = hex.match(/../g) ?? [];
  const rows: ByteRow[] = [];
  for (let at = 0; at < pairs.length; at += BYTES_IN_A_ROW) {
    const row = pairs.slice(at, at + BYTES_IN_A_ROW);
    rows.push({ offset: offset + at, hex: row.join(' '), text: row.map(letterOf).join('') });
  }
  return rows;
}

function letterOf(pair: string): string {
  const code = pair === '..' ? 0 : Number.parseInt(pair, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
