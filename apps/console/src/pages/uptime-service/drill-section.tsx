import { Badge, Button, Checkbox, Group, NumberInput, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import {
  type Drill,
  type MonitoredService,
  recordDrill,
  removeDrill,
  useDrills,
  useUptimeChange,
} from '../uptime/queries.ts';

const KINDS: Readonly<Record<Drill['kind'], string>> = { drill: 'Drill', real: 'Real outage' };
const NO_MINUTES = '';

/** Recoveries that were tried or had to be done, beside what was promised. */
export function DrillSection({ service }: { service: MonitoredService }) {
  const { data } = useDrills(service.id);
  const mayChange = useMay('uptime:write');
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        Recovery drills
      </Title>
      {data !== undefined && data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No recovery was tried. A recovery time that was never tried is a hope.
        </Text>
      )}
      {data !== undefined && data.items.length > 0 && (
        <Table.ScrollContainer minWidth={720}>
          <Table aria-label="Recoveries, latest first" verticalSpacing={6}>
            <TableHead
              columns={[
                'When',
                'Kind',
                { title: 'Back after', isNumber: true },
                { title: 'Data lost', isNumber: true },
                'Note',
                ...(mayChange ? ['Action'] : []),
              ]}
            />
            <Table.Tbody>
              {data.items.map((drill) => (
                <DrillRow key={drill.id} drill={drill} mayChange={mayChange} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {mayChange && <RecordDrill id={service.id} />}
    </section>
  );
}

function DrillRow({ drill, mayChange }: { drill: Drill; mayChange: boolean }) {
  const { kind, at, recoveryMinutes, dataLossMinutes, isComplete, note, by, meetsRecoveryTime, meetsRecoveryPoint } =
    drill;
  const remove = useUptimeChange(removeDrill);
  return (
    <Table.Tr>
      <Table.Td>{formatTime(at)}</Table.Td>
      <Table.Td>
        {KINDS[kind]}
        {!isComplete && (
          <Text size="xs" fw={600}>
            not everything came back
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {recoveryMinutes} min <Met isMet={meetsRecoveryTime} />
      </Table.Td>
      <Table.Td ta="right">
        {dataLossMinutes === null ? 'not said' : `${dataLossMinutes} min`} <Met isMet={meetsRecoveryPoint} />
      </Table.Td>
      <Table.Td maw={320}>
        {note}
        <Text size="xs" c="dimmed">
          {by}
        </Text>
      </Table.Td>
      {mayChange && (
        <Table.Td>
          <ConfirmButton
            size="compact-sm"
            variant="default"
            question="Remove this recovery?"
            consequence="Remove only what was recorded wrongly. The audit trail keeps that it was there."
            confirmLabel="Remove"
            onConfirm={() => remove.mutateAsync(drill)}
          >
            Remove
          </ConfirmButton>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Met({ isMet }: { isMet: boolean | null }) {
  if (isMet === null) return null;
  return (
    <Badge color={isMet ? 'green.9' : 'red.9'} tt="none" miw="max-content">
      {isMet ? 'within objective' : 'missed'}
    </Badge>
  );
}

function RecordDrill({ id }: { id: string }) {
  const record = useUptimeChange(recordDrill);
  const [kind, setKind] = useState<string | null>('drill');
  const [recovery, setRecovery] = useState<number | string>(NO_MINUTES);
  const [loss, setLoss] = useState<number | string>(NO_MINUTES);
  const [isComplete, setComplete] = useState(true);
  const [note, setNote] = useState('');
  const minutes = Number(recovery);
  const save = () =>
    record.mutate(
      {
        id,
        kind: kind ?? 'drill',
        at: Date.now() - minutes * 60_000,
        recoveryMinutes: minutes,
        dataLossMinutes: loss === NO_MINUTES ? null : Number(loss),
        isComplete,
        note,
      },
      { onSuccess: () => setRecovery(NO_MINUTES) },
    );
  return (
    <>
      <Group align="end" mt="xs">
        <Select
          label="Recovery that just ended"
          allowDeselect={false}
          data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
          value={kind}
          onChange={setKind}
        />
        <NumberInput label="Back after minutes" min={0} max={43_200} w={170} value={recovery} onChange={setRecovery} />
        <NumberInput label="Data lost, minutes" min={0} max={43_200} w={170} value={loss} onChange={setLoss} />
        <TextInput
          label="What was done"
          maxLength={1000}
          w={240}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <Checkbox
          label="Everything came back"
          checked={isComplete}
          onChange={({ currentTarget }) => setComplete(currentTarget.checked)}
        />
        <Button variant="default" disabled={recovery === NO_MINUTES} loading={record.isPending} onClick={save}>
          Record
        </Button>
      </Group>
      <ErrorText error={record.error} />
    </>
  );
}
