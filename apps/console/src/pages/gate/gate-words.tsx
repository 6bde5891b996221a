import { Badge } from '@mantine/core';
import type { Access, GateDecision, Network } from './queries.ts';

const NETWORKS: Readonly<Record<Network, string>> = {
  own: 'let in as usual',
  restricted: 'let in with limits',
  quarantine: 'into quarantine',
  onboarding: 'into the network for new devices',
};

export const VERDICT_TITLES: Readonly<Record<string, string>> = {
  trusted: 'Trusted',
  conditional: 'Conditional',
  rejected: 'Rejected',
  'insufficient-evidence': 'Too little seen',
  unknown: 'Nobody knows it',
};

/** @returns what is done at the door, in words */
export function accessText({ answer, network, vlan }: Access): string {
  if (answer === 'reject') return 'refused';
  return vlan === '' ? NETWORKS[network] : `${NETWORKS[network]} (VLAN ${vlan})`;
}

/** Whether what the verdict asks for was done. */
export function DoneBadge({ decision: { asked, done, faults } }: { decision: GateDecision }) {
  if (faults.length > 0) return <Mark color="red.9">could not be carried out</Mark>;
  const isSame = asked.answer === done.answer && asked.network === done.network && asked.vlan === done.vlan;
  if (!isSame) return <Mark color="yellow.4">only noted</Mark>;
  return done.network === 'own' ? <Mark color="green.9">as usual</Mark> : <Mark color="blue.9">carried out</Mark>;
}

function Mark({ color, children }: { color: string; children: string }) {
  return (
    <Badge color={color} tt="none" flex="none" miw="max-content">
      {children}
    </Badge>
  );
}

/** @returns the network that a verdict leads into, in words */
export function networkText(network: Network): string {
  return NETWORKS[network];
}
