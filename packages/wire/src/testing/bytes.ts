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

/** Big endian, as most of the internet has it. */
export function u16(value: number): Uint8Array {
  return bytes((value >>> 8) & 255, value & 255);
}

export function u32(value: number): Uint8Array {
  return bytes(u16(value >>> 16), u16(value));
}

/** Little endian, as DICOM and SMB have it. */
export function le16(value: number): Uint8Array {
  return bytes(value & 255, (value >>> 8) & 255);
}

export function le32(value: number): Uint8Array {
  return bytes(le16(value), le16(value >>> 16));
}

/** @param text hexadecimal, space is ignored */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/[\s:]/g, ''), 'hex'));
}
