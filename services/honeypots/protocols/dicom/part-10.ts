import { type Element, EXPLICIT_LITTLE_ENDIAN, encodeDataSet } from './encode.ts';

const PREAMBLE_BYTES = 128;

/**
 * A received object as a file (PS3.10 §7.1): preamble, file meta information, the data set as it came.
 *
 * @param source title of the sender
 */
export function storedFile(
  about: { readonly sopClass: string; readonly sopInstance: string; readonly transferSyntax: string },
  source: string,
  dataSet: Uint8Array,
): Buffer {
  const elements: readonly Element[] = [
    [0x00020002, 'UI', about.sopClass],
    [0x00020003, 'UI', about.sopInstance],
    [0x00020010, 'UI', about.transferSyntax || EXPLICIT_LITTLE_ENDIAN],
    [0x00020016, 'AE', source],
  ];
  const meta = encodeDataSet(elements, true);
  const length = Buffer.from([0x02, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  length.writeUInt32LE(meta.length, 8);
  return Buffer.concat([Buffer.alloc(PREAMBLE_BYTES), Buffer.from('DICM'), length, meta, dataSet]);
}
