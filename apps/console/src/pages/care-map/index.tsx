import { Button } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { useParameterChange, ViewTabs } from '../../components/view-tabs.tsx';
import { ChangesView } from './changes-view.tsx';
import { CriticalView } from './critical-view.tsx';
import { NodePanel } from './node-panel.tsx';
import { OutageView } from './outage-view.tsx';
import { useCareServices } from './queries.ts';
import { ServiceTable } from './service-table.tsx';

const VIEWS = [
  { id: 'services', title: 'Clinical services' },
  { id: 'outage', title: 'What stops?' },
  { id: 'critical', title: 'What care hangs on' },
  { id: 'changes', title: 'Beds and changes' },
] as const;

/** Which clinical service needs what, and what stops when something stops? */
export default function CareMapPage() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  return (
    <>
      <PageHeader
        title="Care map"
        description="Which clinical service needs which application, device and network. Learnt from traffic; what people state wins, and can be taken back."
      />
      <ViewTabs views={VIEWS} label="Sides of the care map">
        {({ id }) => {
          if (id === 'outage') return <OutageView />;
          if (id === 'critical') return <CriticalView />;
          if (id === 'changes') return <ChangesView />;
          return <ServicesView />;
        }}
      </ViewTabs>
      <DetailDrawer title="Who needs whom" id={parameters.get('node')} onClose={() => set('node', null)}>
        {(id) => <NodePanel key={id} id={id} />}
      </DetailDrawer>
    </>
  );
}

function ServicesView() {
  const { data, error, refetch } = useCareServices();
  if (data === undefined) {
    return error === null ? (
      <LoadingState what="the clinical services" />
    ) : (
      <ErrorState error={error} onRetry={refetch} />
    );
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No clinical service is known yet"
        description="They appear as soon as devices and applications of care are seen. Connect a source of traffic, or correct kinds and care areas in the inventory."
        action={
          <Button component={Link} to="/sources">
            To the sources
          </Button>
        }
      />
    );
  }
  return <ServiceTable services={data.items} />;
}
