import { Box, Group, SimpleGrid } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { StatTile } from '../../components/stat-tile.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { HeldBackView, NotedView, OpenView } from './incident-list.tsx';
import { LessonView } from './lesson-view.tsx';
import { useIncidentSummary } from './queries.ts';
import { SampleHospital } from './sample-hospital.tsx';

const VIEWS = [
  { id: 'open', title: 'To work on', view: OpenView },
  { id: 'held-back', title: 'Held back', view: HeldBackView },
  { id: 'noted', title: 'Noted', view: NotedView },
  { id: 'learnt', title: 'What was learnt', view: LessonView },
] as const;

/** What happened that somebody must look at? */
export default function IncidentsPage() {
  const mayWrite = useMay('incidents:write');
  return (
    <>
      <PageHeader
        title="Incidents"
        description="Detections and alerts that belong together, as one thing to work on. What repeats collapses; what weighs too little to ask a person for is noted and can be read."
      />
      <SummaryTiles />
      <ViewTabs views={VIEWS} label="Which incidents" keeps="none">
        {({ view: View }) => <View />}
      </ViewTabs>
      <Box mt="xl">
        <SampleHospital mayWrite={mayWrite} />
      </Box>
    </>
  );
}

function SummaryTiles() {
  const summary = useIncidentSummary().data;
  if (summary === undefined) return <Group mb="md" />;
  const { open, unassigned, bySeverity, heldBack, noted, signalsLastWeek, openedLastWeek } = summary;
  const grave = (bySeverity.critical ?? 0) + (bySeverity.high ?? 0);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} mb="md">
      <StatTile
        title="Open"
        value={formatCount(open)}
        comparison={unassigned === 0 ? 'somebody has each of them' : `nobody has ${formatCount(unassigned)} of them`}
      />
      <StatTile
        title="Critical or high"
        value={formatCount(grave)}
        comparison={`${formatCount(bySeverity.critical ?? 0)} of them critical`}
      />
      <StatTile
        title="To look at, per day"
        value={openedLastWeek === 0 ? '0' : (openedLastWeek / 7).toFixed(1)}
        comparison={`${formatQuantity(openedLastWeek, 'incident')} of ${formatQuantity(signalsLastWeek, 'alert')} in seven days`}
      />
      <StatTile
        title="Held back"
        value={formatCount(heldBack)}
        comparison={`because of what was learnt; ${formatCount(noted)} more noted`}
        to="/incidents?view=held-back"
      />
    </SimpleGrid>
  );
}
