import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CareAreaState } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { loadDowntimeInstructions } from '../knowledge/downtime-instructions.ts';
import type { ContactView, DowntimeView } from '../routes/downtime-routes.ts';
import { House } from '../test-house.ts';
import { wardPage } from './html.ts';
import { wardSheets } from './sheet.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const INSTRUCTIONS = await loadDowntimeInstructions(KNOWLEDGE);

const ICU: CareAreaState = {
  area: 'ICU 2',
  beds: 12,
  services: [
    {
      id: 'infusion',
      title: 'Infusion therapy',
      description: '',
      safety: 'life-sustaining',
      devices: [{ assetId: 'pump', name: 'Pump <7>' }],
      needs: [{ assetId: 'gateway', name: 'pump-server', effect: 'slows', because: 'values are written by hand' }],
    },
  ],
  isSample: false,
};

describe('Downtime pages', () => {
  it('tell each ward what to do, what it depends on and whom to call, and fetch nothing', () => {
    const contact = {
      id: 'c',
      area: '',
      role: 'IT on call',
      name: 'Ben',
      phone: '4711',
      note: '',
      changedBy: '',
      changedAt: 0,
    };
    const other = { ...contact, area: 'ICU 1', role: 'Ward 1 lead' };
    const [sheet] = wardSheets([ICU], [contact, other], INSTRUCTIONS);
    const page = wardPage(sheet as NonNullable<typeof sheet>, 0);
    expect(page).toContain('Without pump-server it is slower: values are written by hand.');
    expect(page).toContain('Pumps go on by themselves');
    expect(page).toContain('4711');
    expect(page).not.toContain('Ward 1 lead');
    // Names come from the network.
    expect(page).toContain('Pump &lt;7&gt;');
    expect(page).not.toMatch(/src=|https?:\/\//);
  });

  it('has a file of its own for each ward, whatever they are called', () => {
    const areas = ['ICU 2', 'icu-2', '../../etc', '', 'Stroke unit É'].map((area) => ({ ...ICU, area }));
    const slugs = wardSheets(areas, [], INSTRUCTIONS).map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(5);
    for (const slug of slugs) expect(slug).toMatch(/^ward-[\w-]+$/);
  });

  it('are written to a folder that is whole and fresh, and losses of care are told by the guard', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-downtime-'));
    const house = await House.open({ settings: { downtimeFolder: folder } });
    try {
      await house.publish('care.changed', 'ICU 2', ICU);
      await house.ask<ContactView>('addDowntimeContact', { body: { role: 'IT on call', phone: '4711' } });
      const view = await house.ask<DowntimeView>('exportDowntime');
      expect(view).toMatchObject({
        folder,
        wards: [{ title: 'ICU 2', beds: 12, contacts: 1 }],
        last: { wards: 1, problem: null },
      });
      expect((await readdir(folder)).sort()).toEqual(['downtime.pdf', 'index.html', 'ward-icu-2.html']);
      expect((await readFile(join(folder, 'downtime.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
      await house.publish('care.changed', 'ICU 2', { ...ICU, services: [] });
      await house.ask('exportDowntime');
      expect((await readdir(folder)).sort()).toEqual(['downtime.pdf', 'index.html']);
    } finally {
      await house.close();
    }
  });
});
