import type { Direction } from '../protocol.ts';
import { fileNameOf, parameterOf } from './field-values.ts';
import { type Fields, MultipartReader, type PartSink } from './multipart.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import type { FileBeginner } from './types.ts';

const MAXIMUM_DEPTH = 6;
/** Types of health data that standards name: DICOMweb, FHIR, HL7. */
const CLINICAL = /^application\/(?:dicom|fhir|hl7|cda|x-hl7)|^multipart\/related;.*application\/dicom/;

/** @returns media type without parameters, in lower case */
export function declaredTypeOf(contentType: string): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @returns whether the media type is one of health data */
export function isClinicalType(contentType: string): boolean {
  return CLINICAL.test(contentType.toLowerCase());
}

/**
 * The files of a multipart body: of a form (RFC 7578), of related objects (DICOMweb), of mail (RFC 2046), one within another.
 *
 * @param wants whether a part is a file: those without a name in a form or a mail are not
 * @param otherwise what takes the content of a part that is no file, decoded
 * @returns undefined where the type names no boundary
 */
export function multipartFiles(
  contentType: string,
  direction: Direction,
  sink: FileBeginner,
  wants: (fields: Fields) => boolean,
  otherwise?: (fields: Fields) => PartSink | undefined,
  depth = 0,
): PartSink | undefined {
  const boundary = parameterOf(contentType, 'boundary');
  if (boundary === undefined || boundary === '' || depth >= MAXIMUM_DEPTH) return undefined;
  const reader = new MultipartReader(boundary, (fields) => partOf(fields, direction, sink, wants, otherwise, depth));
  return {
    write: (bytes) => reader.push(bytes),
    gap: (length) => reader.gap(length),
    end: (isWhole) => reader.end(isWhole),
  };
}

function partOf(
  fields: Fields,
  direction: Direction,
  sink: FileBeginner,
  wants: (fields: Fields) => boolean,
  otherwise: ((fields: Fields) => PartSink | undefined) | undefined,
  depth: number,
): PartSink | undefined {
  const contentType = fields.get('content-type') ?? '';
  const declaredType = declaredTypeOf(contentType);
  const encoding = fields.get('content-transfer-encoding') ?? '';
  if (declaredType.startsWith('multipart/')) {
    const inner = multipartFiles(contentType, direction, sink, wants, otherwise, depth + 1);
    return inner === undefined ? undefined : decodeTransfer(encoding, inner);
  }
  if (!wants(fields)) {
    const taken = otherwise?.(fields);
    return taken === undefined ? undefined : decodeTransfer(encoding, taken);
  }
  const file = sink.begin({
    direction,
    name: fileNameOf(fields.get('content-disposition') ?? '', contentType),
    declaredType,
    isClinical: isClinicalType(contentType),
  });
  return file === undefined
    ? undefined
    : decodeTransfer(encoding, { ...bound(file), end: (whole) => void file.end(whole) });
}

function bound(file: { write(bytes: Uint8Array): void; gap(length: number): void }) {
  return { write: (bytes: Uint8Array) => file.write(bytes), gap: (length: number) => file.gap(length) };
}
