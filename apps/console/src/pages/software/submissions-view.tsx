import { Button, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import type { SubmissionState } from '../vendor/queries.ts';
import { contentText, modelText, SubmissionBadge } from '../vendor/submission-words.tsx';
import { type Submission, useSubmissions } from './queries.ts';
import { SubmissionDrawer } from './submission-drawer.tsx';

const STATES = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'all', label: 'All' },
];

/** What do vendors tell us, and do we let it count? */
export function SubmissionsView() {
  const [state, setState] = useState('waiting');
  const [parameters] = useSearchParams();
  const change = useParameterChange();
  const { data, error, isPending, refetch } = useSubmissions(state === 'all' ? null : (state as SubmissionState));
  return (
    <Stack>
      <SegmentedControl
        aria-label="Which documents"
        data={STATES}
        value={state}
        onChange={setState}
        style={{ alignSelf: 'start' }}
      />
      {isPending && <LoadingState what="the documents" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data?.items.length === 0 && (
        <EmptyState
          title={state === 'waiting' ? 'No document waits for a decision' : 'No such document'}
          description="Vendors send bills of materials, statements on weaknesses (VEX) and MDS2 forms with an account of their own, which an administrator makes under Users and tokens. Nothing that they say counts before somebody here has accepted it."
        />
      )}
      {data !== undefined && data.items.length > 0 && (
        <Table.ScrollContainer minWidth={760}>
          <Table aria-label="Documents of vendors, newest first" highlightOnHover>
            <TableHead columns={['Document', 'Model', 'Sent', 'State', 'Action']} />
            <Table.Tbody>
              {data.items.map((item) => (
                <SubmissionRow key={item.id} item={item} onOpen={() => change('document', item.id)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <SubmissionDrawer id={parameters.get('document')} onClose={() => change('document', null)} />
    </Stack>
  );
}

function SubmissionRow({ item, onOpen }: { item: Submission; onOpen: () => void }) {
  return (
    <Table.Tr>
      <Table.Td maw={360} style={{ overflowWrap: 'anywhere' }}>
        {item.fileName}
        <Text size="xs" c="dimmed">
          {contentText(item)}
        </Text>
      </Table.Td>
      <Table.Td>{modelText(item)}</Table.Td>
      <Table.Td>
        <TimeText time={item.receivedAt} />
        <Text size="xs" c="dimmed">
          {item.by}
        </Text>
      </Table.Td>
      <Table.Td>
        <SubmissionBadge state={item.state} />
      </Table.Td>
      <Table.Td>
        <Button size="compact-sm" variant="default" onClick={onOpen} aria-label={`Details of ${item.fileName}`}>
          Details
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
