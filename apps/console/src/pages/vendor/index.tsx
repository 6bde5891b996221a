import { Select } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState } from '../../components/states.tsx';
import { useParameterChange, ViewTabs } from '../../components/view-tabs.tsx';
import { useMakers } from '../users/queries.ts';
import { AccountView } from './account-view.tsx';
import { DevicesView } from './devices-view.tsx';
import { DocumentsView } from './documents-view.tsx';
import { useMakerView } from './queries.ts';
import { WeaknessesView } from './weaknesses-view.tsx';

const VIEWS = [
  { id: 'devices', title: 'Devices', view: DevicesView },
  { id: 'weaknesses', title: 'Weaknesses', view: WeaknessesView },
  { id: 'documents', title: 'Documents', view: DocumentsView },
] as const;
const OF_A_VENDOR = [...VIEWS, { id: 'account', title: 'Account', view: AccountView }] as const;

/** How do our devices stand in this hospital, and what can we tell it? */
export default function VendorPage() {
  const { isVendor, makers, maker } = useMakerView();
  const views = isVendor ? OF_A_VENDOR : VIEWS;
  return (
    <>
      <PageHeader
        title={isVendor ? 'Your devices' : 'As a vendor sees it'}
        description={
          isVendor
            ? `Devices of ${makers.join(', ')} that this hospital has verified. Where they are and what they talk to is not shown.`
            : 'What a vendor account of this maker sees: its own devices, and nothing of where they are.'
        }
        actions={!isVendor && <MakerChoice maker={maker} />}
      />
      {isVendor || maker !== undefined ? (
        <ViewTabs views={views} label="What to look at">
          {({ view: View }) => <View />}
        </ViewTabs>
      ) : (
        <EmptyState
          title="Choose a maker"
          description="Accounts of vendors are made by an administrator under Users and tokens, each for one or more makers."
        />
      )}
    </>
  );
}

function MakerChoice({ maker }: { maker: string | undefined }) {
  const known = useMakers();
  const mayRead = useMay('assets:read');
  const change = useParameterChange();
  const all = maker === undefined || known.includes(maker) ? known : [maker, ...known];
  return (
    <Select
      aria-label="Maker"
      placeholder="Maker"
      searchable
      data={[...all]}
      value={maker ?? null}
      disabled={!mayRead}
      onChange={(chosen) => change('maker', chosen)}
      w={240}
    />
  );
}
