import { Button, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { AddSourceDialog } from './add-source-dialog.tsx';
import { useSources } from './queries.ts';
import { RemoteSensors } from './remote-sensors.tsx';
import { SampleTraffic } from './sample-traffic.tsx';
import { SourceTable } from './source-table.tsx';
import { UploadCaptures } from './upload-captures.tsx';

/** Where does SPHINX see traffic? */
export default function SourcesPage() {
  const { data: sources, error, isPending, refetch } = useSources();
  const mayWrite = useMay('sources:write');
  const [isAdding, setAdding] = useState(false);
  const addButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Add a source
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Sources"
        description="Where SPHINX sees traffic: captures, interfaces, other sensors and flow exporters. It never sends a packet to the network that it watches."
        actions={mayWrite && addButton}
      />
      <Stack gap="md">
        {isPending && <LoadingState what="the sources" />}
        {error !== null && sources === undefined && <ErrorState error={error} onRetry={refetch} />}
        {sources?.length === 0 && (
          <EmptyState
            title="No traffic yet"
            description={
              mayWrite
                ? 'Drop a capture file below, add a folder or a network interface, or look around with sample traffic.'
                : 'Ask somebody who may add sources, such as an IT operator.'
            }
            action={mayWrite && addButton}
          />
        )}
        {sources !== undefined && sources.length > 0 && <SourceTable sources={sources} mayWrite={mayWrite} />}
        {mayWrite && <UploadCaptures />}
        <RemoteSensors mayWrite={mayWrite} />
        {sources !== undefined && <SampleTraffic sources={sources} mayWrite={mayWrite} />}
      </Stack>
      <AddSourceDialog isOpen={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}
