import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of the console's components: Vite turns their JSX into what Node.js reads. */
const CONSOLE = ['apps/console/**/*.test.{ts,tsx}'];
/** Tests of pure functions: they leave nothing behind, so one process reads the modules once for all of them. */
const PURE = ['packages/{learning,logs,patient-data,risk,rules,schema,vulnerabilities,wire}/**/*.test.ts'];

/** Node.js reads the modules itself, as it does in the running program: faster than through Vite. */
const native = { viteModuleRunner: false, nodeLoader: false };

// As the program itself does (`apps/sphinx/bin/sphinx.js`): what was compiled once is read by every process and thread after it.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/sphinx', import.meta.url));

export default defineConfig({
  test: {
    // Forks: native add-ons and PGlite do not share a process with others' tests.
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'coverage/test-results.json' }]] : ['default'],
    projects: [
      { extends: true, test: { name: 'console', include: CONSOLE } },
      { extends: true, test: { name: 'pure', include: PURE, isolate: false, experimental: native } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['{apps,packages,services,tests,bench,scripts}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...CONSOLE, ...PURE],
          experimental: native,
        },
      },
    ],
  },
});
