import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { IconHeartbeat } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { useAdvice } from '../decisions/queries.ts';
import { CourseList } from './course-list.tsx';

/** What can be done about this, and what would each choice cost? */
export default function DecisionPage() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = useAdvice(id);
  if (isPending) return <LoadingState what="the courses of action" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const to =
    data.kind === 'incident'
      ? `/incidents/${encodeURIComponent(data.id)}`
      : `/weaknesses/${encodeURIComponent(data.id)}`;
  return (
    <Stack gap="md">
      <PageHeader
        title={`What to do: ${data.name}`}
        description={
          <>
            <Anchor component={Link} to={to}>
              {data.title}
            </Anchor>
            <Group gap={6} mt={4}>
              <SeverityBadge severity={data.severity} />
              {data.isSample && <SampleBadge />}
              <Text size="sm">{formatQuantity(data.assetCount, 'device')}</Text>
            </Group>
          </>
        }
      />
      {data.clinicalImpact !== '' && (
        <Alert color="red" variant="outline" icon={<IconHeartbeat aria-hidden />} title="What it means for patients">
          {data.clinicalImpact}
        </Alert>
      )}
      <CourseList advice={data} />
    </Stack>
  );
}
