import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERRORS, ROLE_PERMISSIONS } from '@sphinx/platform';
import { FACTS, TELEMETRY } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createCommandLine, everyCommand, nameOf } from '../apps/sphinx/src/commands/index.ts';
import { SERVICES } from '../apps/sphinx/src/services.ts';
import { EXIT } from '../apps/sphinx/src/terminal/output.ts';
import { generatedDocuments } from '../scripts/write-documents.ts';
import { enableEveryService, openWholeProgram } from './whole-program.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const readRaw = (path: string) => readFile(join(ROOT, path), 'utf8');
/** Text of a document; tables without the blanks that line their columns up. */
const read = async (path: string) => (await readRaw(path)).replace(/ {2,}/g, ' ');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...(await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

describe('the documents', () => {
  it('say what the code says where they are made from it: `npm run documents` writes them anew', async () => {
    for (const [path, text] of generatedDocuments()) expect(await readRaw(path), path).toBe(text);
  });

  it('explain every error code with its HTTP status, and none that does not exist', async () => {
    const rows = [...(await read('docs/errors.md')).matchAll(/^\| `(SPX_\w+)` \| (\d+) \| (.+) \| (.+) \|$/gm)];
    const documented = Object.fromEntries(rows.map(([, code = '', status]) => [code, Number(status)]));
    expect(documented).toEqual(Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status])));
  });

  it('show every command of the command line', async () => {
    const text = await read('docs/command-line.md');
    for (const command of everyCommand(createCommandLine())) expect(text).toContain(nameOf(command));
  });

  it('list every exit code', async () => {
    const rows = [...(await read('docs/command-line.md')).matchAll(/^\| (\d) \| /gm)].map(([, code]) => Number(code));
    expect(rows).toEqual(Object.values(EXIT));
  });

  it('name every fact, telemetry table and service in the architecture', async () => {
    const text = await read('docs/architecture.md');
    for (const name of [...Object.keys(FACTS), ...Object.keys(TELEMETRY)]) expect(text).toContain(`\`${name}\``);
    for (const { manifest } of SERVICES) expect(text).toContain(`| ${manifest.id} `);
  });

  it('tell of every setting of a service in its README', async () => {
    for (const { manifest } of SERVICES) {
      const text = await read(`services/${manifest.id}/README.md`);
      for (const name of Object.keys(manifest.settings.shape)) expect(text, manifest.id).toContain(`\`${name}\``);
    }
  });

  it('give each verification policy with how long its certificates hold', async () => {
    const text = await read('docs/verification.md');
    const folder = 'knowledge/verification-policies';
    const files = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const { id, certificate } = parse(await readRaw(`${folder}/${file}`));
      expect(text).toMatch(new RegExp(`^\\| \`${id}\` \\|.*\\| ${certificate.validDays} days \\|$`, 'm'));
    }
  });

  it('name every group of checks', async () => {
    const text = await read('docs/verification.md');
    const files = (await readdir(join(ROOT, 'knowledge/checks'))).filter((name) => name.endsWith('.yaml'));
    const groups = new Set(
      await Promise.all(files.map(async (file) => parse(await readRaw(`knowledge/checks/${file}`)).group)),
    );
    for (const group of groups) expect(text).toContain(`| \`${group}\` |`);
  });

  it('list every route of the running program with its permission, and every role', async () => {
    const text = await read('docs/api.md');
    const program = await openWholeProgram();
    // Off by default, and documented nevertheless.
    await enableEveryService(program);
    try {
      const rows = text.split('\n').filter((line) => line.startsWith('| `'));
      for (const { method, path, permission } of program.api.routes) {
        const row = rows.find((line) => line.includes(`\`${method} ${path}\``));
        expect(row, `${method} ${path}`).toBeDefined();
        const word = permission === 'authenticated' ? 'signed in' : permission;
        expect(row, `${method} ${path}`).toContain(word);
      }
      const routes = new Set(program.api.routes.map(({ method, path }) => `${method} ${path}`));
      const documented = [...text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`]*)`/g)].map(
        ([, route = '']) => route,
      );
      for (const route of documented) expect([...routes], route).toContain(route);
    } finally {
      await program.close();
    }
    for (const role of Object.keys(ROLE_PERMISSIONS)) expect(text).toContain(`| \`${role}\` |`);
  }, 180_000);

  it.each(DOCUMENTS)('have no link to a file that is not there: %s', async (document) => {
    const links = [...(await read(document)).matchAll(/(?<!!\[[^\]]*)\]\((?!https?:)([^)#]+)/g)].map(
      ([, target = '']) => target,
    );
    for (const target of links) {
      expect(existsSync(join(ROOT, dirname(document), target)), target).toBe(true);
    }
  });
});
