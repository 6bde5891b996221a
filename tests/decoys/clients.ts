import { spawn } from 'node:child_process';

/** What a program said and how it ended. */
export interface Said {
  readonly status: number;
  readonly output: string;
}

/** Runs a real client against a decoy. @param input what it is typed; left open for a while where it is a person's */
export async function run(command: string, parameters: readonly string[], input?: string): Promise<Said> {
  const program = spawn(command, parameters, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString('latin1');
    });
  }
  program.stdin?.end(input);
  const timer = setTimeout(() => program.kill('SIGKILL'), 25_000);
  const status = await new Promise<number>((done, fail) => {
    program.on('error', fail);
    program.on('close', (code) => done(code ?? -1));
  });
  clearTimeout(timer);
  return { status, output };
}
