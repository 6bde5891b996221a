/** A security advisory in which no test finds fault, for tests to spoil. */
export function exampleDocument() {
  return {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      distribution: { tlp: { label: 'WHITE' } },
      lang: 'en',
      publisher: { category: 'vendor', name: 'Example Pumps', namespace: 'https://pumps.example' },
      references: [
        { category: 'self', summary: 'This document', url: 'https://pumps.example/csaf/ep-2026-01.json' },
        { category: 'external', summary: 'Manual', url: 'https://pumps.example/manual' },
      ],
      title: 'Password in the firmware of infusion pumps',
      tracking: {
        current_release_date: '2026-03-02T10:00:00Z',
        id: 'EP-2026-01',
        initial_release_date: '2026-03-01T10:00:00Z',
        revision_history: [
          { date: '2026-03-01T10:00:00Z', number: '1', summary: 'First' },
          { date: '2026-03-02T10:00:00Z', number: '2', summary: 'Remedy' },
        ],
        status: 'final',
        version: '2',
      },
    },
    product_tree: {
      branches: [
        {
          branches: [
            {
              branches: [
                version('product_version', '1.4.2', 'pump-1'),
                version('product_version', '2.0.0', 'pump-2'),
                version('product_version_range', 'vers:generic/>=1.0|<1.4', 'pump-0'),
              ],
              category: 'product_name',
              name: 'Infusion Pump',
            },
          ],
          category: 'vendor',
          name: 'Example Pumps',
        },
      ],
    },
    vulnerabilities: [exampleVulnerability()],
  };
}

export function exampleVulnerability() {
  return {
    cve: 'CVE-2026-1001',
    cwe: { id: 'CWE-798', name: 'Use of Hard-coded Credentials' },
    notes: [{ category: 'summary', text: 'A service account has the same password in every pump.' }],
    product_status: { fixed: ['pump-2'], known_affected: ['pump-0', 'pump-1'] },
    remediations: [
      {
        category: 'vendor_fix',
        details: 'Update to version 2.0.0.',
        product_ids: ['pump-0', 'pump-1'],
        url: 'https://pumps.example/update',
      },
    ],
    scores: [
      {
        cvss_v3: {
          attackVector: 'NETWORK',
          baseScore: 9.8,
          baseSeverity: 'CRITICAL',
          vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          version: '3.1',
        },
        products: ['pump-0', 'pump-1'],
      },
    ],
  };
}

function version(category: string, name: string, id: string) {
  return {
    category,
    name,
    product: {
      name: `Example Pumps Infusion Pump ${name}`,
      product_id: id,
      product_identification_helper: { model_numbers: ['IP-100*'] },
    },
  };
}
