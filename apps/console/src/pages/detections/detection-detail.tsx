import { Alert, List, Stack } from '@mantine/core';
import type { Detection } from '@sphinx/schema';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatShare } from '../../components/format.ts';
import { SectionTitle } from '../../components/section-title.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { useAddressHolders } from '../explorer/queries.ts';
import { FeedbackForm } from './feedback-form.tsx';
import { useDetection } from './queries.ts';

/** Why does the model take this for an attack, and what do people say of it? */
export function DetectionDetail({ id }: { id: string }) {
  const { data, error, refetch } = useDetection(id);
  if (data === undefined) {
    return error === null ? <LoadingState what="the detection" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="md">
      <div>
        <SeverityBadge severity={data.severity} /> {data.isSample && <SampleBadge />}
      </div>
      <Facts detection={data} />
      {data.model !== undefined && <ModelReasons model={data.model} />}
      {data.model !== undefined && <FeedbackForm id={id} />}
    </Stack>
  );
}

function Facts({
  detection: { time, source, destination, transport, protocol, packet, rule },
}: {
  detection: Detection;
}) {
  const holders = useAddressHolders();
  return (
    <FactTable label="What was detected">
      <Fact title="What">{rule.title}</Fact>
      <Fact title="When">{formatTime(time)}</Fact>
      <Fact title="From">
        <HolderText ip={source.ip} port={source.port} holder={holders.get(source.ip)} />
      </Fact>
      <Fact title="To">
        <HolderText ip={destination.ip} port={destination.port} holder={holders.get(destination.ip)} />
      </Fact>
      <Fact title="Protocol">{protocol ?? transport}</Fact>
      <Fact title="Seen in">
        <PacketText packet={packet} />
      </Fact>
    </FactTable>
  );
}

function ModelReasons({ model }: { model: NonNullable<Detection['model']> }) {
  const { name, probability, reasons } = model;
  return (
    <>
      <SectionTitle>Why the model says so</SectionTitle>
      <FactTable label="What the model says">
        <Fact title="Model">{name}</Fact>
        <Fact title="Probability">{formatShare(probability)} that this is an attack</Fact>
        <Fact title="Reasons">
          {reasons.length === 0 ? (
            'No single feature made it look so.'
          ) : (
            <List size="sm">
              {reasons.map((words) => (
                <List.Item key={words}>{words}</List.Item>
              ))}
            </List>
          )}
        </Fact>
      </FactTable>
      <Alert variant="light" color="gray">
        A model knows only what it was trained on. Look at both ends and at the flow before you act.
      </Alert>
    </>
  );
}
