import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { ActuatorsView } from './actuators-view.tsx';
import { ApprovalsView } from './approvals-view.tsx';
import { KillSwitch } from './kill-switch.tsx';
import { PolicyView } from './policy-view.tsx';
import { RunsView } from './runs-view.tsx';
import { TasksView } from './tasks-view.tsx';

const VIEWS = [
  { id: 'runs', title: 'Runs', view: RunsView },
  { id: 'approvals', title: 'Approvals', view: ApprovalsView },
  { id: 'tasks', title: 'Tasks', view: TasksView },
  { id: 'actuators', title: 'Actuators', view: ActuatorsView },
  { id: 'policy', title: 'Policy', view: PolicyView },
] as const;

/** What is being done, and what waits for me? */
export default function ResponsePage() {
  return (
    <>
      <PageHeader
        title="Response"
        description="Playbooks are carried out here: planned, judged by the guard, agreed to where care is touched, and taken back unless somebody confirms them. One switch stops everything."
      />
      <KillSwitch />
      <ViewTabs views={VIEWS} label="What to look at" keeps="none">
        {({ view: View }) => <View />}
      </ViewTabs>
    </>
  );
}
