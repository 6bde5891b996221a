import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { MaintenanceView } from './maintenance-view.tsx';
import { ProposalsView } from './proposals-view.tsx';
import { ServicesView } from './services-view.tsx';

const VIEWS = [
  { id: 'services', title: 'Watched services' },
  { id: 'proposals', title: 'In use, not watched' },
  { id: 'maintenance', title: 'Maintenance' },
] as const;

/** Are the services that care depends on up, and fast? */
export default function UptimePage() {
  return (
    <>
      <PageHeader
        title="Up or down"
        description="Services that care depends on, as regular checks find them. Only what somebody asked to watch is sent a check, and only where the policy of the device allows it."
      />
      <ViewTabs views={VIEWS} label="Sides of the services">
        {({ id }) => {
          if (id === 'proposals') return <ProposalsView />;
          return id === 'maintenance' ? <MaintenanceView /> : <ServicesView />;
        }}
      </ViewTabs>
    </>
  );
}
