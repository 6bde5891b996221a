import { Button, Tabs } from '@mantine/core';
import { IconPencilPlus } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ListsView } from './lists-view.tsx';
import { RulesView } from './rules-view.tsx';
import { SetsView } from './sets-view.tsx';

const VIEWS = [
  { id: 'rules', title: 'Rules', view: RulesView },
  { id: 'sets', title: 'Sets', view: SetsView },
  { id: 'lists', title: 'Lists', view: ListsView },
] as const;

/** What is looked for in the traffic, what did it find, and what does it cost? */
export default function RulesPage() {
  const [parameters, setParameters] = useSearchParams();
  const mayWrite = useMay('rules:write');
  const chosen = VIEWS.find(({ id }) => id === parameters.get('view')) ?? VIEWS[0];
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
      <Tabs value={chosen.id} onChange={(view) => setParameters(view === null ? {} : { view })} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Rules, their sets and their lists">
          {VIEWS.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {VIEWS.map(({ id, view: View }) => (
          <Tabs.Panel key={id} value={id}>
            <View mayWrite={mayWrite} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
