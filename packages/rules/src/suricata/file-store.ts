import type { Direction } from './inspector.ts';
import { RuleError } from './rule-error.ts';

/** Which files a rule asks to keep (`filestore`). */
export interface FileStore {
  /** Way of the files; that of what matched where it is absent. */
  readonly direction: Direction | 'both' | undefined;
  /** The file at hand, else the next one; those of the transaction, or all that follow on the flow. */
  readonly scope: 'file' | 'transaction' | 'flow';
}

const DIRECTIONS: Readonly<Record<string, FileStore['direction']>> = {
  request: 'to-server',
  to_server: 'to-server',
  response: 'to-client',
  to_client: 'to-client',
  both: 'both',
};
const SCOPES: Readonly<Record<string, FileStore['scope']>> = {
  file: 'file',
  tx: 'transaction',
  ssn: 'flow',
  flow: 'flow',
};

/**
 * @param value of `filestore`: nothing, or `<direction>,<scope>` as Suricata documents it
 * @throws RuleError when one of them is unknown
 */
export function parseFileStore(value: string | undefined): FileStore {
  const [direction, scope = 'file', ...more] = (value ?? '').split(',').map((part) => part.trim());
  if (direction === undefined || direction === '') return { direction: undefined, scope: 'file' };
  if (!Object.hasOwn(DIRECTIONS, direction)) throw new RuleError(`filestore: the direction '${direction}' is unknown`);
  const known = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined;
  if (known === undefined || more.length > 0) throw new RuleError(`filestore: the scope '${scope}' is unknown`);
  return { direction: DIRECTIONS[direction], scope: known };
}
