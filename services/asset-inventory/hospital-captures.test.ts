import type { Asset } from '@sphinx/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { kindOfLabel, type LabelledHost, labelledHosts, visibleAttributes } from '../../tests/hospital-lab.ts';
import { sharedData } from '../../tests/shared-data.ts';
import type { Inventory } from './inventory.ts';
import { factsOfCapture, knowledge, newInventory } from './test-inventory.ts';

async function inventoryOf(path: string, packetsPerBatch?: number, inventory = newInventory()): Promise<Inventory> {
  for (const facts of await factsOfCapture(path, packetsPerBatch)) inventory.observe(facts);
  return inventory;
}

function valuesOf(asset: Asset, attribute: string): string[] {
  return [...new Set(asset.evidence.filter((item) => item.attribute === attribute).map(({ value }) => value))];
}

const labelPath = sharedData('pcaps/hospital-lab.labels.json');
const labPath = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(labelPath === undefined || labPath === undefined)(
  'the hospital of hospital-lab.pcap (skipped where shared/data/pcaps is absent)',
  () => {
    const hosts = labelPath === undefined ? [] : labelledHosts(labelPath);
    let assets: readonly Asset[] = [];
    const assetOf = ({ ip, mac, hostname }: LabelledHost): Asset => {
      const found = assets.filter(
        (asset) =>
          (ip !== undefined && asset.ips.includes(ip)) ||
          (mac !== undefined && asset.macs.includes(mac)) ||
          (hostname !== undefined && asset.hostnames.includes(hostname)),
      );
      expect(found.map(({ name }) => name)).toHaveLength(1);
      return found[0] as Asset;
    };

    beforeAll(async () => {
      assets = (await inventoryOf(labPath ?? '')).list();
    });

    it.each(hosts)('finds $host once, as a $kind', (host) => {
      const { facts } = assetOf(host);
      expect(facts.kind?.value).toBe(kindOfLabel(host, knowledge.kinds.values()));
      expect(facts.kind?.evidence).not.toHaveLength(0);
    });

    it.each(hosts)('knows maker, model, serial number and software of $host as far as it shows them', (host) => {
      const { facts } = assetOf(host);
      for (const [name, value] of visibleAttributes(host)) {
        expect({ [name]: facts[name]?.value }).toEqual({ [name]: value });
      }
    });

    it('does not guess the model of a camera that does not say it', () => {
      const camera = assets.find(({ ips }) => ips.includes('10.20.30.55'));
      expect(camera?.facts.manufacturer?.value).toBe('Axis');
      expect(camera?.facts.model).toBeUndefined();
    });

    it('calls no machine by a name that every fresh installation has', () => {
      const server = assets.find(({ ips }) => ips.includes('10.20.30.33'));
      expect(server?.hostnames).toContain('vm');
      expect(server?.name).toBe('10.20.30.33');
    });

    it('knows under which titles and names the clinical applications act', () => {
      for (const host of hosts) {
        const asset = assetOf(host);
        if (host.aeTitle !== undefined) expect(valuesOf(asset, 'dicom.ae-title')).toContain(host.aeTitle);
        if (host.hl7 === undefined) continue;
        const names = [...valuesOf(asset, 'hl7.application'), ...valuesOf(asset, 'hl7.facility')];
        expect(names.join('/')).toBe(host.hl7);
      }
    });

    it('tells what each offers and to whom it talks', () => {
      const archive = assets.find(({ ips }) => ips.includes('10.20.30.10'));
      expect(archive?.services.map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(['dicom 104', 'http 8042']);
      const senders = archive?.peers.filter(
        ({ direction, protocol }) => direction === 'incoming' && protocol === 'dicom',
      );
      expect(senders?.map(({ kind }) => kind).sort()).toEqual([
        'ct-scanner',
        'mr-scanner',
        'ultrasound',
        'workstation',
      ]);
    });

    it('says nothing of what it does not know, and shows what it saw', () => {
      const labelled = new Set(hosts.map((host) => assetOf(host).id));
      for (const asset of assets.filter(({ id }) => !labelled.has(id))) {
        expect(asset.facts.kind).toBeUndefined();
        expect(asset.evidence).not.toHaveLength(0);
      }
    });

    it('takes no virtual network card for a maker of hospital systems', () => {
      const virtual = assets.filter(({ macs }) => macs.some((mac) => mac.startsWith('00:50:56')));
      expect(virtual.length).toBeGreaterThan(0);
      for (const { facts } of virtual) expect(facts.manufacturer?.value ?? '').not.toMatch(/vmware/i);
    });

    it('ends with the same assets and ids however the packets were batched', async () => {
      const again = (await inventoryOf(labPath ?? '', 97)).list();
      const outline = ({ id, name, ips, facts, services }: Asset) => ({
        id,
        name,
        ips,
        facts: Object.entries(facts)
          .map(([fact, known]) => `${fact}=${known?.value}`)
          .sort(),
        services: services.map(({ transport, port, protocol }) => `${transport}/${port} ${protocol}`),
      });
      const byId = (left: Asset, right: Asset) => left.id.localeCompare(right.id);
      expect([...again].sort(byId).map(outline)).toEqual([...assets].sort(byId).map(outline));
    });
  },
);

const loopbackPath = sharedData('pcaps/orthanc-dcmtk-loopback.pcap');

describe.skipIf(loopbackPath === undefined)(
  'DICOM programs on one loopback address (skipped where shared/data/pcaps is absent)',
  () => {
    let assets: readonly Asset[] = [];
    const at = (port: number): Asset | undefined =>
      assets.find(({ services }) => services.some((service) => service.port === port));

    beforeAll(async () => {
      assets = (await inventoryOf(loopbackPath ?? '')).list();
    });

    it('finds the archive with its title, implementation and role', () => {
      const archive = at(14_242);
      expect(archive?.facts.kind?.value).toBe('dicom-archive');
      expect(archive === undefined ? [] : valuesOf(archive, 'dicom.ae-title')).toContain('TESTPACS');
      expect(archive === undefined ? [] : valuesOf(archive, 'dicom.role')).toEqual(['scp']);
      expect(archive === undefined ? [] : valuesOf(archive, 'dicom.implementation-version')).toEqual([
        'OFFIS_DCMTK_367',
      ]);
    });

    it('takes what receives the images that it had fetched for a workstation, not for an archive', () => {
      const receiver = at(14_243);
      expect(receiver?.facts.kind?.value).toBe('dicom-workstation');
      expect(receiver === undefined ? [] : valuesOf(receiver, 'dicom.received-objects')).toEqual(['fetched']);
      expect(receiver === undefined ? [] : valuesOf(receiver, 'dicom.ae-title')).toContain('MOVESCU');
    });

    it('tells the programs that listen apart by their ports', () => {
      expect(new Set([at(14_242)?.id, at(14_243)?.id, at(18_042)?.id]).size).toBe(3);
    });

    it('finds what opens the associations, with every title that it calls under and every modality that it sends', () => {
      const client = assets.find((asset) => valuesOf(asset, 'dicom.role').includes('scu'));
      if (client === undefined) throw new Error('The calling side is missing.');
      expect(valuesOf(client, 'dicom.ae-title')).toEqual(
        expect.arrayContaining(['ECHOSCU', 'STORESCU', 'FINDSCU', 'MOVESCU', 'GETSCU']),
      );
      expect(valuesOf(client, 'dicom.modality')).toEqual(
        expect.arrayContaining(['CT', 'MR', 'US', 'RTPLAN', 'RTDOSE', 'SEG', 'SR', 'ECG']),
      );
      // It queries and fetches: what it is called, and that it sends too, does not make it anything else.
      expect(client.facts.kind?.value).toBe('dicom-workstation');
      // It shows a dozen makers, so none of them is taken for its own, nor the department of one of them.
      for (const name of ['manufacturer', 'model', 'careArea'] as const) expect(client.facts[name]).toBeUndefined();
    });
  },
);

const mllpPath = sharedData('pcaps/hl7-mllp.pcap');

describe.skipIf(mllpPath === undefined)(
  'HL7 interfaces on one loopback address (skipped where shared/data/pcaps is absent)',
  () => {
    it('finds both ends as interface engines, with application, facility and role', async () => {
      const assets = (await inventoryOf(mllpPath ?? '')).list();
      const outline = assets.map((asset) => ({
        kind: asset.facts.kind?.value,
        applications: valuesOf(asset, 'hl7.application'),
        role: valuesOf(asset, 'hl7.role')[0],
      }));
      expect(outline).toEqual(
        expect.arrayContaining([
          { kind: 'interface-engine', applications: expect.arrayContaining(['DIETOOLS', 'IRIS']), role: 'sender' },
          { kind: 'interface-engine', applications: expect.arrayContaining(['JARA', 'AMB_R']), role: 'receiver' },
        ]),
      );
      expect(outline).toHaveLength(2);
    });
  },
);

describe.skipIf(mllpPath === undefined || loopbackPath === undefined)(
  'programs of two captures that share one loopback address (skipped where shared/data/pcaps is absent)',
  () => {
    it('stay apart by what they speak and where they listen, and know each other', async () => {
      const inventory = await inventoryOf(loopbackPath ?? '', 1000, await inventoryOf(mllpPath ?? ''));
      const assets = inventory.list();
      const kindsOf = (attribute: string, value: string | undefined) =>
        assets
          .filter((asset) => valuesOf(asset, attribute)[0] === value)
          .map(({ facts }) => facts.kind?.value)
          .sort();
      expect(kindsOf('hl7.role', 'sender')).toEqual(['interface-engine']);
      expect(kindsOf('hl7.role', 'receiver')).toEqual(['interface-engine']);
      expect(kindsOf('dicom.role', 'scu')).toEqual(['dicom-workstation']);
      expect(kindsOf('dicom.role', 'scp')).toEqual(['dicom-archive', 'dicom-workstation']);
      const receiver = assets.find((asset) => valuesOf(asset, 'hl7.role')[0] === 'receiver');
      expect(receiver?.peers.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
        'incoming interface-engine',
      ]);
    });
  },
);
