import { Anchor, Table } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useLessons } from './queries.ts';
import { percentWords } from './words.ts';

/** How the figures of playbooks changed by what happened here. */
export function LessonsView() {
  const { data, error, refetch } = useLessons();
  if (data === undefined) {
    return error === null ? <LoadingState what="what was learnt" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing was learnt yet"
        description="Figures of playbooks are judgements of their authors until somebody tells what came of a decision."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="What was learnt of playbooks" verticalSpacing="xs">
        <TableHead
          columns={[
            'Playbook',
            { title: 'Cases', isNumber: true },
            { title: 'Worked', isNumber: true },
            { title: 'In part', isNumber: true },
            { title: 'Failed', isNumber: true },
            'Harm averted, as judged',
            'As learnt',
          ]}
        />
        <Table.Tbody>
          {data.items.map(({ course, title, cases, worked, partly, failed, stated, learnt }) => (
            <Table.Tr key={course}>
              <Table.Td>
                <Anchor component={Link} to={`/playbooks/${encodeURIComponent(course)}`}>
                  {title}
                </Anchor>
              </Table.Td>
              <Table.Td ta="right">{cases}</Table.Td>
              <Table.Td ta="right">{worked}</Table.Td>
              <Table.Td ta="right">{partly}</Table.Td>
              <Table.Td ta="right">{failed}</Table.Td>
              <Table.Td>{percentWords(stated)}</Table.Td>
              <Table.Td>{percentWords(learnt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
