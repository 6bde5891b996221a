import { Button, Group, Select } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { useAddressFilter } from '../../components/address-filter.ts';
import { SEVERITIES } from '../../components/badges.tsx';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { DetectionDetail } from './detection-detail.tsx';
import { DetectionTable } from './detection-table.tsx';
import { useDetections } from './queries.ts';

/** What have rules and the model found in the traffic? */
export default function DetectionsPage() {
  const { query, isNarrowed, set } = useAddressFilter(['rule', 'severity', 'address'], ['rule', 'address']);
  const [parameters] = useSearchParams();
  const change = useParameterChange();
  const list = useDetections(query);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHeader
        title="Detections"
        description="What rules and the model have found in the traffic, newest first. A detection says what matched, between whom and in which packet, and carries no byte of the traffic."
        actions={
          <Button component={Link} to="/rules" variant="default">
            Rules
          </Button>
        }
      />
      <Group align="end" role="search" aria-label="Detections" mb="md">
        <Select
          label="Severity"
          placeholder="any"
          w={170}
          clearable
          clearButtonProps={{ 'aria-label': 'Any severity' }}
          data={[...SEVERITIES]}
          value={query.severity ?? null}
          onChange={(value) => set('severity', value)}
        />
        <DelayedTextInput
          label="Address"
          placeholder="at either end"
          w={200}
          value={query.address ?? ''}
          onChange={(text) => set('address', text.trim())}
        />
        <DelayedTextInput
          label="Rule"
          placeholder="for example 1:2019401"
          w={200}
          value={query.rule ?? ''}
          onChange={(text) => set('rule', text.trim())}
        />
      </Group>
      {list.isPending && <LoadingState what="the detections" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && <None isNarrowed={isNarrowed} />}
      {items !== undefined && items.length > 0 && <DetectionTable detections={items} />}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
      <DetailDrawer
        title="Detection of a model"
        id={parameters.get('detection')}
        onClose={() => change('detection', null)}
      >
        {(id) => <DetectionDetail key={id} id={id} />}
      </DetailDrawer>
    </>
  );
}

function None({ isNarrowed }: { isNarrowed: boolean }) {
  return isNarrowed ? (
    <EmptyState
      title="No detection fits"
      description="Choose another severity, address or rule."
      action={
        <Button component={Link} to="/detections" variant="default">
          Show all
        </Button>
      }
    />
  ) : (
    <EmptyState
      title="Nothing was detected"
      description="Rules look at all traffic that SPHINX sees as packets. Add further rule sets for threats that are not about care."
      action={
        <Button component={Link} to="/rules?view=sets">
          Rule sets
        </Button>
      }
    />
  );
}
