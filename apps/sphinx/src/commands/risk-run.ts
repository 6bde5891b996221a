import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.ts';
import { withRunningClient } from './command-client.ts';

const SERVICES_NEEDED = ['risk-assessment'];

/** Does something with a running SPHINX that has risk assessment on. */
export function runRisk(self: Command, work: (client: ApiClient, isJson: boolean) => Promise<void>): Promise<void> {
  return withRunningClient(self, (client, { json = false }) => work(client, json), SERVICES_NEEDED);
}
