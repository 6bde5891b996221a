import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCareKnowledge } from './knowledge/load-knowledge.ts';
import type { CareItem, CareNodeDetail, CriticalItem, EditItem, OutageReport } from './routes/care-shapes.ts';
import { assetOf, House, KNOWLEDGE } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

let house: House;

beforeAll(async () => {
  house = await House.open();
  await house.hospital({
    'monitor-1': {
      kind: 'patient-monitor',
      careArea: 'ICU 2',
      safety: 'life-sustaining',
      ip: '10.1.1.11',
      asks: [['central', 'intellivue']],
    },
    'monitor-2': {
      kind: 'patient-monitor',
      careArea: 'ICU 2',
      safety: 'life-sustaining',
      ip: '10.1.1.12',
      asks: [['central', 'intellivue']],
    },
    central: {
      kind: 'central-station',
      careArea: 'ICU 2',
      ip: '10.1.1.5',
      asks: [
        ['dc-1', 'kerberos'],
        ['dc-2', 'kerberos'],
      ],
    },
    ct: {
      kind: 'ct-scanner',
      careArea: 'Radiology',
      ip: '10.1.2.11',
      asks: [
        ['pacs', 'dicom'],
        ['ris', 'dicom'],
      ],
    },
    pacs: {
      kind: 'dicom-archive',
      ip: '10.1.9.2',
      asks: [
        ['sql', 'tds'],
        ['dc-1', 'ldap'],
      ],
    },
    ris: { kind: 'ris', ip: '10.1.9.3' },
    sql: { kind: 'database-server', ip: '10.1.9.4' },
    'dc-1': { kind: 'domain-controller', ip: '10.1.9.5' },
    'dc-2': { kind: 'domain-controller', ip: '10.1.9.6' },
    'nurse-pc': {
      kind: 'workstation',
      careArea: 'Ward 3',
      ip: '10.1.3.7',
      asks: [
        ['his', 'tls'],
        ['monitor-1', 'snmp'],
      ],
    },
    his: { kind: 'his', ip: '10.1.9.7' },
    backup: {
      kind: 'backup-server',
      ip: '10.1.9.8',
      asks: [
        ['sql', 'smb'],
        ['his', 'ssh'],
      ],
    },
  });
});
afterAll(() => house.close());

function outage(...stopped: readonly string[]): Promise<OutageReport> {
  return house.ask<OutageReport>('askCareOutage', { body: { stopped } });
}

