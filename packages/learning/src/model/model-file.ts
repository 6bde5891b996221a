import type { DetectionModel } from './model.ts';
import { ModelSchema } from './model-schema.ts';

// A model file is JSON (often gzipped, which is the caller's business): `format`, `version` and the fields of
// DetectionModel. An array of numbers of one type is `{ "array": "<type>", "data": "<base64, little-endian>" }`.

const FORMAT = 'sphinx-model';
const VERSION = 1;

const TYPES = { Float64Array, Float32Array, Int32Array, Int16Array, Uint32Array, Uint16Array, Uint8Array };
type Packed = InstanceType<(typeof TYPES)[keyof typeof TYPES]>;

/** @returns text of a model file */
export function writeModel(model: DetectionModel): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, ...model }, (_key, value: unknown) =>
    ArrayBuffer.isView(value) ? packed(value as Packed) : value,
  );
}

function packed(array: Packed): unknown {
  const data = Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
  return { array: array.constructor.name, data };
}

export type ModelReading =
  | { readonly isRead: true; readonly model: DetectionModel }
  | { readonly isRead: false; readonly problem: string };

/**
 * Reads a model file and checks it: what refers to a node, a column or a layer that is not there is refused, so that
 * judging with it always ends. Never throws.
 */
export function readModel(text: string): ModelReading {
  let content: unknown;
  try {
    content = JSON.parse(text, (_key, value: unknown) => unpacked(value));
  } catch {
    return {
      isRead: false,
      problem: 'This is no model file: it is not JSON. Models are written by “sphinx ml train”.',
    };
  }
  const { format, version } = (content ?? {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) {
    return {
      isRead: false,
      problem: 'This is no model file: “format” is not “sphinx-model”. Models are written by “sphinx ml train”.',
    };
  }
  if (version !== VERSION) {
    return {
      isRead: false,
      problem: `This model has version ${String(version)} of the format; this program reads version ${VERSION}. Train it again with “sphinx ml train”.`,
    };
  }
  const parsed = ModelSchema.safeParse(content);
  if (parsed.success) return { isRead: true, model: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    isRead: false,
    problem: `The model file is damaged at ${issue?.path.join('.') ?? 'its start'}: ${issue?.message}.`,
  };
}

function unpacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('array' in value) || !('data' in value)) return value;
  const { array, data } = value;
  if (typeof array !== 'string' || typeof data !== 'string' || !Object.hasOwn(TYPES, array)) return value;
  const Type = TYPES[array as keyof typeof TYPES];
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length % Type.BYTES_PER_ELEMENT !== 0) return value;
  // A copy, since a view must begin at a multiple of its size.
  const copy = new Uint8Array(bytes);
  return new Type(copy.buffer);
}
