#!/usr/bin/env node
// Runs on any Node from 20: starts the program on the Node that the project pins (package "node").
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 24;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// Compiled code is kept beside the packages, where only who may change the program may write: the folder for temporary
// files, Node's default, belongs to everybody.
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/sphinx', import.meta.url));
const [major] = process.versions.node.split('.');

if (Number(major) >= REQUIRED_MAJOR) {
  // Threads look for the cache by the environment.
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else {
  const pinned = findPinnedNode(dirname(main));
  if (pinned === undefined) {
    console.error(
      `SPHINX needs Node ${REQUIRED_MAJOR} and this is ${process.version}. Run "npm ci" in the project folder.`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** @param {string} folder */
function findPinnedNode(folder) {
  for (let current = folder; ; current = dirname(current)) {
    const candidate = join(current, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(candidate)) return candidate;
    if (current === dirname(current)) return undefined;
  }
}
