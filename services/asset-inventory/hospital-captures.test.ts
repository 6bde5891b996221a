import { readFileSync } from 'node:fs';
import type { Asset } from '@sphinx/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sharedData } from '../../tests/shared-data.ts';
import type { Inventory } from './inventory.ts';
import { factsOfCapture, knowledge, newInventory } from './test-inventory.ts';

/** What `hospital-lab.labels.json` says about each host. */
const Labels = z.object({
  hosts: z.array(
    z.object({
      host: z.string(),
      kind: z.string(),
      ip: z.string().optional(),
      mac: z.string().optional(),
      hostname: z.string().optional(),
      aeTitle: z.string().optional(),
      hl7: z.string().optional(),
      manufacturer: z.string().optional(),
      model: z.string().optional(),
      serial: z.string().optional(),
      software: z.string().optional(),
      port: z.int().optional(),
    }),
  ),
});

/** Labels in the words of people whose title in asset-kinds is another. */
const KIND_OF_LABEL: Readonly<Record<string, string>> = {
  'FHIR server and patient portal': 'fhir-server',
};

/** Nothing that this host sends says it, so nobody can know: saying it would be a guess. */
const NOT_ON_THE_WIRE = new Set(['cam.model']);

async function inventoryOf(path: string, packetsPerBatch?: number): Promise<Inventory> {
  const inventory = newInventory();
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
    const { hosts } =
      labelPath === undefined ? { hosts: [] } : Labels.parse(JSON.parse(readFileSync(labelPath, 'utf8')));
    let assets: readonly Asset[] = [];
    const assetOf = ({ ip, mac, hostname }: (typeof hosts)[number]): Asset => {
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
      const kind =
        KIND_OF_LABEL[host.kind] ?? [...knowledge.kinds.values()].find(({ title }) => title === host.kind)?.id;
      expect(kind).toBeDefined();
      expect(facts.kind?.value).toBe(kind);
      expect(facts.kind?.evidence).not.toHaveLength(0);
    });

    it.each(hosts)('knows maker, model, serial number and software of $host as far as it shows them', (host) => {
      const { facts } = assetOf(host);
      for (const name of ['manufacturer', 'model', 'serial', 'software'] as const) {
        const isUnknowable = host[name] === undefined || NOT_ON_THE_WIRE.has(`${host.host}.${name}`);
        if (!isUnknowable) expect({ [name]: facts[name]?.value }).toEqual({ [name]: host[name] });
      }
    });

    it('does not guess the model of a camera that does not say it', () => {
      const camera = assets.find(({ ips }) => ips.includes('10.20.30.55'));
      expect(camera?.facts.manufacturer?.value).toBe('Axis');
      expect(camera?.facts.model).toBeUndefined();
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
      // It shows a dozen makers, so none of them is taken for its own.
      expect(client.facts.manufacturer).toBeUndefined();
      expect(client.facts.model).toBeUndefined();
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
