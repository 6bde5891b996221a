import type { ActuatorCommand, Preparation } from '@sphinx/response';
import type { Action } from './run.ts';

/** @returns the command as its actuator gets it */
export function actuatorCommand({ id, command, addresses, macAddresses, keptFlows }: Action): ActuatorCommand {
  return { id, command, addresses, macAddresses, keptFlows };
}

/** @returns what was kept before the action was applied. @throws Error when there is none */
export function preparationOf({ id, preparation }: Action): Preparation {
  if (preparation === null) throw new Error(`action ${id} was never prepared`);
  return preparation as Preparation;
}

export function messageOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'The other end did not answer in time.';
  return error instanceof Error ? error.message : String(error);
}
