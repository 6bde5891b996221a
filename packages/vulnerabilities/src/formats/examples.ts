/** One document of each form, for tests to read and to spoil. */
export const EXAMPLES = {
  osv: {
    schema_version: '1.7.0',
    id: 'GHSA-xxxx-1111-2222',
    modified: '2026-02-01T00:00:00Z',
    aliases: ['CVE-2026-2000'],
    summary: 'Path traversal in viewer',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    affected: [
      {
        package: { ecosystem: 'npm', name: '@scope/viewer' },
        ranges: [
          {
            type: 'SEMVER',
            events: [{ introduced: '0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { last_affected: '2.3.1' }],
          },
        ],
      },
      { package: { ecosystem: 'Debian:12', name: 'dcmtk' }, versions: ['3.6.7-8'] },
    ],
    references: [{ type: 'FIX', url: 'https://example.org/fix' }],
    database_specific: { cwe_ids: ['CWE-22'] },
  },
  openvex: {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://imaging.example/vex/1',
    author: 'Example Imaging',
    timestamp: '2026-01-01T00:00:00Z',
    version: 2,
    statements: [
      {
        vulnerability: { name: 'CVE-2026-2001' },
        products: [{ '@id': 'pkg:npm/viewer@3.1.0' }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        timestamp: '2026-01-03T00:00:00Z',
      },
      {
        vulnerability: { name: 'CVE-2026-2001' },
        products: [{ '@id': 'pkg:npm/viewer@3.1.0' }],
        status: 'under_investigation',
      },
    ],
  },
  cyclonedx: {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    metadata: {
      timestamp: '2026-01-01T00:00:00Z',
      component: { type: 'device', name: 'Infusion Pump', version: '2.0', 'bom-ref': 'pump' },
    },
    components: [
      {
        type: 'library',
        name: 'openssl',
        version: '3.0.1',
        'bom-ref': 'openssl',
        purl: 'pkg:generic/openssl@3.0.1',
        licenses: [{ license: { id: 'Apache-2.0' } }],
        components: [{ type: 'library', name: 'zlib' }],
      },
    ],
    dependencies: [{ ref: 'pump', dependsOn: ['openssl'] }],
    vulnerabilities: [
      {
        id: 'CVE-2026-2002',
        source: { name: 'NVD' },
        ratings: [{ method: 'CVSSv31', score: 7.5, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
        cwes: [787],
        analysis: { state: 'not_affected', justification: 'code_not_reachable' },
        affects: [{ ref: 'openssl' }],
      },
    ],
  },
  spdx2: {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: 'viewer',
    documentNamespace: 'https://imaging.example/spdx/viewer',
    creationInfo: { created: '2026-01-01T00:00:00Z', creators: ['Tool: example'] },
    packages: [
      {
        SPDXID: 'SPDXRef-app',
        name: 'viewer',
        versionInfo: '1.0',
        supplier: 'Organization: Example Imaging (a@b.example)',
      },
      {
        SPDXID: 'SPDXRef-lib',
        name: 'pydicom',
        versionInfo: '2.4.0',
        primaryPackagePurpose: 'LIBRARY',
        licenseConcluded: 'NOASSERTION',
        licenseDeclared: 'MIT',
        externalRefs: [
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:pypi/pydicom@2.4.0' },
        ],
      },
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relatedSpdxElement: 'SPDXRef-app', relationshipType: 'DESCRIBES' },
      { spdxElementId: 'SPDXRef-lib', relatedSpdxElement: 'SPDXRef-app', relationshipType: 'DEPENDENCY_OF' },
    ],
  },
  spdx3: {
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      { type: 'CreationInfo', '@id': '_:c', created: '2026-01-01T00:00:00Z', specVersion: '3.0.1' },
      { type: 'SpdxDocument', spdxId: 'urn:document', rootElement: ['urn:app'] },
      { type: 'Organization', spdxId: 'urn:maker', name: 'Example Imaging' },
      {
        type: 'software_Package',
        spdxId: 'urn:app',
        name: 'viewer',
        software_packageVersion: '1.0',
        suppliedBy: 'urn:maker',
      },
      {
        type: 'software_Package',
        spdxId: 'urn:lib',
        name: 'pydicom',
        software_packageVersion: '2.4.0',
        software_packageUrl: 'pkg:pypi/pydicom@2.4.0',
      },
      { type: 'simplelicensing_LicenseExpression', spdxId: 'urn:mit', simplelicensing_licenseExpression: 'MIT' },
      { type: 'Relationship', spdxId: 'urn:r1', from: 'urn:app', to: ['urn:lib'], relationshipType: 'dependsOn' },
      {
        type: 'Relationship',
        spdxId: 'urn:r2',
        from: 'urn:lib',
        to: ['urn:mit'],
        relationshipType: 'hasDeclaredLicense',
      },
    ],
  },
  nvd: {
    resultsPerPage: 2,
    format: 'NVD_CVE',
    version: '2.0',
    vulnerabilities: [
      {
        cve: {
          id: 'CVE-2026-2003',
          published: '2026-01-02T03:04:05.000',
          lastModified: '2026-01-03T00:00:00.000',
          vulnStatus: 'Analyzed',
          descriptions: [{ lang: 'en', value: 'A weakness of pumps.' }],
          metrics: {
            cvssMetricV31: [
              {
                source: 'nvd@nist.gov',
                type: 'Primary',
                cvssData: {
                  version: '3.1',
                  vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
                  baseScore: 9.8,
                },
              },
            ],
          },
          weaknesses: [{ source: 'nvd@nist.gov', type: 'Primary', description: [{ lang: 'en', value: 'CWE-798' }] }],
          configurations: [
            {
              operator: 'AND',
              nodes: [
                {
                  operator: 'OR',
                  negate: false,
                  cpeMatch: [
                    {
                      vulnerable: true,
                      criteria: 'cpe:2.3:o:example:pump_firmware:*:*:*:*:*:*:*:*',
                      versionEndExcluding: '2.0',
                    },
                    { vulnerable: true, criteria: 'cpe:2.3:o:example:pump_firmware:3.1:*:*:*:*:*:*:*' },
                  ],
                },
                {
                  operator: 'OR',
                  negate: false,
                  cpeMatch: [{ vulnerable: false, criteria: 'cpe:2.3:h:example:pump:-:*:*:*:*:*:*:*' }],
                },
              ],
            },
          ],
          references: [{ url: 'https://example.org', source: 'example', tags: ['Vendor Advisory'] }],
        },
      },
      {
        cve: {
          id: 'CVE-2026-9999',
          published: '2026-01-02T03:04:05.000',
          lastModified: '2026-01-03T00:00:00.000',
          vulnStatus: 'Rejected',
          descriptions: [{ lang: 'en', value: 'Rejected' }],
        },
      },
    ],
  },
  kev: {
    title: 'Known exploited',
    catalogVersion: '2026.01.05',
    dateReleased: '2026-01-05T00:00:00Z',
    count: 1,
    vulnerabilities: [
      {
        cveID: 'CVE-2026-2004',
        vendorProject: 'Example',
        product: 'Gateway',
        vulnerabilityName: 'Example Gateway Command Injection',
        dateAdded: '2026-01-05',
        shortDescription: 'A weakness of gateways.',
        requiredAction: 'Apply the update.',
        dueDate: '2026-01-26',
        knownRansomwareCampaignUse: 'Known',
        cwes: ['CWE-78'],
      },
    ],
  },
  epss: '#model_version:v2025.03.14,score_date:2026-01-02T00:00:00+0000\ncve,epss,percentile\nCVE-2026-2004,0.9431,0.99951\n',
};
