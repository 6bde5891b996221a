// Starts SPHINX as the README says, on a fresh data folder, and waits until it is ready. Prints the time.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_MS = 60_000;
const data = mkdtempSync(join(tmpdir(), 'sphinx-start-'));
const startedAt = performance.now();
const child = spawn('npm', ['start', '--silent', '--', '--port', '0', '--json', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
let output = '';
child.stdout.on('data', (chunk) => {
  output += chunk;
  if (output.includes('}')) void checkConsole(JSON.parse(output).url);
});
const limit = setTimeout(() => finish(`SPHINX was not up after ${LIMIT_MS / 1000} s.`, 1), LIMIT_MS);
child.on('exit', (code) => finish(`SPHINX ended with code ${code}.`, 1));

async function checkConsole(url) {
  const status = await statusOf(url);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  finish(`The console answered ${status} ${seconds} s after "npm start" on a new data folder.`, status === 200 ? 0 : 1);
}

function statusOf(url) {
  return new Promise((resolve, reject) => {
    // A check of the start and nothing else: the certificate was made seconds ago and nobody can know it.
    request(url, { rejectUnauthorized: false }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

function finish(message, code) {
  clearTimeout(limit);
  console.log(message);
  child.removeAllListeners('exit');
  child.on('exit', () => {
    rmSync(data, { recursive: true, force: true });
    process.exit(code);
  });
  if (child.exitCode !== null) process.exit(code);
  process.kill(-child.pid, 'SIGTERM');
}
