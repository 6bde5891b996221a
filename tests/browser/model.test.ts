import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { portSweepCapture } from '../port-sweep.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
// Off until somebody chooses it; the program that starts takes it from here.
process.env.SPHINX_SERVICES_INTRUSION_DETECTION_MODEL = 'flows';

const { page, folder } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

describe('what a model has found, in a real browser', () => {
  it('opens with probability and reasons, and people say whether it was an attack', async () => {
    const capture = join(folder, 'sweep.pcap');
    await writeFile(capture, portSweepCapture(300, Math.floor(Date.now() / 1000) - 3600));
    await follow(page, '/sources');
    await page.getByLabel('Capture files').setInputFiles(capture);
    await page.getByRole('row', { name: 'sweep.pcap' }).getByText('Finished').waitFor();
    await follow(page, '/detections?rule=9100:1');
    await page
      .getByText(/Model flows, 9\d(\.\d)? %, .*, usually/)
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /Looks like an attack/ })
      .first()
      .click();
    const drawer = page.getByRole('dialog', { name: 'Detection of a model' });
    await drawer.getByText(/9\d(\.\d)? % that this is an attack/).waitFor();
    expect(
      await drawer
        .getByRole('row', { name: /Reasons/ })
        .getByRole('listitem')
        .count(),
    ).toBeGreaterThan(0);
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('model-detection');
    await drawer.getByRole('textbox', { name: 'Why' }).fill('our own scanner');
    await drawer.getByRole('button', { name: 'This was an attack' }).click();
    await drawer.getByText(/said that it was an attack: our own scanner/).waitFor();
    await drawer.getByRole('button', { name: 'Take it back' }).click();
    await drawer.getByRole('button', { name: 'This was harmless' }).click();
    await drawer.getByText(/said that it was harmless/).waitFor();
    await picture('model-feedback');
  });

  it('is counted where the model is retrained, which waits for more', async () => {
    await follow(page, '/rules?view=model');
    await page.getByText('flows, version 1').waitFor();
    await page.getByText(/1 detection judged: 0 as an attack, 1 as harmless.*Retraining needs 10: 9 more\./).waitFor();
    expect(await page.getByRole('button', { name: 'Retrain' }).isDisabled()).toBe(true);
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('model-retraining');
  });
});
