/** Bits of the code of each byte value, and of the end of string (RFC 7541 appendix B). The code is canonical. */
const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];
const END_OF_STRING = 256;
const SHORTEST = 5;
const LONGEST = 30;
const LONGEST_PADDING = 7;

interface CodesOfLength {
  /** Code of the first symbol of this length. */
  readonly first: number;
  /** In the order of their codes. */
  readonly symbols: readonly number[];
}

/** A canonical code is told by its lengths alone: codes of one length follow each other in the order of their symbols. */
function codesByLength(): readonly CodesOfLength[] {
  const table: CodesOfLength[] = [];
  let code = 0;
  for (let length = 0; length <= LONGEST; length++) {
    const symbols = CODE_LENGTHS.flatMap((bits, symbol) => (bits === length ? [symbol] : []));
    table.push({ first: code, symbols });
    code = (code + symbols.length) * 2;
  }
  return table;
}

const CODES = codesByLength();

/** @returns undefined for what is no text in this code (RFC 7541 §5.2): unknown codes, or padding that is too long */
export function decodeHuffman(bytes: Uint8Array, maximumLength: number): string | undefined {
  const decoded: number[] = [];
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >>> bit) & 1);
      length += 1;
      if (length < SHORTEST) continue;
      if (length > LONGEST) return undefined;
      const codes = CODES[length];
      const symbol = codes?.symbols[code - codes.first];
      if (symbol === undefined) continue;
      if (symbol === END_OF_STRING || decoded.length >= maximumLength) return undefined;
      decoded.push(symbol);
      code = 0;
      length = 0;
    }
  }
  return length <= LONGEST_PADDING ? Buffer.from(decoded).toString('latin1') : undefined;
}
