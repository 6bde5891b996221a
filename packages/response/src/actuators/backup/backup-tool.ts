import type { Machine } from '../../means/machine.ts';

/** A copy in a backup. */
export interface Snapshot {
  readonly id: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  readonly tags: readonly string[];
}

/** A backup program, as far as an actuator needs it. */
export interface BackupTool {
  /** Copies, oldest first. @throws ActuatorError when the repository can't be opened */
  list(machine: Machine, signal: AbortSignal): Promise<readonly Snapshot[]>;
  /** Makes a copy that can be known by its tag. */
  create(machine: Machine, tag: string, paths: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Writes a path of a copy below a folder that is empty, with its whole path. The program checks what it wrote.
   *
   * @throws ActuatorError where the copy lacks the path, or what was written differs
   */
  extract(machine: Machine, snapshot: string, path: string, folder: string, signal: AbortSignal): Promise<void>;
}

/** Copies of a large share take their time. */
export const BACKUP_LIMIT_MS = 4 * 60 * 60 * 1000;

/** Words that run a program with its secrets in the environment, where only the account itself and root see them. */
export function withEnvironment(
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
): readonly string[] {
  return ['env', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`), ...words];
}
