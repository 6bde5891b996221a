import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { AlertsView } from './alerts-view.tsx';
import { FormatsView } from './formats-view.tsx';
import { RulesView } from './rules-view.tsx';
import { SearchView } from './search-view.tsx';
import { SourcesView } from './sources-view.tsx';

const VIEWS = [
  { id: 'search', title: 'Search' },
  { id: 'alerts', title: 'Alerts' },
  { id: 'sources', title: 'Sources' },
  { id: 'rules', title: 'Rules' },
  { id: 'formats', title: 'Formats' },
] as const;

const CONTENT = {
  search: SearchView,
  alerts: AlertsView,
  sources: SourcesView,
  rules: RulesView,
  formats: FormatsView,
} as const;

/** What do our systems' own logs and audit trails say? */
export default function LogsPage() {
  return (
    <>
      <PageHeader
        title="Logs"
        description="Logs and audit trails of all systems in one form. What may name a patient is masked; who looks behind the mask says why, and that is recorded."
      />
      <ViewTabs views={VIEWS} label="Sides of logs" keeps="none">
        {({ id }) => {
          const Content = CONTENT[id];
          return <Content />;
        }}
      </ViewTabs>
    </>
  );
}
