import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBoundaryViolations } from './check-boundaries.ts';

describe('the borders between packages, services and apps', () => {
  let root: string;
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'boundaries-'));
    for (const folder of [
      'packages/schema',
      'packages/platform',
      'services/one',
      'services/two',
      'apps/sphinx',
      'apps/console',
    ]) {
      write(
        `${folder}/package.json`,
        JSON.stringify({
          name: `@sphinx/${folder.replace(/^(packages|apps)\//, '').replace('services/', 'service-')}`,
        }),
      );
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['a service that imports a service by name', 'services/one/a.ts', "import { x } from '@sphinx/service-two';"],
    ['a service that imports a service by path', 'services/one/deep/a.ts', "import type { X } from '../../two/b.ts';"],
    ['a package that imports a service', 'packages/platform/a.ts', "export * from '@sphinx/service-one';"],
    ['a dynamic import across the border', 'services/one/a.ts', "const two = await import('../two/b.ts');"],
    ['an import over several lines', 'services/one/a.ts', "import {\n  x,\n  y,\n} from '@sphinx/service-two';"],
    ['a console that runs code of the back end', 'apps/console/a.ts', "import { Asset } from '@sphinx/schema';"],
    ['a schema that knows the platform', 'packages/schema/a.ts', "import '@sphinx/platform';"],
  ])('show %s', (_what, path, source) => {
    write(path, source);
    expect(findBoundaryViolations(root)).toHaveLength(1);
  });

  it('let the program know services, services know packages, and the console know types', () => {
    write('apps/sphinx/a.ts', "import { service } from '@sphinx/service-one';");
    write(
      'services/one/a.ts',
      "import { x } from '@sphinx/platform';\nimport { y } from './b.ts';\nimport z from 'zod';",
    );
    write('apps/console/a.ts', "import type { Asset } from '@sphinx/schema';");
    expect(findBoundaryViolations(root)).toEqual([]);
  });
});
