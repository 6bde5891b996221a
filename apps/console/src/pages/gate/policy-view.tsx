import { List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useServices } from '../../api/services.ts';
import { TableHead } from '../../components/table-head.tsx';
import { networkText, VERDICT_TITLES } from './gate-words.tsx';
import type { GateState, Network } from './queries.ts';

const CLASSES: Readonly<Record<string, string>> = {
  'life-sustaining': 'devices that keep a patient alive',
  therapy: 'devices that treat',
  diagnosis: 'devices that examine',
  'care-support': 'systems that support care',
  none: 'everything else',
};
const SETTINGS: Readonly<Record<Network, string | undefined>> = {
  own: undefined,
  restricted: 'restrictedNetwork',
  quarantine: 'quarantineNetwork',
  onboarding: 'onboardingNetwork',
};

/** What does each verdict mean at the door, and who is never locked out? */
export function PolicyView({ gate: { policy } }: { gate: GateState }) {
  const settings = useServices().data?.items.find(({ id }) => id === 'access-gate')?.settings ?? {};
  const vlanOf = (network: Network) => {
    const name = SETTINGS[network];
    if (name === undefined) return 'its own';
    const value = String(settings[name] ?? '');
    if (value !== '') return `VLAN ${value}`;
    return network === 'quarantine' ? 'none is named: it is refused' : 'none is named: the switch decides';
  };
  return (
    <Stack>
      <Paper component="section">
        <Title order={2} size="h4" mb="xs">
          {policy.title}
        </Title>
        <Text size="sm" mb="sm">
          {policy.rationale}
        </Text>
        <Table aria-label="What follows from each verdict">
          <TableHead columns={['Verdict', 'It is', 'Network']} />
          <Table.Tbody>
            {Object.entries(policy.verdicts).map(([verdict, { network }]) => (
              <Table.Tr key={verdict}>
                <Table.Td>{VERDICT_TITLES[verdict] ?? verdict}</Table.Td>
                <Table.Td>{networkText(network)}</Table.Td>
                <Table.Td>{vlanOf(network)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      <Paper component="section">
        <Title order={2} size="h4" mb="xs">
          Who fails open
        </Title>
        <Text size="sm" mb="xs">
          These stay where they are whatever their verdict, also while the gate enforces. Staff are told instead.
        </Text>
        <List size="sm">
          {policy.failOpen.map((each) => (
            <List.Item key={each}>{CLASSES[each] ?? each}</List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed" mt="xs">
          The rules are knowledge/access-gate/access.yaml; a hospital that decides otherwise writes its own there.
        </Text>
      </Paper>
    </Stack>
  );
}
