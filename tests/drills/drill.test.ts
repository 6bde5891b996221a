import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { WITHOUT_NAMESPACES } from '../probing/cable.ts';
import type { Result } from './hold.ts';

// One drill of `npm run drill`, whole: the hospital stands, is attacked, SPHINX finds it, and everything is as before.

const COMMAND = fileURLToPath(new URL('run.ts', import.meta.url));

const drill = (...parameters: readonly string[]) =>
  spawnSync(process.execPath, [COMMAND, ...parameters], { encoding: 'utf8', maxBuffer: 16_000_000 });

describe('npm run drill', () => {
  it('says what it does, and which drills there are', () => {
    expect(drill('--help').stdout).toContain('--only');
    expect(drill('--list').stdout).toMatch(/^ransomware +Ransomware encrypts/);
    const unknown = drill('--only', 'earthquake');
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toMatch(/^There is no drill "earthquake"\. There are: ransomware, /);
  });

  it.skipIf(WITHOUT_NAMESPACES !== '')(
    `raises a hospital, has a pump tampered with, and SPHINX finds it while care goes on ${WITHOUT_NAMESPACES}`,
    () => {
      const { stdout, stderr, status } = drill('--only', 'tampering', '--with', '--warm-up', '4', '--json');
      expect(status, stderr).toBe(0);
      const { results } = JSON.parse(stdout) as { results: readonly Result[] };
      const [result] = results;
      expect(result).toMatchObject({
        drill: 'tampering',
        detectedMs: expect.any(Number),
        decidedMs: expect.any(Number),
        containedMs: expect.any(Number),
        recoveredMs: expect.any(Number),
        isEvidenceComplete: true,
        cut: [],
        lost: [],
      });
      expect(result?.steps.through).toBeGreaterThan(0);
      // The pump was really told, and care noticed; nothing else of care did.
      const failed = result?.care.filter((each) => each.failed > 0).map(({ service }) => service);
      expect(failed).toEqual(['pumps in order']);
    },
    180_000,
  );
});
