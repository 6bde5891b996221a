import { Badge, Button, Group, NumberInput, Select, Stack, Table, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatDuration } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import {
  addMaintenance,
  cancelMaintenance,
  type Maintenance,
  restoreMaintenance,
  useMaintenance,
  useServices,
  useUptimeChange,
} from './queries.ts';

const MS_PER_MINUTE = 60_000;
const USUAL_MINUTES = 60;

/** Times in which services may be down: stated, ended, put back. */
export function MaintenanceView() {
  const { data, error, refetch } = useMaintenance();
  const mayChange = useMay('uptime:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the maintenance" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="lg">
      {mayChange && <AddWindow />}
      {data.items.length === 0 ? (
        <EmptyState
          title="No maintenance is planned"
          description="Within a window a service may be down: its error budget does not count it, and the status page says why."
        />
      ) : (
        <Table.ScrollContainer minWidth={720}>
          <Table aria-label="Maintenance windows, latest first" verticalSpacing={6}>
            <TableHead columns={['Service', 'From', 'For', 'Note', 'By', 'State', ...(mayChange ? ['Action'] : [])]} />
            <Table.Tbody>
              {data.items.map((window) => (
                <WindowRow key={window.id} window={window} mayChange={mayChange} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

/** @returns the time of this place as an input of the browser writes it */
function localTime(time: number): string {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * MS_PER_MINUTE).toISOString().slice(0, 16);
}

function AddWindow() {
  const services = useServices().data?.items ?? [];
  const add = useUptimeChange(addMaintenance);
  const [service, setService] = useState<string | null>(null);
  const [from, setFrom] = useState(() => localTime(Date.now()));
  const [minutes, setMinutes] = useState<number | string>(USUAL_MINUTES);
  const [note, setNote] = useState('');
  const begin = Date.parse(from);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Plan maintenance
      </Title>
      <Group align="end">
        <Select
          label="Service"
          placeholder="Every service"
          clearable
          data={services.map(({ id, name }) => ({ value: id, label: name }))}
          value={service}
          onChange={setService}
        />
        <TextInput
          label="From"
          type="datetime-local"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <NumberInput label="Minutes" w={110} min={1} max={43_200} value={minutes} onChange={setMinutes} />
        <TextInput
          label="Note"
          placeholder="new disks"
          maxLength={300}
          w={240}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <Button
          loading={add.isPending}
          disabled={Number.isNaN(begin)}
          onClick={() => add.mutate({ service, from: begin, until: begin + Number(minutes) * MS_PER_MINUTE, note })}
        >
          Plan
        </Button>
      </Group>
      <ErrorText error={add.error} />
    </section>
  );
}

function WindowRow({ window, mayChange }: { window: Maintenance; mayChange: boolean }) {
  const { id, serviceId, from, until, note, by, cancelledAt } = window;
  const name = useServices().data?.items.find((service) => service.id === serviceId)?.name ?? 'removed';
  const cancel = useUptimeChange(cancelMaintenance);
  const restore = useUptimeChange(restoreMaintenance);
  const state = stateOf(window, Date.now());
  const isCancelled = cancelledAt !== null;
  const action = isCancelled ? restore : cancel;
  return (
    <Table.Tr>
      <Table.Td>{serviceId === null ? 'Every service' : name}</Table.Td>
      <Table.Td>{formatTime(from)}</Table.Td>
      <Table.Td>{formatDuration(until - from)}</Table.Td>
      <Table.Td maw={280}>{note}</Table.Td>
      <Table.Td>{by}</Table.Td>
      <Table.Td>
        <Badge color={state === 'open' ? 'cyan.9' : 'gray.7'} tt="none" miw="max-content">
          {state}
        </Badge>
      </Table.Td>
      {mayChange && (
        <Table.Td>
          {(isCancelled || state !== 'over') && (
            <Button size="compact-sm" variant="default" loading={action.isPending} onClick={() => action.mutate(id)}>
              {isCancelled ? 'Put back' : state === 'open' ? 'End now' : 'Cancel'}
            </Button>
          )}
          <ErrorText error={action.error} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function stateOf({ from, until, cancelledAt }: Maintenance, now: number): string {
  if (cancelledAt !== null) return cancelledAt > from ? 'ended early' : 'cancelled';
  if (now < from) return 'planned';
  return now < until ? 'open' : 'over';
}
