import { Button, Card, Code, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { request } from '../../api/request.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { TimeText } from '../../components/time-text.tsx';

interface RemoteSensor {
  readonly id: string;
  readonly name: string;
  readonly isConnected: boolean;
  readonly lastSeenAt: number | null;
  readonly status: { readonly version: string; readonly waitingBatches: number; readonly waitingBytes: number } | null;
}

interface Enrolment {
  readonly token: string;
  readonly port: number;
}

/** Sensors at branches: who they are, how they are, and how another one gets in. */
export function RemoteSensors({ mayWrite }: { mayWrite: boolean }) {
  const { data: sensors = [], error } = useQuery({
    queryKey: ['sensors'],
    queryFn: ({ signal }) => request<{ items: readonly RemoteSensor[] }>('GET', '/sensors', { signal }),
    select: ({ items }) => items,
  });
  const [isEnrolling, setEnrolling] = useState(false);
  if (!mayWrite && sensors.length === 0) return null;
  return (
    <Card withBorder component="section" padding="md">
      <Group justify="space-between" gap="md">
        <div style={{ flex: '1 1 320px' }}>
          <Title order={2} size="h4">
            Remote sensors
          </Title>
          <Text size="sm" mt={4}>
            A sensor at a branch captures there and sends what it saw here, encrypted. Through an outage it keeps
            everything on its disk.
          </Text>
        </div>
        {mayWrite && (
          <Button variant="light" onClick={() => setEnrolling(true)}>
            Let a sensor in
          </Button>
        )}
      </Group>
      <ErrorText error={error} />
      {sensors.length > 0 && <SensorTable sensors={sensors} mayWrite={mayWrite} />}
      {isEnrolling && <EnrolDialog onClose={() => setEnrolling(false)} />}
    </Card>
  );
}

function SensorTable({ sensors, mayWrite }: { sensors: readonly RemoteSensor[]; mayWrite: boolean }) {
  const client = useQueryClient();
  const remove = async (id: string) => {
    await request<void>('DELETE', `/sensors/${encodeURIComponent(id)}`);
    await client.invalidateQueries({ queryKey: ['sensors'] });
  };
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Remote sensors">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Sensor</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Waiting on its disk</Table.Th>
            <Table.Th>Last seen</Table.Th>
            {mayWrite && <Table.Th>Actions</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sensors.map(({ id, name, isConnected, lastSeenAt, status }) => (
            <Table.Tr key={id}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{isConnected ? 'Connected' : 'Away'}</Table.Td>
              <Table.Td>
                {status === null
                  ? 'not told yet'
                  : `${formatCount(status.waitingBatches)} batches, ${formatBytes(status.waitingBytes)}`}
              </Table.Td>
              <Table.Td>{lastSeenAt === null ? 'never' : <TimeText time={lastSeenAt} />}</Table.Td>
              {mayWrite && (
                <Table.Td>
                  <ConfirmButton
                    size="compact-sm"
                    variant="default"
                    question={`Take ${name} out?`}
                    consequence="Its certificate is good for nothing from then on. What it has sent stays."
                    confirmLabel="Take it out"
                    onConfirm={() => remove(id)}
                  >
                    Take out
                  </ConfirmButton>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function EnrolDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const enrol = useMutation({
    mutationFn: () => request<Enrolment>('POST', '/sensors/enrolments', { body: { name: name.trim() } }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enrol.mutate();
  };
  const { data } = enrol;
  return (
    <Modal opened onClose={onClose} title="Let a sensor in" size="lg">
      {data === undefined ? (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name of the sensor"
              description="For example the branch where it stands"
              value={name}
              maxLength={100}
              required
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <ErrorText error={enrol.error} />
            <Group justify="end">
              <Button type="submit" loading={enrol.isPending} disabled={name.trim() === ''}>
                Make a token
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack>
          <Text size="sm">
            Run this at the branch within the hour. The token works once and is not shown again. TCP port {data.port} of
            this machine must be reachable from there.
          </Text>
          <Code block>
            {`sphinx sensor --to ${window.location.hostname}:${data.port} --token ${data.token} --interface eth1`}
          </Code>
        </Stack>
      )}
    </Modal>
  );
}
