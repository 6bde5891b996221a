import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { AnomalyView } from './anomaly-view.tsx';
import { DetectorView } from './detector-view.tsx';

const VIEWS = [
  { id: 'anomalies', title: 'Anomalies' },
  { id: 'detectors', title: 'What is looked for' },
] as const;

/** Does anything behave unlike itself? */
export default function AnomaliesPage() {
  return (
    <>
      <PageHeader
        title="Anomalies"
        description="What behaves unlike itself, unlike its kind or unlike this hospital: what was expected, what was seen, since when, and how rare it is. Say what is normal, and it belongs to what is usual."
      />
      <ViewTabs views={VIEWS} label="Sides of anomaly detection" keeps="none">
        {({ id }) => (id === 'detectors' ? <DetectorView /> : <AnomalyView />)}
      </ViewTabs>
    </>
  );
}
