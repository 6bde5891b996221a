import { type Reading, read, refuse } from '../reading/reading.ts';
import type { Catalogue, WeaknessKind } from './catalogue.ts';
import { elementsIn, readXmlRecords, textIn, type XmlElement } from './xml-records.ts';

/**
 * Reads the Common Weakness Enumeration as MITRE publishes it (`cwec_v4.17.xml`, schema `cwe_schema_v7.2.xsd` and those before).
 * Views are left out: they are lists of the others.
 *
 * @returns weaknesses and categories, or the line of what is wrong; never throws
 */
export function readCwe(content: Uint8Array): Reading<Catalogue<WeaknessKind>> {
  const xml = readXmlRecords(content, ['Weakness', 'Category']);
  if (!xml.isRead) return refuse(xml.where, xml.what);
  if (xml.root.name !== 'Weakness_Catalog')
    return refuse('', 'is no catalogue of CWE: its root is no Weakness_Catalog');
  const entries = xml.records.map(toKind);
  const nameless = entries.findIndex(({ id, name }) => !/^CWE-\d+$/.test(id) || name === '');
  if (nameless >= 0) return refuse(`weakness ${nameless + 1}`, 'has no number or no name');
  return read({ version: xml.root.attributes.Version ?? '', entries });
}

function toKind(element: XmlElement): WeaknessKind {
  const { ID = '', Name = '', Abstraction = element.name, Status = '' } = element.attributes;
  const parents = elementsIn(element, 'Related_Weaknesses', 'Related_Weakness').filter(
    ({ attributes }) => attributes.Nature === 'ChildOf',
  );
  const attacks = elementsIn(element, 'Related_Attack_Patterns', 'Related_Attack_Pattern');
  return {
    id: `CWE-${ID}`,
    name: Name,
    description: textIn(element, element.name === 'Category' ? 'Summary' : 'Description'),
    abstraction: Abstraction,
    isDeprecated: Status === 'Deprecated' || Status === 'Obsolete',
    parents: [...new Set(parents.map(({ attributes }) => `CWE-${attributes.CWE_ID}`))],
    attackPatterns: attacks.map(({ attributes }) => `CAPEC-${attributes.CAPEC_ID}`),
  };
}