describe('the care map of a hospital', () => {
  it('has each clinical service where its devices or its users are, with beds as far as they can be counted', async () => {
    const { items } = await house.ask<Page<CareItem>>('listCareServices');
    expect(
      items.map(({ name, beds, bedsOrigin, devices, applications }) => ({
        name,
        beds,
        bedsOrigin,
        devices,
        applications,
      })),
    ).toEqual([
      { name: 'Patient monitoring, ICU 2', beds: 2, bedsOrigin: 'counted', devices: 2, applications: ['central'] },
      { name: 'Medical imaging, Radiology', beds: null, bedsOrigin: null, devices: 1, applications: ['pacs', 'ris'] },
      { name: 'Patient records, Ward 3', beds: null, bedsOrigin: null, devices: 0, applications: ['his'] },
    ]);
  });

  it('tells in words what stops when the database of the archive stops', async () => {
    const report = await outage('sql');
    expect(report.summary).toMatch(
      /^Medical imaging, Radiology is degraded\. 0 beds in all\. Beds of 1 care area are not known/,
    );
    expect(report.care[0]?.path).toEqual([
      'Medical imaging, Radiology works with pacs: images stay on the device that took them and cannot be seen elsewhere',
      'pacs keeps its data in sql: it has no data to work with',
    ]);
    expect(report.others.map(({ node, effect }) => [node.name, effect])).toEqual([
      ['pacs', 'stops'],
      ['ct', 'degrades'],
    ]);
  });

  it('takes neither backups nor watching for dependencies, and two domain controllers for one another', async () => {
    expect((await outage('backup')).summary).toBe('Nothing that is known needs it.');
    expect((await outage('monitor-1')).others).toEqual([]);
    expect((await outage('dc-1')).care.map(({ node }) => node.name)).toEqual(['Medical imaging, Radiology']);
    expect((await outage('dc-1', 'dc-2')).care.map(({ node, beds }) => [node.name, beds])).toEqual([
      ['Patient monitoring, ICU 2', 2],
      ['Medical imaging, Radiology', null],
    ]);
  });

  it('names what most of care depends on', async () => {
    const { items } = await house.ask<Page<CriticalItem>>('listCriticalNodes');
    expect(items[0]).toMatchObject({ name: 'Network 10.1.9.0/24', stops: 1, services: 3 });
    expect(items.find(({ name }) => name === 'central')?.hit).toEqual([
      'Patient monitoring, ICU 2 is degraded for 2 beds',
    ]);
  });

  it('is corrected by people, who can take it back, and keeps both through a restart', async () => {
    const edit = (body: object) => house.ask<EditItem>('editCareMap', { body: { edit: body, note: 'asked the ward' } });
    const beds = await edit({ kind: 'beds', area: 'Radiology', beds: 6 });
    const denied = await edit({ kind: 'no-dependency', dependent: 'pacs', provider: 'sql' });
    expect(denied.text).toBe('pacs does not need sql');
    expect((await outage('sql')).care).toEqual([]);
    const undone = await house.ask<EditItem>('undoCareEdit', { params: { id: denied.id }, by: 'Ben Cruz' });
    expect(undone).toMatchObject({ by: 'Anna Berg', undoneBy: 'Ben Cruz' });
    await house.restart();
    expect((await outage('sql')).summary).toBe('Medical imaging, Radiology is degraded for 6 beds. 6 beds in all.');
    const { items } = await house.ask<Page<EditItem>>('listCareEdits');
    expect(items.map(({ id, undoneAt }) => [id, undoneAt === null])).toEqual([
      [denied.id, false],
      [beds.id, true],
    ]);
    await expect(house.ask('undoCareEdit', { params: { id: denied.id } })).rejects.toThrow(/taken back before/);
    await expect(edit({ kind: 'dependency', dependent: 'pacs', provider: 'nobody', effect: 'stops' })).rejects.toThrow(
      'The care map has no "nobody".',
    );
    await expect(edit({ kind: 'dependency', dependent: 'pacs', provider: 'pacs', effect: 'stops' })).rejects.toThrow(
      /Nothing needs itself/,
    );
  });

  it('tells a node from both sides, with how each dependency is known', async () => {
    const detail = await house.ask<CareNodeDetail>('getCareNode', { params: { id: 'pacs' } });
    expect(detail.needs.map(({ text, origin, mode }) => [text, origin, mode])).toEqual([
      ['pacs is reached over Network 10.1.9.0/24', 'address', 'any'],
      ['pacs keeps its data in sql', 'traffic', 'any'],
      ['pacs lets people sign in at dc-1', 'traffic', 'any'],
    ]);
    expect(detail.neededBy.map(({ text }) => text)).toEqual([
      'ct stores images at pacs',
      'Medical imaging, Radiology works with pacs',
    ]);
  });

  it('follows the inventory: what is merged keeps what was said of it, what is removed is gone', async () => {
    await house.ask('editCareMap', {
      body: { edit: { kind: 'dependency', dependent: 'his', provider: 'ris', effect: 'degrades' } },
    });
    await house.publish('asset.discovered', 'his-2', assetOf('his-2', { kind: 'his', ip: '10.1.9.7' }));
    await house.publish('asset.merged', 'his-2', { assetId: 'his-2', mergedAssetId: 'his', reason: 'same', by: 'x' });
    expect((await outage('ris')).others.map(({ node }) => node.id)).toContain('his-2');
    await house.publish('asset.removed', 'ris', { assetId: 'ris', reason: 'scrapped' });
    await expect(outage('ris')).rejects.toThrow('The care map has no "ris".');
  });
});

describe('knowledge of the care map', () => {
  it('names kinds that there are and protocols that SPHINX recognises', async () => {
    const { services, dependencies } = await loadCareKnowledge(KNOWLEDGE);
    const kinds = new Set(
      [...(await readFile(join(KNOWLEDGE, 'asset-kinds/kinds.yaml'), 'utf8')).matchAll(/^ {2}- id: (\S+)/gm)].map(
        ([, id]) => id,
      ),
    );
    const protocols = await readFile(join(KNOWLEDGE, '../docs/protocols.md'), 'utf8');
    const named = [
      ...services.services.flatMap(({ devices, applications }) => [
        ...devices,
        ...applications.flatMap((each) => each.kinds),
      ]),
      ...[services.bedsideKinds, services.workplaceKinds].flat(),
      ...[dependencies.gatewayKinds, dependencies.networkKinds, dependencies.applicationKinds].flat(),
      ...dependencies.withoutNetwork.flatMap(({ kinds: of }) => of),
      ...dependencies.rules.flatMap(({ user, provider }) => [...(user?.kinds ?? []), ...(provider?.kinds ?? [])]),
    ];
    expect(named.filter((kind) => !kinds.has(kind))).toEqual([]);
    const spoken = dependencies.rules.flatMap((rule) => rule.protocols ?? []).filter((each) => each !== 'unknown');
    expect(spoken.filter((protocol) => !protocols.includes(`\`${protocol}\``))).toEqual([]);
  });
});
