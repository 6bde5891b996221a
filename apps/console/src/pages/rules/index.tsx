import { Button } from '@mantine/core';
import { IconPencilPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { ListsView } from './lists-view.tsx';
import { ModelView } from './model-view.tsx';
import { RulesView } from './rules-view.tsx';
import { SetsView } from './sets-view.tsx';

const VIEWS = [
  { id: 'rules', title: 'Rules', view: RulesView },
  { id: 'sets', title: 'Sets', view: SetsView },
  { id: 'lists', title: 'Lists', view: ListsView },
  { id: 'model', title: 'Model', view: ModelView },
] as const;

/** What is looked for in the traffic, what did it find, and what does it cost? */
export default function RulesPage() {
  const mayWrite = useMay('rules:write');
  return (
    <>
      <PageHeader
        title="Rules"
        description="What intrusion detection looks for in the traffic. Rules alert; they block nothing."
        actions={
          mayWrite && (
            <Button component={Link} to="/rules/new" leftSection={<IconPencilPlus size={16} aria-hidden />}>
              Write a rule
            </Button>
          )
        }
      />
      <ViewTabs views={VIEWS} label="Rules, their sets, their lists and the model" keeps="none">
        {({ view: View }) => <View mayWrite={mayWrite} />}
      </ViewTabs>
    </>
  );
}
