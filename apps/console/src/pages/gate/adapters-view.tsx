import {
  Alert,
  Button,
  Code,
  Group,
  Modal,
  Paper,
  PasswordInput,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { useServices } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { addClient, type RadiusClient, removeClient, renewSecret, useClients, useGateChange } from './queries.ts';

/** Through what do decisions reach the network, and who may ask? */
export function AdaptersView() {
  return (
    <Stack>
      <Adapters />
      <Clients />
    </Stack>
  );
}

function Adapters() {
  const settings = useServices().data?.items.find(({ id }) => id === 'access-gate')?.settings ?? {};
  const mayWrite = useMay('gate:write');
  const mayChange = useMay('settings:write');
  const [secret, setSecret] = useState<string | null>(null);
  const renew = useGateChange(renewSecret);
  const webhook = String(settings.webhookUrl ?? '');
  const set = String(settings.nftablesSet ?? '');
  const port = Number(settings.radiusPort ?? 0);
  return (
    <Paper component="section">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Adapters
        </Title>
        {mayChange && (
          <Button component={Link} to="/settings" size="compact-sm" variant="default">
            Settings
          </Button>
        )}
      </Group>
      <Table aria-label="Adapters">
        <TableHead columns={['Adapter', 'State', 'Action']} />
        <Table.Tbody>
          <Table.Tr>
            <Table.Td>RADIUS (802.1X, MAC authentication)</Table.Td>
            <Table.Td>
              {port === 0 ? 'off: no port is set' : `answers on ${String(settings.radiusHost)}, UDP ${port}`}
            </Table.Td>
            <Table.Td />
          </Table.Tr>
          <Table.Tr>
            <Table.Td>Webhook</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {webhook === '' ? 'off: no address is set' : webhook}
            </Table.Td>
            <Table.Td>
              {mayWrite && webhook !== '' && (
                <ConfirmButton
                  size="compact-sm"
                  variant="default"
                  question="Make another secret?"
                  consequence="Whoever checks signatures of the webhook needs the new one from now on. It is shown once."
                  confirmLabel="Make it"
                  onConfirm={async () => setSecret((await renew.mutateAsync(undefined)).secret)}
                >
                  Renew the secret
                </ConfirmButton>
              )}
            </Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Td>Firewall group (nftables)</Table.Td>
            <Table.Td>{set === '' ? 'off: no set is named' : set}</Table.Td>
            <Table.Td />
          </Table.Tr>
        </Table.Tbody>
      </Table>
      {secret !== null && (
        <Alert color="orange" variant="outline" title="Copy it now" mt="sm">
          <Text size="sm">This is the only time that it is shown.</Text>
          <Code block>{secret}</Code>
        </Alert>
      )}
    </Paper>
  );
}

function Clients() {
  const { data, error, isPending, refetch } = useClients();
  const mayWrite = useMay('gate:write');
  const [isAdding, setAdding] = useState(false);
  const add = mayWrite && (
    <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Let a switch ask
    </Button>
  );
  return (
    <Paper component="section">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Switches and access points that may ask
        </Title>
        {(data?.items.length ?? 0) > 0 && add}
      </Group>
      {isPending && <LoadingState what="the switches" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data?.items.length === 0 && (
        <EmptyState
          title="No switch may ask yet"
          description="Name its address and a shared secret here, and set the port for RADIUS in the settings of the service."
          action={add}
        />
      )}
      {data !== undefined && data.items.length > 0 && (
        <Table aria-label="Switches and access points">
          <TableHead columns={['Name', 'Address', 'Action']} />
          <Table.Tbody>
            {data.items.map((client) => (
              <ClientRow key={client.id} client={client} mayWrite={mayWrite} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {isAdding && <AddClient onClose={() => setAdding(false)} />}
    </Paper>
  );
}

function ClientRow({ client, mayWrite }: { client: RadiusClient; mayWrite: boolean }) {
  const remove = useGateChange(removeClient);
  return (
    <Table.Tr>
      <Table.Td>{client.name}</Table.Td>
      <Table.Td>{client.address}</Table.Td>
      <Table.Td>
        {mayWrite && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            question={`Answer ${client.name} no longer?`}
            consequence="Devices that sign in there are treated as the switch does without an answer."
            confirmLabel="Remove"
            onConfirm={() => remove.mutateAsync(client.id)}
          >
            Remove
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function AddClient({ onClose }: { onClose: () => void }) {
  const [fields, setFields] = useState({ name: '', address: '', secret: '' });
  const add = useGateChange(addClient);
  const set = (part: Partial<typeof fields>) => setFields((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(fields, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Let a switch ask" centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            data-autofocus
            value={fields.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label="IP address from which it asks"
            required
            value={fields.address}
            onChange={(event) => set({ address: event.currentTarget.value })}
          />
          <PasswordInput
            label="Shared secret"
            description="At least 16 characters, the same as on the switch"
            required
            minLength={16}
            autoComplete="off"
            value={fields.secret}
            onChange={(event) => set({ secret: event.currentTarget.value })}
          />
          <ErrorText error={add.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Let it ask
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
