import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { ChokeView } from './choke-view.tsx';
import { PathsView } from './paths-view.tsx';
import { WhatIfView } from './what-if-view.tsx';

const VIEWS = [
  { id: 'paths', title: 'Ways' },
  { id: 'choke-points', title: 'Choke points' },
  { id: 'what-if', title: 'What if?' },
] as const;

/** How would somebody get from outside to what matters? */
export default function AttackPathsPage() {
  return (
    <>
      <PageHeader
        title="Attack paths"
        description="How somebody would get from outside to devices that keep patients alive, records, backups and directories: over what was seen to talk, neighbours, weaknesses and trust."
      />
      <ViewTabs views={VIEWS} label="Sides of attack paths">
        {({ id }) => (id === 'choke-points' ? <ChokeView /> : id === 'what-if' ? <WhatIfView /> : <PathsView />)}
      </ViewTabs>
    </>
  );
}
