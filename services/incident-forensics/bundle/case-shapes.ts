/*
 * Facts of the ontologies, as far as this export uses them: classes, what they descend from, and what their shapes ask of each property.
 * UCO (github.com/ucoProject/UCO: ontology/uco/core, action, identity, observable, types; files of before 1.0 to 1.3)
 * and CASE (github.com/casework/CASE: ontology/investigation, 0.7.1), both Apache-2.0. No sentence of them stands here.
 */

interface PropertyShape {
  /** Datatype of a literal, or class of the thing that is pointed at. */
  readonly datatype?: 'string' | 'integer' | 'dateTime' | 'hexBinary';
  readonly class?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Values of the vocabulary that the shape names. */
  readonly among?: readonly string[];
}

interface ClassShape {
  readonly of?: string;
  readonly properties?: Readonly<Record<string, PropertyShape>>;
}

const TEXT: PropertyShape = { datatype: 'string' };
const ONE_TEXT: PropertyShape = { datatype: 'string', maximum: 1 };
const ONE_TIME: PropertyShape = { datatype: 'dateTime', maximum: 1 };

export const SHAPES: Readonly<Record<string, ClassShape>> = {
  'uco-core:UcoThing': {},
  'uco-core:UcoInherentCharacterizationThing': { of: 'uco-core:UcoThing' },
  'uco-core:Facet': { of: 'uco-core:UcoInherentCharacterizationThing' },
  'uco-core:UcoObject': {
    of: 'uco-core:UcoThing',
    properties: {
      'uco-core:name': ONE_TEXT,
      'uco-core:description': TEXT,
      'uco-core:hasFacet': { class: 'uco-core:Facet' },
    },
  },
  'uco-core:Compilation': { of: 'uco-core:UcoObject' },
  'uco-core:ContextualCompilation': {
    of: 'uco-core:Compilation',
    properties: { 'uco-core:object': { class: 'uco-core:UcoObject', minimum: 1 } },
  },
  'uco-core:IdentityAbstraction': { of: 'uco-core:UcoObject' },
  'uco-identity:Identity': { of: 'uco-core:IdentityAbstraction' },
  'uco-observable:ObservableObject': { of: 'uco-core:UcoObject' },
  'uco-observable:Device': { of: 'uco-observable:ObservableObject' },
  'uco-observable:DeviceFacet': { of: 'uco-core:Facet', properties: { 'uco-observable:deviceType': ONE_TEXT } },
  'uco-observable:FileSystemObject': { of: 'uco-observable:ObservableObject' },
  'uco-observable:File': { of: 'uco-observable:FileSystemObject' },
  'uco-observable:FileFacet': {
    of: 'uco-core:Facet',
    properties: {
      'uco-observable:fileName': TEXT,
      'uco-observable:sizeInBytes': { datatype: 'integer', maximum: 1 },
    },
  },
  'uco-observable:ContentDataFacet': {
    of: 'uco-core:Facet',
    properties: { 'uco-observable:mimeType': TEXT, 'uco-observable:hash': { class: 'uco-types:Hash' } },
  },
  'uco-types:Hash': {
    of: 'uco-core:UcoInherentCharacterizationThing',
    properties: {
      'uco-types:hashMethod': {
        datatype: 'string',
        minimum: 1,
        maximum: 1,
        among: ['MD5', 'MD6', 'SHA1', 'SHA224', 'SHA256', 'SHA384', 'SHA512', 'SSDEEP'],
      },
      'uco-types:hashValue': { datatype: 'hexBinary', minimum: 1, maximum: 1 },
    },
  },
  'uco-action:Action': {
    of: 'uco-core:UcoObject',
    properties: {
      'uco-action:startTime': ONE_TIME,
      'uco-action:performer': { class: 'uco-core:UcoObject', maximum: 1 },
      'uco-action:object': { class: 'uco-core:UcoObject' },
    },
  },
  'case-investigation:InvestigativeAction': { of: 'uco-action:Action' },
  'case-investigation:ProvenanceRecord': {
    of: 'uco-core:ContextualCompilation',
    properties: { 'case-investigation:exhibitNumber': ONE_TEXT },
  },
  'case-investigation:Investigation': {
    of: 'uco-core:ContextualCompilation',
    properties: {
      'case-investigation:investigationForm': {
        datatype: 'string',
        maximum: 1,
        among: ['case', 'incident', 'suspicious-activity'],
      },
      'case-investigation:investigationStatus': ONE_TEXT,
      'uco-core:startTime': ONE_TIME,
    },
  },
};

