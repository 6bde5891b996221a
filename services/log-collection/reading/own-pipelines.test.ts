import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSigma, loadPipelines } from '@sphinx/rules';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipelineFolders } from './own-pipelines.ts';

const BROUGHT = fileURLToPath(new URL('../../../knowledge/sigma-pipelines', import.meta.url));
const RULE = `
title: Log-on of an administrator from elsewhere
id: 4c1a4f0e-5c0b-4f4f-9d4a-1f0d6e2a7b11
status: test
logsource: { product: windows, service: security }
detection:
  selection: { EventID: 4624, 'TargetUserName|expand': '%our_administrators%' }
  condition: selection
level: medium
`;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-pipelines-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function compiled(folders: readonly string[]) {
  const pipelines = (await Promise.all(folders.map((each) => loadPipelines(each)))).flat();
  return compileSigma([{ name: 'own.yml', content: RULE }], pipelines).report;
}

describe('Pipelines of the hospital', () => {
  it('give placeholders their values in the running service', async () => {
    const own = join(folder, 'own');
    await mkdir(own);
    await writeFile(join(own, 'people.yaml'), 'title: Ours\nplaceholders: { our_administrators: [ada, bob] }\n');
    const { folders, problem } = await pipelineFolders(BROUGHT, own);
    expect(problem).toBe('');
    expect((await compiled(folders)).loaded).toHaveLength(1);
    expect((await compiled([BROUGHT])).loaded).toHaveLength(0);
  });

  it('are left out where they do not fit, and it is told why', async () => {
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'people.yaml'), 'placeholders: 7\n');
    expect(await pipelineFolders(BROUGHT, broken)).toEqual({
      folders: [BROUGHT],
      problem: expect.stringContaining('people.yaml'),
    });
    const { folders, problem } = await pipelineFolders(BROUGHT, join(folder, 'nowhere'));
    expect(folders).toEqual([BROUGHT]);
    expect(problem).toContain('nowhere');
  });
});
