import { type Reading, read, refuse } from '../reading/reading.ts';
import type { AttackPattern, Catalogue } from './catalogue.ts';
import { elementsIn, readXmlRecords, textIn, type XmlElement } from './xml-records.ts';

/**
 * Reads the Common Attack Pattern Enumeration and Classification as MITRE publishes it (`capec_latest.xml`, schema
 * `ap_schema_v3.5.xsd`), with the weaknesses that each pattern uses and its techniques of ATT&CK.
 *
 * @returns the patterns, or the line of what is wrong; never throws
 */
export function readCapec(content: Uint8Array): Reading<Catalogue<AttackPattern>> {
  const xml = readXmlRecords(content, ['Attack_Pattern']);
  if (!xml.isRead) return refuse(xml.where, xml.what);
  if (xml.root.name !== 'Attack_Pattern_Catalog') {
    return refuse('', 'is no catalogue of CAPEC: its root is no Attack_Pattern_Catalog');
  }
  const entries = xml.records.map(toPattern);
  const nameless = entries.findIndex(({ id, name }) => !/^CAPEC-\d+$/.test(id) || name === '');
  if (nameless >= 0) return refuse(`pattern ${nameless + 1}`, 'has no number or no name');
  return read({ version: xml.root.attributes.Version ?? '', entries });
}

function toPattern(element: XmlElement): AttackPattern {
  const { ID = '', Name = '', Status = '' } = element.attributes;
  const related = elementsIn(element, 'Related_Attack_Patterns', 'Related_Attack_Pattern');
  const weaknesses = elementsIn(element, 'Related_Weaknesses', 'Related_Weakness');
  const mappings = elementsIn(element, 'Taxonomy_Mappings', 'Taxonomy_Mapping');
  const techniques = mappings
    .filter(({ attributes }) => attributes.Taxonomy_Name === 'ATTACK')
    .map((mapping) => `T${textIn(mapping, 'Entry_ID').replace(/^T/, '')}`);
  return {
    id: `CAPEC-${ID}`,
    name: Name,
    description: textIn(element, 'Description'),
    likelihood: textIn(element, 'Likelihood_Of_Attack'),
    severity: textIn(element, 'Typical_Severity'),
    isDeprecated: Status === 'Deprecated' || Status === 'Obsolete',
    parents: related
      .filter(({ attributes }) => attributes.Nature === 'ChildOf')
      .map(({ attributes }) => `CAPEC-${attributes.CAPEC_ID}`),
    weaknesses: weaknesses.map(({ attributes }) => `CWE-${attributes.CWE_ID}`),
    techniques: techniques.filter((id) => /^T\d{4}(\.\d{3})?$/.test(id)),
  };
}
