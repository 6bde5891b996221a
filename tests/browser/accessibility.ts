import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Rules whose answer depends on the colour scheme; structure and names are the same in the dark. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong (WCAG 2.2 A and AA, best practices), one line each.
 * Runs inside the page, which has no frames: driving it from outside costs ten times as much.
 *
 * @param only `colour` after nothing but the colour scheme has changed
 */
export async function accessibilityViolations(page: Page, only: 'everything' | 'colour' = 'everything') {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(AXE);
  return page.evaluate(
    async (rules) => {
      // Style sheets are read again at every run only for a rule that is off.
      const options = {
        resultTypes: ['violations' as const],
        preload: false,
        ...(rules.length === 0 ? {} : { runOnly: rules }),
      };
      const { violations = [] } = (await window.axe?.run(document, options)) ?? {};
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
      );
    },
    only === 'colour' ? COLOUR_RULES : [],
  );
}
