import { Button, SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { StatTile } from '../../components/stat-tile.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { KindsView } from './kinds-view.tsx';
import { MediaView } from './media-view.tsx';
import { type DataReceiver, useReceivers } from './queries.ts';
import { ReceiverTable } from './receiver-table.tsx';
import { TransferView } from './transfer-view.tsx';

const VIEWS = [
  { id: 'receivers', title: 'Receivers' },
  { id: 'transfers', title: 'Transfers' },
  { id: 'media', title: 'Removable media' },
  { id: 'kinds', title: 'What is recognised' },
] as const;

const CONTENT: Readonly<Record<(typeof VIEWS)[number]['id'], () => ReactNode>> = {
  receivers: () => <ReceiversView />,
  transfers: () => <TransferView />,
  media: () => <MediaView />,
  kinds: () => <KindsView />,
};

/** Is patient data leaving, or travelling unprotected? */
export default function PatientDataPage() {
  return (
    <>
      <PageHeader
        title="Patient data"
        description="Where data of patients travels without encryption, where clinical protocols leave the zones of care, what is uploaded to services on the internet, and which removable media were used. SPHINX tells kinds and counts and keeps no value."
      />
      <ViewTabs views={VIEWS} label="Sides of patient data">
        {({ id }) => CONTENT[id]()}
      </ViewTabs>
    </>
  );
}

function ReceiversView() {
  const { data, error, refetch } = useReceivers();
  if (data === undefined) {
    return error === null ? <LoadingState what="the receivers" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No data of patients was seen on its way"
        description="Every unencrypted connection is looked at, from the first packet on. Connect a source to see what travels."
        action={
          <Button component={Link} to="/sources">
            To the sources
          </Button>
        }
      />
    );
  }
  return (
    <>
      <Totals receivers={data.items} />
      <ReceiverTable receivers={data.items} />
    </>
  );
}

function Totals({ receivers }: { receivers: readonly DataReceiver[] }) {
  const sum = (figure: 'forbidden' | 'transfers' | 'persons' | 'bytes') =>
    receivers.reduce((total, each) => total + each[figure], 0);
  const outside = receivers.filter(({ place }) => place === 'internet').length;
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} mb="md">
      <StatTile
        title="Forbidden"
        value={formatCount(sum('forbidden'))}
        comparison={`of ${formatQuantity(sum('transfers'), 'transfer')}`}
        to="?view=transfers&forbidden=yes"
      />
      <StatTile
        title="On the internet"
        value={formatCount(outside)}
        comparison={`of ${formatQuantity(receivers.length, 'receiver')}`}
        to="?view=transfers"
      />
      <StatTile
        title="Persons"
        value={formatCount(sum('persons'))}
        comparison={`in ${formatBytes(sum('bytes'))}, as far as told`}
        to="?view=transfers"
      />
    </SimpleGrid>
  );
}
