import { Badge, Button, Group, List, Stack, Switch, Table, Text } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { AddDecoy } from './add-decoy.tsx';
import { adaptDecoy, type Decoy, removeDecoy, switchDecoy, useDecoyChange, useDecoys } from './queries.ts';

/** What a decoy was made after: more would hide the list. */
const SHOWN_REASONS = 3;
const STATES: Readonly<Record<Decoy['state'], { readonly title: string; readonly color: string }>> = {
  listening: { title: 'Listening', color: 'green.9' },
  partly: { title: 'Partly', color: 'yellow.4' },
  failed: { title: 'Not listening', color: 'red.9' },
  off: { title: 'Off', color: 'gray.7' },
};

/** The decoys, and a place to set one up. */
export function DecoysView() {
  const { data, error, refetch } = useDecoys();
  const mayChange = useMay('decoys:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the decoys" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="lg">
      {mayChange && <AddDecoy />}
      {data.items.length === 0 ? (
        <EmptyState
          title="No decoy stands in the network"
          description="Set one up on an address that nobody uses. Somebody who looks around will find it before anything real."
        />
      ) : (
        <Table.ScrollContainer minWidth={860}>
          <Table aria-label="Decoys" verticalSpacing={6}>
            <TableHead
              columns={[
                'Decoy',
                'State',
                'Addresses',
                'Services',
                { title: 'Sessions', isNumber: true },
                'Last',
                ...(mayChange ? ['Action'] : []),
              ]}
            />
            <Table.Tbody>
              {data.items.map((decoy) => (
                <DecoyRow key={decoy.id} decoy={decoy} mayChange={mayChange} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function DecoyRow({ decoy, mayChange }: { decoy: Decoy; mayChange: boolean }) {
  const { id, name, title, state, isOn, addresses, listeners, identity, sessions, lastSession } = decoy;
  const turn = useDecoyChange(switchDecoy);
  const adapt = useDecoyChange(adaptDecoy);
  const remove = useDecoyChange(removeDecoy);
  const services = [
    ...new Set(listeners.filter(({ fault }) => fault === '').map((each) => `${each.protocol} ${each.port}`)),
  ];
  const faults = [...new Set(listeners.filter(({ fault }) => fault !== '').map(({ fault }) => fault))];
  return (
    <Table.Tr>
      <Table.Td miw={200}>
        {name}
        <Text size="xs" c="dimmed">
          {title}
        </Text>
        <List size="xs" c="dimmed">
          {identity.reasons.slice(0, SHOWN_REASONS).map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      </Table.Td>
      <Table.Td>
        <Badge color={STATES[state].color} tt="none" miw="max-content">
          {STATES[state].title}
        </Badge>
      </Table.Td>
      <Table.Td>{addresses.join(', ')}</Table.Td>
      <Table.Td maw={340}>
        {services.join(', ')}
        {faults.length > 0 && (
          <List size="xs">
            {faults.slice(0, 3).map((fault) => (
              <List.Item key={fault}>{fault}</List.Item>
            ))}
          </List>
        )}
      </Table.Td>
      <Table.Td ta="right">{formatCount(sessions)}</Table.Td>
      <Table.Td>{lastSession === null ? 'nobody yet' : <TimeText time={lastSession} />}</Table.Td>
      {mayChange && (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Switch
              aria-label={`${name} is on`}
              checked={isOn}
              disabled={turn.isPending}
              onChange={({ currentTarget }) => turn.mutate({ id, isOn: currentTarget.checked })}
            />
            <Button
              size="compact-sm"
              variant="default"
              title="Offer and announce what machines of this kind do here now"
              loading={adapt.isPending}
              onClick={() => adapt.mutate(id)}
            >
              Adapt
            </Button>
            <ConfirmButton
              size="compact-sm"
              variant="default"
              question={`Remove ${name}?`}
              consequence="It listens no more, and its keys go. What was done in it stays."
              confirmLabel="Remove"
              onConfirm={() => remove.mutateAsync(id)}
            >
              Remove
            </ConfirmButton>
          </Group>
          <ErrorText error={turn.error ?? adapt.error} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}
