import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The published definition of the SPHINX extension. */
export const EXTENSION_FOLDER = fileURLToPath(new URL('../../ocsf-extension/', import.meta.url));

/** An attribute as a class or an object uses it, after everything it inherits. */
export interface OcsfAttribute {
  readonly type: string;
  readonly isArray: boolean;
  readonly requirement: string;
  /** The attribute is there only when an event names this profile. */
  readonly profile: string | null;
  readonly captions: Readonly<Record<string, string>> | undefined;
  readonly sibling: string | undefined;
  readonly isDeprecated: boolean;
}

export interface OcsfDefinition {
  readonly caption: string;
  readonly uid: number;
  readonly category: string;
  readonly attributes: Readonly<Record<string, OcsfAttribute>>;
  readonly constraints: Readonly<Record<string, readonly string[]>>;
}

export interface OcsfType {
  readonly type?: string;
  readonly regex?: string;
  readonly range?: readonly [number, number];
  readonly max_len?: number;
  readonly values?: readonly unknown[];
  readonly observable?: number;
  readonly caption: string;
}

export interface OcsfSchema {
  readonly version: string;
  /** By `class_uid`. */
  readonly classes: ReadonlyMap<number, OcsfDefinition>;
  readonly objects: Readonly<Record<string, OcsfDefinition>>;
  readonly types: Readonly<Record<string, OcsfType>>;
  readonly categories: Readonly<Record<string, { uid: number; caption: string }>>;
}

interface RawAttribute {
  type?: string;
  is_array?: boolean;
  requirement?: string;
  profile?: string | null;
  enum?: Record<string, { caption: string }>;
  sibling?: string;
  '@deprecated'?: object;
}

interface RawDefinition {
  name?: string;
  caption: string;
  extends?: string;
  uid?: number;
  category?: string;
  attributes: Record<string, RawAttribute | string[]>;
  constraints?: Record<string, string[]>;
  extension?: number;
}

interface RawDictionary {
  attributes: Record<string, RawAttribute>;
  types?: { attributes: Record<string, OcsfType> };
}

/**
 * Reads an OCSF schema as its authors lay it out, and one extension on top of it. Follows the rules of the OCSF server for
 * inheritance, `$include`, profiles, patches (an extension's file without a name) and uids of extension classes.
 */
export function loadOcsfSchema(schemaFolder: string, extensionFolder: string): OcsfSchema {
  return new SchemaLoader(schemaFolder, extensionFolder).load();
}

class SchemaLoader {
  readonly #schemaFolder: string;
  readonly #extensionFolder: string;
  readonly #extension: { name: string; uid: number };
  readonly #dictionary: Record<string, RawAttribute>;
  readonly #types: Record<string, OcsfType>;

  constructor(schemaFolder: string, extensionFolder: string) {
    this.#schemaFolder = schemaFolder;
    this.#extensionFolder = extensionFolder;
    this.#extension = readJson(join(extensionFolder, 'extension.json'));
    const core = readJson<RawDictionary>(join(schemaFolder, 'dictionary.json'));
    const own = readJson<RawDictionary>(join(extensionFolder, 'dictionary.json'));
    for (const name of Object.keys(own.attributes)) {
      if (name in core.attributes) throw new Error(`The extension redefines the attribute ${name}`);
    }
    this.#dictionary = { ...core.attributes, ...own.attributes };
    this.#types = core.types?.attributes ?? {};
  }

