import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;

const { console, page } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

describe('the care map, in a real browser', () => {
  it('says what to do as long as nothing was seen, and shows services as they are found', async () => {
    await follow(page, '/care-map');
    await page.getByRole('heading', { name: 'No clinical service is known yet' }).waitFor();
    await follow(page, '/sources');
    await page
      .getByRole('button', { name: /sample/i })
      .first()
      .click();
    await follow(page, '/care-map');
    await page.getByRole('row', { name: /Medical imaging.*Radiology/ }).waitFor();
    await page.getByRole('row', { name: /Patient monitoring.*Keeps patients alive/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('care-map-services');
  });

  it('walks from a service to what it needs with the keyboard, and denies a dependency, which can be undone', async () => {
    await page
      .getByRole('row', { name: /Medical imaging.*Radiology/ })
      .getByRole('link')
      .click();
    const drawer = page.getByRole('dialog', { name: 'Who needs whom' });
    await drawer.getByRole('table', { name: 'What it needs' }).waitFor();
    await drawer.getByRole('button', { name: 'pacs.hospital.example', exact: true }).focus();
    await page.keyboard.press('Enter');
    await drawer.getByRole('heading', { name: 'pacs.hospital.example', exact: true }).waitFor();
    await drawer.getByText('SAMPLE_CT1 stores images at pacs.hospital.example').first().waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('care-map-node');
    await drawer.getByRole('button', { name: 'Not so: SAMPLE_CT1 stores images at pacs.hospital.example' }).click();
    await drawer.getByText('SAMPLE_CT1 stores images at pacs.hospital.example').waitFor({ state: 'detached' });
    await follow(page, '/care-map?view=changes');
    await page.getByRole('button', { name: 'Undo: SAMPLE_CT1 does not need pacs.hospital.example' }).click();
    await page.getByText(/Taken back by/).waitFor();
    await page.getByRole('textbox', { name: 'Beds of Radiology' }).fill('24');
    await page.getByRole('button', { name: 'State the beds of Radiology' }).click();
    await page.getByRole('cell', { name: 'Radiology has 24 beds', exact: true }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('care-map-changes');
  });

  it('tells what stops when the archive is gone, for how many beds, and through what', async () => {
    await follow(page, '/care-map?view=outage');
    await page.getByRole('combobox', { name: 'What is gone?' }).fill('pacs');
    await page.getByRole('option', { name: 'pacs.hospital.example' }).click();
    await page.keyboard.press('Escape');
    await page
      .getByRole('status')
      .getByText(/Medical imaging, Radiology is degraded for 24 beds/)
      .waitFor();
    await page.getByRole('row', { name: /Medical imaging, Radiology.*works with pacs\.hospital/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('care-map-outage');
    await follow(page, '/care-map?view=critical');
    await page
      .getByRole('row', { name: /Network 10\.20\./ })
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('care-map-critical');
  });
});

describe('risk, in a real browser', () => {
  it('tells clinical services by risk, a device with its reasons, threats with their sources', async () => {
    await follow(page, '/risk');
    await page
      .getByRole('status')
      .getByText(/clinical service most at risk is/)
      .waitFor();
    await page.getByRole('row', { name: /Infusion therapy.*Keeps patients alive/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('risk-services');
    await follow(page, '/risk?view=assets');
    await page.getByRole('link', { name: 'infusion-pump-icu-3' }).click();
    const drawer = page.getByRole('dialog', { name: 'Risk of a device' });
    await drawer.getByText(/Without it Infusion therapy is stopped/).waitFor();
    await drawer
      .getByText(/It meets a hospital about every/)
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('risk-device');
    await follow(page, '/risk?view=threats');
    await page.getByRole('row', { name: /Ransomware.*34 % of organisations/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('risk-threats');
  });

  it('takes what the hospital does against it, and shows that at once', async () => {
    await follow(page, '/risk?view=controls');
    const control = page.getByRole('radiogroup', { name: 'Networks parted by need' });
    await control.getByText('Yes').click();
    await page.getByText(/Stated by/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('risk-controls');
    await follow(page, '/risk?view=model');
    await page.getByText(/noisy-OR nodes with a leak/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('keeps a register: takes a proposal, adds a risk with money, accepts it, takes that back, and prints one page', async () => {
    await follow(page, '/risk?view=register');
    await page.getByRole('heading', { name: 'The register is empty' }).waitFor();
    await page.getByRole('combobox', { name: 'Safety of patients' }).click();
    await page.getByRole('option', { name: 'Very low' }).click();
    await page.getByRole('button', { name: 'State it' }).click();
    const proposals = page.getByRole('table', { name: 'Proposals of the model' });
    await proposals.getByRole('textbox').first().fill('Biomedical engineering');
    await proposals.getByRole('button', { name: 'Take', exact: true }).first().click();
    await page.getByRole('row', { name: /R-1.*Biomedical engineering.*above the appetite/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('risk-register');
    await page.getByRole('button', { name: 'Add a risk' }).click();
    const drawer = page.getByRole('dialog', { name: 'Risk in the register' });
    await drawer.getByRole('textbox', { name: 'Risk', exact: true }).fill('The only supplier of contrast agent fails');
    await drawer.getByRole('textbox', { name: 'Owner' }).fill('Pharmacy');
    await drawer.getByRole('textbox', { name: 'Likelihood within 30 days, per cent' }).fill('5');
    await drawer.getByRole('textbox', { name: 'Harm, 0 to 100' }).fill('60');
    await drawer.getByRole('button', { name: 'Add it' }).click();
    await drawer.getByText(/No money is told without figures/).waitFor();
    await drawer.getByRole('button', { name: 'Give figures' }).click();
    const figures = {
      'Losses in a year': [0.1, 0.3, 1],
      'Cost of one loss to the hospital itself': [5000, 20_000, 90_000],
    };
    for (const [title, values] of Object.entries(figures)) {
      for (const [place, name] of ['least', 'likeliest', 'greatest'].entries()) {
        await drawer.getByRole('textbox', { name: `${title}: ${name}` }).fill(String(values[place]));
      }
    }
    await drawer.getByRole('button', { name: 'Reckon' }).click();
    await drawer.getByText(/of 100 years cost anything/).waitFor();
    await drawer
      .getByLabel('Until, within a year')
      .fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
    await drawer.getByRole('textbox', { name: 'Why it is carried' }).fill('A second one is asked');
    await drawer.getByRole('button', { name: 'Accept', exact: true }).click();
    await drawer
      .getByText(/^Accepted by/)
      .first()
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('risk-register-entry');
    await drawer.getByRole('button', { name: 'Take the last change back' }).click();
    await drawer.getByText(/Taken back: Accepted until/).waitFor();
    await page.keyboard.press('Escape');
    await page.goto(new URL('/api/v1/risk/report?format=html', page.url()).href);
    await page.getByRole('heading', { name: 'Risk of cyber attacks: report for the board' }).waitFor();
    await page.getByText(/One risk has figures of money/).waitFor();
    await picture('risk-report');
    await page.goto(new URL('/risk?view=outlook', page.url()).href);
    await page.getByText(/^(Nothing is kept yet|Too little history)$/).waitFor();
  });

  it('walks the way of an attacker step by step, and asks what would be left', async () => {
    await follow(page, '/attack-paths');
    const way = page.getByRole('region', { name: 'Way to infusion-pump-icu-3' });
    await way.getByText(/comes in by a mail or a page that somebody opens on NURSE-WS-7/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('attack-paths');
    await page.getByRole('tab', { name: 'Choke points' }).click();
    await page.getByRole('link', { name: 'What if? NURSE-WS-7 were patched' }).click();
    await page
      .getByRole('status')
      .getByText(/within reach/)
      .waitFor();
    await page.getByRole('row', { name: /Devices that keep patients alive/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('attack-paths-what-if');
    expect(console.faults).toEqual([]);
  });
});
