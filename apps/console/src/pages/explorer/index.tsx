import { Button, Paper, Stack, Tabs } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
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
  const chosen = VIEWS.find(({ id }) => id === parameters.get('view')) ?? VIEWS[0];
  const change = (part: Partial<ExplorerFilter>) => setParameters(changeFilter(parameters, part));
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(parameters);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setParameters(next, { preventScrollReset: true });
  };
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
          <Tabs value={chosen.id} onChange={(id) => set('view', id)} keepMounted={false}>
            <Tabs.List mb="md" aria-label="How to look at it">
              {VIEWS.map(({ id, title }) => (
                <Tabs.Tab key={id} value={id}>
                  {title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {VIEWS.map(({ id, view: View }) => (
              <Tabs.Panel key={id} value={id}>
                <View filter={filter} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </Paper>
      </Stack>
      <FlowDrawer id={parameters.get('flow')} onClose={() => set('flow', null)} />
    </>
  );
}
