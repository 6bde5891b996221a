import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { AgreementsView } from './agreements-view.tsx';
import { KillSwitch } from './kill-switch.tsx';
import { PoliciesView } from './policies-view.tsx';
import { PreviewView } from './preview-view.tsx';
import { ProbesView } from './probes-view.tsx';
import { RecordView } from './record-view.tsx';

const VIEWS = [
  { id: 'ask', title: 'Ask a device', view: PreviewView },
  { id: 'policies', title: 'Policies', view: PoliciesView },
  { id: 'probes', title: 'Probes', view: ProbesView },
  { id: 'agreements', title: 'Agreements', view: AgreementsView },
  { id: 'record', title: 'What was sent', view: RecordView },
] as const;

/** What may be asked of which device, and what was? */
export default function ProbingPage() {
  return (
    <>
      <PageHeader
        title="Policies and probes"
        description="Where watching does not tell enough, SPHINX may ask. A policy for each clinical class says what, how fast and who must agree; every packet is on record, and one switch stops everything."
      />
      <KillSwitch />
      <ViewTabs views={VIEWS} label="What to look at" keeps="none">
        {({ view: View }) => <View />}
      </ViewTabs>
    </>
  );
}
