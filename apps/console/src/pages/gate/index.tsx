import { Alert, Anchor, Text } from '@mantine/core';
import { IconEye, IconLock } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { AdaptersView } from './adapters-view.tsx';
import { DecisionsView } from './decisions-view.tsx';
import { PolicyView } from './policy-view.tsx';
import { type GateState, useGate } from './queries.ts';
import { TryView } from './try-view.tsx';

const VIEWS = [
  { id: 'decisions', title: 'Decisions', view: DecisionsView },
  { id: 'policy', title: 'What follows from a verdict', view: PolicyView },
  { id: 'try', title: 'Try a device', view: TryView },
  { id: 'adapters', title: 'Switches and adapters', view: AdaptersView },
] as const;

/** Who is let onto the network, into which part of it, and why? */
export default function GatePage() {
  const { data, error, isPending, refetch } = useGate();
  return (
    <>
      <PageHeader
        title="Access gate"
        description="Verdicts can drive access: answers to switches by RADIUS, VLANs, a webhook, a group of the firewall. Devices on which a patient depends stay where they are."
      />
      {isPending && <LoadingState what="the gate" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data !== undefined && (
        <>
          <Mode mode={data.mode} />
          <ViewTabs views={VIEWS} label="What to look at" keeps="none">
            {({ view: View }) => <View gate={data} />}
          </ViewTabs>
        </>
      )}
    </>
  );
}

function Mode({ mode }: Pick<GateState, 'mode'>) {
  const mayChange = useMay('settings:write');
  const change = mayChange && (
    <Anchor component={Link} to="/settings" size="sm" underline="always">
      Settings
    </Anchor>
  );
  return mode === 'watch' ? (
    <Alert color="blue" variant="outline" icon={<IconEye aria-hidden />} title="The gate watches" mb="md" role="status">
      <Text size="sm">
        Everything is let in as usual, and what would have been done is noted. Read the decisions for a while before it
        enforces. {change}
      </Text>
    </Alert>
  ) : (
    <Alert
      color="orange"
      variant="outline"
      icon={<IconLock aria-hidden />}
      title="The gate enforces"
      mb="md"
      role="status"
    >
      <Text size="sm">Decisions are carried out, but for classes that fail open. {change}</Text>
    </Alert>
  );
}