const NAMESPACES: Readonly<Record<string, string>> = {
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};
const UUID_AT_END = /[0-9a-f]{8}-[0-9a-f]{4}-[0-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LITERALS = {
  string: (value: unknown) => typeof value === 'string',
  integer: (value: unknown) => isTyped(value, 'xsd:integer', /^-?\d+$/),
  dateTime: (value: unknown) => isTyped(value, 'xsd:dateTime', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  hexBinary: (value: unknown) => isTyped(value, 'xsd:hexBinary', /^([0-9a-fA-F]{2})+$/),
} as const;

type Node = Readonly<Record<string, unknown>>;

/** @returns everything in a graph of JSON-LD that the shapes do not allow, in words */
export function checkShapes(document: { readonly '@context': Node; readonly '@graph': readonly Node[] }): string[] {
  const nodes = new Map<string, Node>();
  const problems: string[] = [];
  for (const [prefix, iri] of Object.entries(NAMESPACES)) {
    if (document['@context'][prefix] !== iri) problems.push(`prefix ${prefix} is not ${iri}`);
  }
  const gather = (node: Node) => {
    const id = String(node['@id']);
    if (nodes.has(id)) problems.push(`${id} is there twice`);
    if (!UUID_AT_END.test(id)) problems.push(`${id} does not end with a UUID`);
    nodes.set(id, node);
    for (const value of Object.values(node)) for (const each of listOf(value)) if (isNode(each)) gather(each);
  };
  for (const node of document['@graph']) gather(node);
  for (const [id, node] of nodes) problems.push(...problemsOf(id, node, nodes));
  return problems;
}

function problemsOf(id: string, node: Node, nodes: ReadonlyMap<string, Node>): readonly string[] {
  const type = String(node['@type']);
  if (SHAPES[type] === undefined) return [`${id} is of the unknown class ${type}`];
  const shapes = shapesOf(type);
  const problems: string[] = [];
  for (const [property, value] of Object.entries(node)) {
    if (property.startsWith('@')) continue;
    const shape = shapes.get(property);
    if (shape === undefined) problems.push(`${type} has no property ${property}`);
    else
      for (const each of listOf(value))
        if (!fits(each, shape, nodes)) problems.push(`${property} of ${id} does not fit`);
  }
  for (const [property, { minimum = 0, maximum = Number.POSITIVE_INFINITY }] of shapes) {
    const count = listOf(node[property]).length;
    if (count < minimum || count > maximum) problems.push(`${id} has ${property} ${count} times`);
  }
  return problems;
}

/** Properties of a class and of those it descends from. */
function shapesOf(type: string): ReadonlyMap<string, PropertyShape> {
  const found = new Map<string, PropertyShape>();
  for (const each of lineOf(type)) {
    for (const [property, shape] of Object.entries(SHAPES[each]?.properties ?? {})) found.set(property, shape);
  }
  return found;
}

function lineOf(type: string): readonly string[] {
  const above = SHAPES[type]?.of;
  return above === undefined ? [type] : [type, ...lineOf(above)];
}

function fits(
  value: unknown,
  { datatype, class: wanted, among }: PropertyShape,
  nodes: ReadonlyMap<string, Node>,
): boolean {
  if (datatype !== undefined)
    return LITERALS[datatype](value) && (among === undefined || among.includes(String(value)));
  const target = nodes.get(String((value as Node)['@id']));
  return target !== undefined && lineOf(String(target['@type'])).includes(wanted ?? '');
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** A thing described in place, not only pointed at. */
function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && '@id' in value && '@type' in value;
}

function isTyped(value: unknown, type: string, form: RegExp): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const literal = value as Node;
  return literal['@type'] === type && form.test(String(literal['@value']));
}
