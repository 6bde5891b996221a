import { Button, Group, NumberInput, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { areaWords, bedsWords } from './care-words.tsx';
import { type CareArea, type MadeEdit, useCareAreas, useEditCareMap, useEdits, useUndoEdit } from './queries.ts';

const MOST_BEDS = 10_000;

/** How many beds has each care area, and what did people say about the map? */
export function ChangesView() {
  return (
    <Stack gap="xl">
      <Beds />
      <Changes />
    </Stack>
  );
}

function Beds() {
  const { data, error, refetch } = useCareAreas();
  const mayWrite = useMay('risk:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the care areas" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Beds
      </Title>
      <Text size="sm" mb="xs">
        Where nobody stated the beds, the devices are counted of which one stands at each bed.
      </Text>
      <Table aria-label="Care areas and their beds" w="auto" verticalSpacing={4}>
        <TableHead columns={['Care area', { title: 'Beds', isNumber: true }, ...(mayWrite ? ['State'] : [])]} />
        <Table.Tbody>
          {data.items.map((each) => (
            <AreaRow key={`${each.area}|${each.beds}|${each.origin}`} each={each} mayWrite={mayWrite} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function AreaRow({ each, mayWrite }: { each: CareArea; mayWrite: boolean }) {
  const { area, beds, origin } = each;
  const edit = useEditCareMap();
  const [typed, setTyped] = useState<number | string>(beds ?? '');
  const isNumber = typeof typed === 'number';
  return (
    <Table.Tr>
      <Table.Td>{areaWords(area)}</Table.Td>
      <Table.Td ta="right">{bedsWords(beds, origin)}</Table.Td>
      {mayWrite && (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <NumberInput
              aria-label={`Beds of ${areaWords(area)}`}
              size="xs"
              w={90}
              min={0}
              max={MOST_BEDS}
              allowDecimal={false}
              value={typed}
              onChange={setTyped}
            />
            <Button
              size="xs"
              variant="default"
              disabled={!isNumber || (origin === 'stated' && typed === beds)}
              loading={edit.isPending}
              onClick={() => isNumber && edit.mutate({ edit: { kind: 'beds', area, beds: typed }, note: '' })}
              aria-label={`State the beds of ${areaWords(area)}`}
            >
              State
            </Button>
          </Group>
          <ErrorText error={edit.error} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Changes() {
  const list = useEdits();
  const items = list.data?.pages.flatMap((page) => page.items);
  if (items === undefined) {
    return list.error === null ? (
      <LoadingState what="the changes" />
    ) : (
      <ErrorState error={list.error} onRetry={list.refetch} />
    );
  }
  if (items.length === 0) {
    return (
      <EmptyState
        title="Nobody has changed the care map"
        description="Open a service or a server to state or deny what it needs. Every change can be taken back."
      />
    );
  }
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Changes
      </Title>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Changes of the care map, newest first" verticalSpacing={4}>
          <TableHead columns={['When', 'Who', 'What', 'Undo']} />
          <Table.Tbody>
            {items.map((each) => (
              <EditRow key={each.id} made={each} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.hasNextPage && (
        <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Older changes
        </Button>
      )}
    </section>
  );
}

function EditRow({ made }: { made: MadeEdit }) {
  const undo = useUndoEdit();
  const mayWrite = useMay('risk:write');
  return (
    <Table.Tr>
      <Table.Td>
        <TimeText time={made.time} />
      </Table.Td>
      <Table.Td>{made.by}</Table.Td>
      <Table.Td>
        <Text size="sm" td={made.undoneAt === null ? 'none' : 'line-through'}>
          {made.text}
        </Text>
        {made.note !== '' && (
          <Text size="xs" c="dimmed">
            {made.note}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {made.undoneAt !== null && <Text size="sm">Taken back by {made.undoneBy}</Text>}
        {made.undoneAt === null && mayWrite && (
          <Button
            size="xs"
            variant="default"
            loading={undo.isPending}
            onClick={() => undo.mutate(made.id)}
            aria-label={`Undo: ${made.text}`}
          >
            Undo
          </Button>
        )}
        <ErrorText error={undo.error} />
      </Table.Td>
    </Table.Tr>
  );
}
