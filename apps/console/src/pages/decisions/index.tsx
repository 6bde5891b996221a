import { Anchor, Badge, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { ChosenView } from './chosen-view.tsx';
import { LessonsView } from './lessons-view.tsx';
import { type DecisionSubject, useSubjects } from './queries.ts';
import { WeightsView } from './weights-view.tsx';

const VIEWS = [
  { id: 'open', title: 'To decide' },
  { id: 'chosen', title: 'Chosen' },
  { id: 'lessons', title: 'What was learnt' },
  { id: 'weights', title: 'Weights' },
] as const;

/** What should we do now, and what would each choice cost? */
export default function DecisionsPage() {
  return (
    <>
      <PageHeader
        title="Decisions"
        description="Courses of action for each open incident and each major weakness, ranked by what they avert and what they cost care. Doing nothing is always among them. SPHINX carries nothing out here: people choose."
      />
      <ViewTabs views={VIEWS} label="Sides of decisions">
        {({ id }) => {
          if (id === 'chosen') return <ChosenView />;
          if (id === 'lessons') return <LessonsView />;
          return id === 'weights' ? <WeightsView /> : <OpenView />;
        }}
      </ViewTabs>
    </>
  );
}

function OpenView() {
  const { data, error, refetch } = useSubjects();
  if (data === undefined) {
    return error === null ? <LoadingState what="what is to decide" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing asks for a decision"
        description="No incident is open, and no weakness is exploited, critical or to be acted on at once."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="To decide, incidents first" verticalSpacing="xs">
        <TableHead columns={['What', 'Severity', 'Comes first', { title: 'Points', isNumber: true }, 'Chosen']} />
        <Table.Tbody>
          {data.items.map((subject) => (
            <SubjectRow key={subject.id} subject={subject} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function SubjectRow({ subject }: { subject: DecisionSubject }) {
  const { id, name, title, severity, isSample, first, courseCount, decision } = subject;
  return (
    <Table.Tr>
      <Table.Td maw={360}>
        <Anchor component={Link} to={`/decisions/${encodeURIComponent(id)}`} fw={500}>
          {name}: {title}
        </Anchor>
        {isSample && <SampleBadge />}
      </Table.Td>
      <Table.Td>
        <SeverityBadge severity={severity} />
      </Table.Td>
      <Table.Td maw={320}>
        {first.title}
        <Text size="xs" c="dimmed">
          of {courseCount} courses
        </Text>
      </Table.Td>
      <Table.Td ta="right">{first.points}</Table.Td>
      <Table.Td maw={240}>
        {decision === null ? (
          <Badge color="gray.7" tt="none" size="sm">
            open
          </Badge>
        ) : (
          `${decision.courseTitle}, ${decision.by}`
        )}
      </Table.Td>
    </Table.Tr>
  );
}
