import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconHeartbeat } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { incidentName, StatusBadge, VERDICT_TITLES } from '../incidents/incident-words.tsx';
import { actOnIncident, type IncidentDetail, useIncident, useIncidentChange } from '../incidents/queries.ts';
import { ChecklistView } from './checklist-view.tsx';
import { CoursesView } from './courses-view.tsx';
import { DraftsView } from './drafts-view.tsx';
import { EvidenceView } from './evidence-view.tsx';
import { GraphView } from './graph-view.tsx';
import { SignalView } from './signal-view.tsx';
import { SimilarView } from './similar-view.tsx';
import { StoryView } from './story-view.tsx';
import { TimelineView } from './timeline-view.tsx';
import { WorkPanel } from './work-panel.tsx';

const VIEWS = [
  { id: 'story', title: 'Story', view: StoryView },
  { id: 'courses', title: 'What to do', view: CoursesView },
  { id: 'alerts', title: 'Alerts', view: SignalView },
  { id: 'timeline', title: 'Time line', view: TimelineView },
  { id: 'graph', title: 'Graph', view: GraphView },
  { id: 'evidence', title: 'Evidence', view: EvidenceView },
  { id: 'authorities', title: 'Authorities', view: DraftsView },
  { id: 'checklist', title: 'Checklist', view: ChecklistView },
  { id: 'similar', title: 'Similar', view: SimilarView },
] as const;

/** What happened, what does it mean for patients, and what is done about it? */
export default function IncidentPage() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = useIncident(id);
  const mayWrite = useMay('incidents:write');
  if (isPending) return <LoadingState what="the incident" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack gap="md">
      <PageHeader
        title={`${incidentName(data)}: ${data.title}`}
        description={
          <Group gap={6} mt={4}>
            <SeverityBadge severity={data.severity} />
            {data.attention === 'incident' && <StatusBadge status={data.status} />}
            {data.isSample && <SampleBadge />}
            <Text size="sm" c="dimmed">
              {data.owner === null ? 'nobody has it' : `${data.owner} has it`}
            </Text>
          </Group>
        }
      />
      {data.clinicalImpact !== '' && (
        <Alert color="red" variant="outline" icon={<IconHeartbeat aria-hidden />} title="What it means for patients">
          {data.clinicalImpact}
        </Alert>
      )}
      {data.attention === 'incident' ? (
        <>
          <Closed incident={data} />
          {mayWrite && <WorkPanel key={data.status} incident={data} />}
        </>
      ) : (
        <NotAnIncident incident={data} mayWrite={mayWrite} />
      )}
      <ViewTabs views={VIEWS} label="Sides of the incident">
        {({ view: View }) => <View incident={data} />}
      </ViewTabs>
    </Stack>
  );
}

function Closed({ incident: { status, verdict, closingNote, mergedInto } }: { incident: IncidentDetail }) {
  if (status !== 'closed' || verdict === null) return null;
  return (
    <Alert color="green" variant="outline" title={VERDICT_TITLES[verdict]}>
      {closingNote}
      {mergedInto !== null && (
        <Anchor component={Link} to={`/incidents/${encodeURIComponent(mergedInto)}`} size="sm">
          The incident that has it
        </Anchor>
      )}
    </Alert>
  );
}

/** Why nobody was asked to look, and how to ask. */
function NotAnIncident({ incident, mayWrite }: { incident: IncidentDetail; mayWrite: boolean }) {
  const open = useIncidentChange(() => actOnIncident(incident.id, 'open'));
  const isHeldBack = incident.attention === 'held-back';
  return (
    <Alert
      color="gray"
      variant="outline"
      title={
        isHeldBack
          ? 'Held back: what was learnt from closings speaks against it'
          : 'Noted: too light to ask a person for'
      }
    >
      <Stack gap="xs" align="flex-start">
        <List size="sm">
          {incident.reasons.slice(0, 4).map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
        {mayWrite && (
          <Button variant="default" size="xs" loading={open.isPending} onClick={() => open.mutate(undefined)}>
            Make it an incident
          </Button>
        )}
        <ErrorText error={open.error} />
      </Stack>
    </Alert>
  );
}
