import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEndOfLife } from '../lifecycles/read-end-of-life.ts';
import { describeProblems, type Reading } from '../reading/reading.ts';
import { readAttack } from './read-attack.ts';
import { readCapec } from './read-capec.ts';
import { readCwe } from './read-cwe.ts';

const CWE = `<?xml version="1.0" encoding="UTF-8"?>
<Weakness_Catalog Name="CWE" Version="4.17" xmlns="http://cwe.mitre.org/cwe-7">
  <Weaknesses>
    <Weakness ID="798" Name="Use of Hard-coded Credentials" Abstraction="Base" Structure="Simple" Status="Draft">
      <Description>The product
        contains hard-coded credentials.</Description>
      <Related_Weaknesses>
        <Related_Weakness Nature="ChildOf" CWE_ID="1391" View_ID="1000" Ordinal="Primary"/>
        <Related_Weakness Nature="PeerOf" CWE_ID="257" View_ID="1000"/>
      </Related_Weaknesses>
      <Related_Attack_Patterns><Related_Attack_Pattern CAPEC_ID="191"/><Related_Attack_Pattern CAPEC_ID="70"/></Related_Attack_Patterns>
    </Weakness>
  </Weaknesses>
  <Categories><Category ID="255" Name="Credentials Management Errors" Status="Draft"><Summary>Errors &amp; more.</Summary></Category></Categories>
</Weakness_Catalog>`;
const CAPEC = `<Attack_Pattern_Catalog Name="CAPEC" Version="3.9"><Attack_Patterns>
  <Attack_Pattern ID="70" Name="Try Common or Default Usernames and Passwords" Abstraction="Detailed" Status="Draft">
    <Description>An adversary tries <xhtml:b xmlns:xhtml="x">known</xhtml:b> pairs.</Description>
    <Likelihood_Of_Attack>Medium</Likelihood_Of_Attack><Typical_Severity>High</Typical_Severity>
    <Related_Attack_Patterns><Related_Attack_Pattern Nature="ChildOf" CAPEC_ID="49"/></Related_Attack_Patterns>
    <Related_Weaknesses><Related_Weakness CWE_ID="521"/><Related_Weakness CWE_ID="798"/></Related_Weaknesses>
    <Taxonomy_Mappings>
      <Taxonomy_Mapping Taxonomy_Name="ATTACK"><Entry_ID>1078.001</Entry_ID><Entry_Name>Default Accounts</Entry_Name></Taxonomy_Mapping>
      <Taxonomy_Mapping Taxonomy_Name="OWASP Attacks"><Entry_Name>x</Entry_Name></Taxonomy_Mapping>
    </Taxonomy_Mappings>
  </Attack_Pattern>
</Attack_Patterns></Attack_Pattern_Catalog>`;
const reference = (id: string, url = '') => ({ source_name: 'mitre-attack', external_id: id, url });
const ATTACK = {
  type: 'bundle',
  id: 'bundle--1',
  objects: [
    { type: 'x-mitre-collection', id: 'x-mitre-collection--1', x_mitre_version: '17.1' },
    {
      type: 'attack-pattern',
      id: 'attack-pattern--1',
      name: 'Valid Accounts',
      external_references: [reference('T1078', 'https://attack.mitre.org/techniques/T1078')],
    },
    {
      type: 'attack-pattern',
      id: 'attack-pattern--2',
      name: 'Default Accounts',
      x_mitre_domains: ['enterprise-attack'],
      kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: 'initial-access' }],
      external_references: [reference('T1078.001'), { source_name: 'capec', external_id: 'CAPEC-70' }],
    },
    { type: 'course-of-action', id: 'course-of-action--1', name: 'Password Policies' },
    {
      type: 'relationship',
      relationship_type: 'subtechnique-of',
      source_ref: 'attack-pattern--2',
      target_ref: 'attack-pattern--1',
    },
    {
      type: 'relationship',
      relationship_type: 'mitigates',
      source_ref: 'course-of-action--1',
      target_ref: 'attack-pattern--2',
    },
  ],
};
const LIFECYCLES = {
  schema_version: '1.2.0',
  result: [
    {
      name: 'windows-embedded',
      label: 'Windows Embedded',
      category: 'os',
      identifiers: [{ id: 'cpe:2.3:o:microsoft:windows_7', type: 'cpe' }],
      releases: [{ name: '7', label: '7', isEol: true, eolFrom: '2020-10-13', eoesFrom: null, latest: null }],
    },
  ],
};

