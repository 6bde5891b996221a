import { useSearchParams } from 'react-router';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useParameterChange, ViewTabs } from '../../components/view-tabs.tsx';
import { AssetPanel } from './asset-panel.tsx';
import { AssetsView } from './assets-view.tsx';
import { CareView } from './care-view.tsx';
import { ControlsView } from './controls-view.tsx';
import { EntryForm } from './entry-form.tsx';
import { EntryPanel } from './entry-panel.tsx';
import { ModelView } from './model-view.tsx';
import { OutlookView } from './outlook-view.tsx';
import { NEW_ENTRY, RegisterView } from './register-view.tsx';
import { ThreatsView } from './threats-view.tsx';

const VIEWS = [
  { id: 'services', title: 'Clinical services' },
  { id: 'assets', title: 'Devices' },
  { id: 'threats', title: 'Threats' },
  { id: 'controls', title: 'Controls' },
  { id: 'register', title: 'Register' },
  { id: 'outlook', title: 'Outlook' },
  { id: 'model', title: 'How it is reckoned' },
] as const;

/** How likely is it, how bad for patients, and why? */
export default function RiskPage() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  return (
    <>
      <PageHeader
        title="Risk"
        description="How likely clinical services and devices are hit by an attack within 30 days, what that would mean, and why. Every detection, weakness, verdict and incident changes it at once."
      />
      <ViewTabs views={VIEWS} label="Sides of risk">
        {({ id }) => {
          if (id === 'assets') return <AssetsView />;
          if (id === 'threats') return <ThreatsView />;
          if (id === 'controls') return <ControlsView />;
          if (id === 'register') return <RegisterView />;
          if (id === 'outlook') return <OutlookView />;
          if (id === 'model') return <ModelView />;
          return <CareView />;
        }}
      </ViewTabs>
      <DetailDrawer title="Risk of a device" id={parameters.get('asset')} onClose={() => set('asset', null)}>
        {(id) => <AssetPanel key={id} id={id} />}
      </DetailDrawer>
      <DetailDrawer title="Risk in the register" id={parameters.get('entry')} onClose={() => set('entry', null)}>
        {(id) => (id === NEW_ENTRY ? <EntryForm /> : <EntryPanel key={id} id={id} />)}
      </DetailDrawer>
    </>
  );
}
