import { ByteCursor } from '../../bytes/byte-cursor.ts';
import type { ElementValues } from './exported-flow.ts';
import { REVERSE, REVERSE_ENTERPRISE } from './information-elements.ts';

const MAXIMUM_TEMPLATES_PER_DOMAIN = 1024;
const MAXIMUM_FIELDS = 512;
const VARIABLE_LENGTH = 0xffff;
/** Fields of an enterprise that nobody here knows, and scopes of options. */
const UNKNOWN_ELEMENT = -1;

interface TemplateField {
  /** Element number; reverse ones are raised by `REVERSE`. */
  readonly element: number;
  readonly length: number;
}

/** Layout of the records of one set. */
export interface Template {
  readonly fields: readonly TemplateField[];
  /** Its records tell of the exporter and not of flows. */
  readonly isOptions: boolean;
}

/** The templates of one observation domain of one exporter (RFC 3954 §5, RFC 7011 §3.4). */
export class Templates {
  readonly #byId = new Map<number, Template>();
  readonly #isIpfix: boolean;

  constructor(isIpfix: boolean) {
    this.#isIpfix = isIpfix;
  }

  get(id: number): Template | undefined {
    return this.#byId.get(id);
  }

  /** Takes a template set. What is cut off or nonsense is left out. */
  readTemplates(body: Uint8Array): void {
    const cursor = new ByteCursor(body);
    while (cursor.remaining >= 4) {
      const id = cursor.uint16();
      const count = cursor.uint16();
      if (id < 256 || count > MAXIMUM_FIELDS) return;
      // RFC 7011 §8.1: a template without fields withdraws an earlier one.
      if (count === 0) this.#byId.delete(id);
      else this.#put(id, this.#readFields(cursor, count), false);
    }
  }

  readOptionsTemplates(body: Uint8Array): void {
    const cursor = new ByteCursor(body);
    while (cursor.remaining >= 6) {
      const id = cursor.uint16();
      const first = cursor.uint16();
      const second = cursor.uint16();
      if (id < 256) return;
      // RFC 7011 §3.4.2.2 counts fields, RFC 3954 §6.1 the bytes of their descriptions.
      const scopes = this.#isIpfix ? second : first >> 2;
      const count = this.#isIpfix ? first : (first + second) >> 2;
      if (count === 0 || count > MAXIMUM_FIELDS) return;
      const fields = this.#readFields(cursor, count).map((field, index) =>
        index < scopes ? { ...field, element: UNKNOWN_ELEMENT } : field,
      );
      this.#put(id, fields, true);
    }
  }

  #readFields(cursor: ByteCursor, count: number): TemplateField[] {
    const fields: TemplateField[] = [];
    while (fields.length < count && cursor.remaining >= 4) fields.push(this.#readField(cursor));
    return fields.length === count && !cursor.isBroken ? fields : [];
  }

  #readField(cursor: ByteCursor): TemplateField {
    const number = cursor.uint16();
    const length = cursor.uint16();
    if (!this.#isIpfix || (number & 0x8000) === 0) return { element: number, length };
    const enterprise = cursor.uint32();
    const element = enterprise === REVERSE_ENTERPRISE ? (number & 0x7fff) + REVERSE : UNKNOWN_ELEMENT;
    return { element, length };
  }

  #put(id: number, fields: readonly TemplateField[], isOptions: boolean): void {
    if (fields.length === 0) return;
    if (this.#byId.size >= MAXIMUM_TEMPLATES_PER_DOMAIN && !this.#byId.has(id)) return;
    this.#byId.set(id, { fields, isOptions });
  }
}

/** Cuts a data set into records; padding behind the last one is left out. */
export function* readRecords(body: Uint8Array, { fields }: Template): Generator<ElementValues> {
  const shortest = fields.reduce((sum, { length }) => sum + (length === VARIABLE_LENGTH ? 1 : length), 0);
  if (shortest === 0) return;
  const cursor = new ByteCursor(body);
  while (cursor.remaining >= shortest) {
    const values = new Map<number, Uint8Array>();
    for (const { element, length } of fields) {
      const value = cursor.slice(length === VARIABLE_LENGTH ? variableLength(cursor) : length);
      if (element !== UNKNOWN_ELEMENT) values.set(element, value);
    }
    if (cursor.isBroken) return;
    yield values;
  }
}

/** RFC 7011 §7: one byte of length, or 255 and two more. */
function variableLength(cursor: ByteCursor): number {
  const length = cursor.uint8();
  return length === 255 ? cursor.uint16() : length;
}
