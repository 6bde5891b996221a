import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { CredentialsView } from './credentials-view.tsx';
import { DecoysView } from './decoys-view.tsx';
import { SessionsView } from './sessions-view.tsx';
import { TokensView } from './tokens-view.tsx';

const VIEWS = [
  { id: 'decoys', title: 'Decoys' },
  { id: 'sessions', title: 'Who came' },
  { id: 'credentials', title: 'Passwords tried' },
  { id: 'tokens', title: 'Honeytokens' },
] as const;

/** Who touches what nobody should touch? */
export default function DecoysPage() {
  return (
    <>
      <PageHeader
        title="Decoys"
        description="Devices and servers that do not exist. Whoever talks to one has no business there: what is done is written down and raises an alert. Decoys are called and call nobody."
      />
      <ViewTabs views={VIEWS} label="Sides of the decoys">
        {({ id }) => {
          if (id === 'sessions') return <SessionsView />;
          if (id === 'credentials') return <CredentialsView />;
          return id === 'tokens' ? <TokensView /> : <DecoysView />;
        }}
      </ViewTabs>
    </>
  );
}