const bytes = (text: string) => new TextEncoder().encode(text);
function valueIn<T>(reading: Reading<T>): T {
  if (reading.isRead) return reading.value;
  throw new Error(describeProblems(reading.problems));
}

describe('catalogues', () => {
  it('CWE gives kinds of weaknesses with what they are special cases of and the attacks that use them', () => {
    expect(valueIn(readCwe(bytes(CWE)))).toEqual({
      version: '4.17',
      entries: [
        {
          id: 'CWE-798',
          name: 'Use of Hard-coded Credentials',
          description: 'The product contains hard-coded credentials.',
          abstraction: 'Base',
          isDeprecated: false,
          parents: ['CWE-1391'],
          attackPatterns: ['CAPEC-191', 'CAPEC-70'],
        },
        expect.objectContaining({ id: 'CWE-255', abstraction: 'Category', description: 'Errors & more.' }),
      ],
    });
  });

  it('CAPEC gives attack patterns with the weaknesses that they use and their techniques', () => {
    expect(valueIn(readCapec(bytes(CAPEC))).entries).toEqual([
      {
        id: 'CAPEC-70',
        name: 'Try Common or Default Usernames and Passwords',
        description: 'An adversary tries known pairs.',
        likelihood: 'Medium',
        severity: 'High',
        isDeprecated: false,
        parents: ['CAPEC-49'],
        weaknesses: ['CWE-521', 'CWE-798'],
        techniques: ['T1078.001'],
      },
    ]);
  });

  it('ATT&CK gives techniques with tactic, parent and what helps', () => {
    const { version, entries } = valueIn(readAttack(JSON.stringify(ATTACK)));
    expect(version).toBe('17.1');
    expect(entries[1]).toMatchObject({
      id: 'T1078.001',
      parent: 'T1078',
      tactics: ['initial-access'],
      attackPatterns: ['CAPEC-70'],
      mitigations: ['Password Policies'],
      isWithdrawn: false,
    });
  });

  it('endoflife.date gives releases with the end of their support', () => {
    const [product] = valueIn(readEndOfLife(JSON.stringify(LIFECYCLES)));
    expect(product).toMatchObject({ product: 'windows-embedded', names: ['cpe:2.3:o:microsoft:windows_7'] });
    expect(product?.releases[0]).toMatchObject({ isEndOfLife: true, endOfLifeMs: Date.UTC(2020, 9, 13) });
  });

  it('say in which line or member something is wrong', () => {
    const cut = readCwe(bytes(CWE.slice(0, CWE.indexOf('</Related_Weaknesses>'))));
    expect(cut.isRead ? '' : describeProblems(cut.problems)).toMatch(/^line 10: is not readable XML/);
    const other = readCapec(bytes(CWE));
    expect(other.isRead ? '' : describeProblems(other.problems)).toContain('no catalogue of CAPEC');
    const spoiled = readAttack(JSON.stringify({ ...ATTACK, objects: [...ATTACK.objects, { type: 5 }] }));
    expect(spoiled.isRead ? [] : spoiled.problems.map(({ where }) => where)).toEqual(['/objects/6/type']);
    expect(readEndOfLife('{"schema_version":"1","result":[{"name":"x"}]}')).toMatchObject({
      problems: [{ where: '/result/0/releases' }],
    });
  });

  it('never throw, whatever is cut out or put into them', () => {
    const readers = [
      [readCwe, bytes(CWE)],
      [readCapec, bytes(CAPEC)],
      [readAttack, bytes(JSON.stringify(ATTACK))],
      [readEndOfLife, bytes(JSON.stringify(LIFECYCLES))],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...readers),
        fc.nat(),
        fc.uint8Array({ maxLength: 20 }),
        ([reader, whole], at, put) => {
          const place = at % whole.length;
          const spoiled = Buffer.concat([whole.subarray(0, place), put, whole.subarray(place + put.length)]);
          expect(typeof reader(spoiled).isRead).toBe('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });
});
