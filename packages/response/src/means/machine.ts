import { type ActuatorContext, ActuatorError } from '../contract/actuator.ts';
import { type ProgramRun, runProgram } from './run-program.ts';
import { runOverSsh, type SshTarget } from './ssh.ts';

/** A machine on which commands run: this one, or one that is reached by SSH. */
export interface Machine {
  run(words: readonly string[], signal: AbortSignal, options?: MachineRunOptions): Promise<ProgramRun>;
}

export interface MachineRunOptions {
  readonly input?: string;
  readonly limitMs?: number;
  readonly debianPackage?: string;
}

/** @param ssh where it is; without it, this machine */
export function machineOf(ssh: SshTarget | undefined, { secrets }: Pick<ActuatorContext, 'secrets'>): Machine {
  return {
    run: (words, signal, { debianPackage = 'coreutils', ...options } = {}) => {
      const [program = 'true', ...parameters] = words;
      return ssh === undefined
        ? runProgram(program, parameters, { ...options, signal, debianPackage })
        : runOverSsh(ssh, words, { ...options, secrets, signal });
    },
  };
}

/**
 * Runs a command that must succeed.
 *
 * @returns its standard output
 * @throws ActuatorError with its last words
 */
export async function runOrFail(
  machine: Machine,
  words: readonly string[],
  signal: AbortSignal,
  options: MachineRunOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await machine.run(words, signal, options);
  if (status === 0) return stdout;
  const said = stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1) || `status ${status ?? 'unknown'}`;
  throw new ActuatorError(`${words.find((word) => !word.includes('=')) ?? 'The command'} failed: ${said}`);
}
