import type { OcsfAttribute, OcsfDefinition, OcsfSchema } from './test-ocsf-schema.ts';

/**
 * Checks an event against the OCSF schema, more strictly than most consumers do: required attributes and constraints,
 * types with their patterns and ranges, enumerations with the captions of their siblings, nothing unknown, nothing
 * deprecated, no attribute of a profile that the event does not name, nothing that JSON would lose.
 *
 * @returns what is wrong, each with its path; nothing when the event is valid
 */
export function validateOcsf(schema: OcsfSchema, event: unknown): string[] {
  if (!isRecord(event)) return ['event: not an object'];
  const definition = schema.classes.get(Number(event.class_uid));
  if (definition === undefined) return [`class_uid: there is no class ${String(event.class_uid)}`];
  const metadata = isRecord(event.metadata) ? event.metadata : {};
  const profiles = Array.isArray(metadata.profiles) ? metadata.profiles.map(String) : [];
  const validation = new Validation(schema, new Set(profiles));
  validation.object('', definition, event);
  validation.classification(definition, event);
  if (metadata.version !== schema.version) validation.problems.push(`metadata.version: is not ${schema.version}`);
  if (JSON.stringify(JSON.parse(JSON.stringify(event))) !== JSON.stringify(event)) {
    validation.problems.push('event: changes when it is written as JSON');
  }
  return validation.problems;
}

class Validation {
  readonly problems: string[] = [];
  readonly #schema: OcsfSchema;
  readonly #profiles: ReadonlySet<string>;

  constructor(schema: OcsfSchema, profiles: ReadonlySet<string>) {
    this.#schema = schema;
    this.#profiles = profiles;
  }

  /** What follows from class and activity must be what the event says. */
  classification(definition: OcsfDefinition, event: Readonly<Record<string, unknown>>): void {
    const category = this.#schema.categories[definition.category];
    const activity = definition.attributes.activity_id?.captions?.[String(event.activity_id)];
    const activityName = event.activity_id === 99 ? event.activity_name : activity;
    const expected = {
      class_name: definition.caption,
      category_uid: category?.uid,
      category_name: category?.caption,
      type_uid: Number(event.class_uid) * 100 + Number(event.activity_id),
      type_name: `${definition.caption}: ${String(activityName)}`,
    };
    for (const [name, value] of Object.entries(expected)) {
      if (event[name] !== value) this.problems.push(`${name}: is ${String(event[name])}, not ${String(value)}`);
    }
  }

  object(path: string, definition: OcsfDefinition, value: Readonly<Record<string, unknown>>): void {
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const [name, attribute] of Object.entries(definition.attributes)) {
      const isPresent = name in value;
      if (attribute.requirement === 'required' && this.#isOffered(attribute) && !isPresent) {
        this.problems.push(`${at(name)}: is required`);
      }
      if (isPresent) this.#siblingOf(at(name), name, attribute, value);
    }
    for (const [name, content] of Object.entries(value)) {
      const attribute = definition.attributes[name];
      if (attribute === undefined) this.problems.push(`${at(name)}: is not an attribute of ${definition.caption}`);
      else this.#attribute(at(name), attribute, content);
    }
    this.#constraints(path, definition, value);
  }

  #attribute(path: string, attribute: OcsfAttribute, value: unknown): void {
    if (!this.#isOffered(attribute)) this.problems.push(`${path}: belongs to the profile ${String(attribute.profile)}`);
    if (attribute.isDeprecated) this.problems.push(`${path}: is deprecated`);
    if (!attribute.isArray) {
      this.#single(path, attribute, value);
      return;
    }
    if (!Array.isArray(value)) this.problems.push(`${path}: is no array`);
    else for (const [index, item] of value.entries()) this.#single(`${path}[${index}]`, attribute, item);
  }

  #single(path: string, attribute: OcsfAttribute, value: unknown): void {
    const definition = this.#schema.objects[attribute.type];
    if (definition === undefined) this.#primitive(path, attribute.type, value);
    else if (!isRecord(value)) this.problems.push(`${path}: is no object`);
    // The bare `object` takes anything, as `unmapped` does.
    else if (attribute.type !== 'object') this.object(path, definition, value);
    const { captions } = attribute;
    if (captions !== undefined && !Object.hasOwn(captions, String(value))) {
      this.problems.push(`${path}: ${String(value)} is not one of ${Object.keys(captions).join(', ')}`);
    }
  }

  #primitive(path: string, type: string, value: unknown): void {
    const definition = this.#schema.types[type];
    if (definition === undefined) {
      this.problems.push(`${path}: has the unknown type ${type}`);
      return;
    }
    const { regex, range, max_len: maximumLength, type: base } = definition;
    if (base !== undefined) this.#primitive(path, base, value);
    if (!isOfBaseType(type, value)) this.problems.push(`${path}: ${JSON.stringify(value)} is no ${type}`);
    if (regex !== undefined && !new RegExp(regex).test(String(value))) {
      this.problems.push(`${path}: ${JSON.stringify(value)} does not look like ${type}`);
    }
    if (range !== undefined && (Number(value) < range[0] || Number(value) > range[1])) {
      this.problems.push(`${path}: ${String(value)} is outside ${range.join(' to ')}`);
    }
    if (maximumLength !== undefined && String(value).length > maximumLength) {
      this.problems.push(`${path}: is longer than ${maximumLength} characters`);
    }
  }

  #siblingOf(path: string, name: string, attribute: OcsfAttribute, value: Readonly<Record<string, unknown>>): void {
    const { sibling, captions } = attribute;
    if (sibling === undefined || captions === undefined) return;
    const isOther = value[name] === 99;
    const label = value[sibling];
    if (isOther && (typeof label !== 'string' || label === ''))
      this.problems.push(`${path}: 99 needs its own ${sibling}`);
    const expected = captions[String(value[name])];
    if (!isOther && label !== undefined && label !== expected) {
      this.problems.push(`${path}: ${sibling} is ${String(label)}, not ${String(expected)}`);
    }
  }

  #constraints(path: string, { constraints, caption }: OcsfDefinition, value: Readonly<Record<string, unknown>>): void {
    const present = (names: readonly string[] = []) => names.filter((name) => name in value).length;
    const place = path === '' ? 'event' : path;
    if (constraints.at_least_one !== undefined && present(constraints.at_least_one) === 0) {
      this.problems.push(`${place}: ${caption} needs one of ${constraints.at_least_one.join(', ')}`);
    }
    if (constraints.just_one !== undefined && present(constraints.just_one) !== 1) {
      this.problems.push(`${place}: ${caption} takes just one of ${constraints.just_one.join(', ')}`);
    }
  }

  #isOffered({ profile }: OcsfAttribute): boolean {
    return profile === null || this.#profiles.has(profile);
  }
}

function isOfBaseType(type: string, value: unknown): boolean {
  switch (type) {
    case 'boolean_t':
      return typeof value === 'boolean';
    case 'integer_t':
    case 'long_t':
      return Number.isSafeInteger(value);
    case 'float_t':
      return Number.isFinite(value);
    case 'string_t':
      return typeof value === 'string';
    case 'timestamp_t':
      return Number.isSafeInteger(value) && Number(value) >= 0;
    case 'json_t':
      return value !== undefined;
    default:
      return true;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