  load(): OcsfSchema {
    const { attributes } = readJson<{ attributes: OcsfSchema['categories'] }>(
      join(this.#schemaFolder, 'categories.json'),
    );
    // The category of the base event is in no list.
    const categories: OcsfSchema['categories'] = { other: { uid: 0, caption: 'Uncategorized' }, ...attributes };
    const classes = new Map<number, OcsfDefinition>();
    for (const definition of Object.values(this.#definitions('events'))) {
      const category = categories[definition.category];
      const hasUid = definition.uid % 1000 !== 0 || definition.caption === 'Base Event';
      if (category === undefined || !hasUid) continue;
      const uid = definition.uid + category.uid * 1000;
      classes.set(uid, withOwnIdentifiers(definition, uid, category));
    }
    const objects = this.#definitions('objects');
    return {
      version: readJson<{ version: string }>(join(this.#schemaFolder, 'version.json')).version,
      classes,
      objects: { ...objects, ...this.#withObservableTypes(objects) },
      types: this.#types,
      categories,
    };
  }

  /** The kinds of observables stand with the types, attributes and objects that may be one; the OCSF server collects them. */
  #withObservableTypes({ observable }: Record<string, OcsfDefinition>): Record<string, OcsfDefinition> {
    const typeId = observable?.attributes.type_id;
    if (observable === undefined || typeId === undefined) throw new Error('The schema has no object "observable"');
    const kinds = [...Object.values(this.#types), ...(Object.values(this.#dictionary) as Partial<OcsfType>[])];
    const captions = { ...typeId.captions };
    for (const { observable: id, caption = '' } of kinds) if (id !== undefined) captions[id] = caption;
    return {
      observable: { ...observable, attributes: { ...observable.attributes, type_id: { ...typeId, captions } } },
    };
  }

  #definitions(kind: 'events' | 'objects'): Record<string, OcsfDefinition> {
    const raw = new Map<string, RawDefinition>();
    const patches: RawDefinition[] = [];
    for (const file of globSync(join(this.#schemaFolder, kind, '**/*.json'))) {
      const definition = this.#include(readJson<RawDefinition>(file), this.#schemaFolder, '');
      raw.set(definition.name ?? '', definition);
    }
    for (const file of globSync(join(this.#extensionFolder, kind, '**/*.json'))) {
      const own = this.#include(readJson<RawDefinition>(file), this.#extensionFolder, `${this.#extension.name}/`);
      if (own.name === undefined) patches.push(own);
      else raw.set(own.name, { ...own, extension: this.#extension.uid });
    }
    for (const { extends: target = '', attributes } of patches) {
      const patched = raw.get(target);
      if (patched === undefined) throw new Error(`The extension patches ${target}, which does not exist`);
      raw.set(target, { ...patched, attributes: { ...patched.attributes, ...attributes } });
    }
    return Object.fromEntries([...raw].map(([name]) => [name, this.#resolve(name, raw)]));
  }

  /** Takes in what `$include` names; attributes of a profile are marked with it. */
  #include(definition: RawDefinition, folder: string, profilePrefix: string): RawDefinition {
    const { $include = [], ...own } = definition.attributes;
    const included: Record<string, RawAttribute> = {};
    for (const path of $include as string[]) {
      const inFolder = join(folder, path);
      const profile = readJson<RawDefinition>(existsSync(inFolder) ? inFolder : join(this.#schemaFolder, path));
      for (const [name, attribute] of Object.entries(profile.attributes as Record<string, RawAttribute>)) {
        included[name] = { ...attribute, profile: `${profilePrefix}${profile.name ?? ''}` };
      }
    }
    const attributes: Record<string, RawAttribute> = { ...included };
    for (const [name, attribute] of Object.entries(own as Record<string, RawAttribute>)) {
      attributes[name] = { ...included[name], ...attribute };
    }
    return { ...definition, attributes };
  }

  #resolve(name: string, raw: ReadonlyMap<string, RawDefinition>): OcsfDefinition {
    const chain: RawDefinition[] = [];
    for (let next: string | undefined = name; next !== undefined; ) {
      const definition = raw.get(next);
      if (definition === undefined) throw new Error(`${name} extends ${next}, which does not exist`);
      chain.unshift(definition);
      next = definition.extends;
    }
    const own = chain.at(-1);
    const merged: Record<string, RawAttribute> = {};
    for (const { attributes } of chain) {
      for (const [attribute, change] of Object.entries(attributes as Record<string, RawAttribute>)) {
        merged[attribute] = mergeAttribute(merged[attribute], change);
      }
    }
    return {
      caption: own?.caption ?? '',
      uid: (own?.uid ?? 0) + (own?.extension ?? 0) * 100_000,
      category: chain.findLast(({ category }) => category !== undefined)?.category ?? '',
      attributes: Object.fromEntries(Object.entries(merged).map(([key, value]) => [key, this.#attribute(key, value)])),
      constraints: chain.findLast(({ constraints }) => constraints !== undefined)?.constraints ?? {},
    };
  }

  #attribute(name: string, used: RawAttribute): OcsfAttribute {
    const defined = this.#dictionary[name];
    if (defined === undefined) throw new Error(`The dictionary has no attribute ${name}`);
    const merged = mergeAttribute(defined, used);
    const captions =
      merged.enum && Object.fromEntries(Object.entries(merged.enum).map(([key, { caption }]) => [key, caption]));
    return {
      type: merged.type ?? '',
      isArray: merged.is_array ?? false,
      requirement: merged.requirement ?? 'optional',
      profile: merged.profile ?? null,
      captions,
      sibling: merged.sibling,
      isDeprecated: merged['@deprecated'] !== undefined,
    };
  }
}

/**
 * `class_uid` and `category_uid` of the base event list only its own; the OCSF server replaces them in each class by those
 * of the class (`Schema.Cache`).
 */
function withOwnIdentifiers(
  definition: OcsfDefinition,
  uid: number,
  category: { uid: number; caption: string },
): OcsfDefinition {
  const { class_uid: ofClass, category_uid: ofCategory, ...attributes } = definition.attributes;
  if (ofClass === undefined || ofCategory === undefined) throw new Error(`${definition.caption} is no event class`);
  return {
    ...definition,
    attributes: {
      ...attributes,
      class_uid: { ...ofClass, captions: { [uid]: definition.caption } },
      category_uid: { ...ofCategory, captions: { [category.uid]: category.caption } },
    },
  };
}

/** Values of an enumeration add up along the inheritance; everything else is replaced. */
function mergeAttribute(base: RawAttribute | undefined, change: RawAttribute): RawAttribute {
  if (base === undefined) return change;
  const values = base.enum === undefined && change.enum === undefined ? {} : { enum: { ...base.enum, ...change.enum } };
  return { ...base, ...change, ...values };
}

function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(file, 'utf8')) as Content;
}
