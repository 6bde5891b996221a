import { Button, Paper, Stack } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { useParameterChange, ViewTabs } from '../../components/view-tabs.tsx';
import { ClinicalView } from './clinical-view.tsx';
import { changeFilter, type ExplorerFilter, readFilter } from './explorer-filter.ts';
import { FilterSentence } from './filter-sentence.tsx';
import { FlowDrawer } from './flow-drawer.tsx';
import { FlowsView } from './flows-view.tsx';
import { ProtocolsView } from './protocols-view.tsx';
import { TalkersView } from './talkers-view.tsx';
import { TimelineSection } from './timeline-section.tsx';
import { ZonesView } from './zones-view.tsx';

const VIEWS = [
  { id: 'care', title: 'Care transactions', view: ClinicalView },
  { id: 'zones', title: 'Zones and services', view: ZonesView },
  { id: 'protocols', title: 'Protocols', view: ProtocolsView },
  { id: 'talkers', title: 'Talkers', view: TalkersView },
  { id: 'flows', title: 'Flows', view: FlowsView },
] as const;

/** What was on the wire, when, and between whom? */
export default function ExplorerPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = readFilter(parameters);
  const change = (part: Partial<ExplorerFilter>) => setParameters(changeFilter(parameters, part));
  const set = useParameterChange();
  return (
    <>
      <PageHeader
        title="Traffic explorer"
        description="Everything that was seen and is still stored: choose what and when, then look at it from five sides."
        actions={
          <Button component={Link} to="/sources" variant="default">
            Sources
          </Button>
        }
      />
      <FilterSentence filter={filter} onChange={change} />
      <Stack>
        <TimelineSection filter={filter} onChange={change} />
        <Paper>
          <ViewTabs views={VIEWS} label="How to look at it">
            {({ view: View }) => <View filter={filter} />}
          </ViewTabs>
        </Paper>
      </Stack>
      <FlowDrawer id={parameters.get('flow')} onClose={() => set('flow', null)} />
    </>
  );
}
