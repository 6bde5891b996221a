import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completeLock, missingBinaries } from './complete-lock-file.ts';

describe('the lock file', () => {
  it('names the binaries of every platform, so that npm ci installs on each', () => {
    const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
    expect(missingBinaries(lock).map(({ name }) => name)).toEqual([]);
  });

  it('is completed with what a partial registry left out, platform and C library by name', () => {
    const lock = {
      packages: {
        '': {},
        'node_modules/@a/tool': {
          version: '1.0.0',
          license: 'MIT',
          optionalDependencies: { '@a/cli-linux-x64-musl': '1.0.0', '@a/cli-darwin-arm64': '1.0.0' },
        },
      },
    };
    const { packages } = completeLock(lock);
    expect(packages['node_modules/@a/cli-linux-x64-musl']).toMatchObject({
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    });
    expect(packages['node_modules/@a/cli-darwin-arm64']).toEqual({
      version: '1.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      license: 'MIT',
      optional: true,
    });
    expect(missingBinaries({ packages })).toEqual([]);
  });
});
