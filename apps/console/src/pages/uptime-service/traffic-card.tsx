import { Text, Title } from '@mantine/core';
import { formatCount } from '../../components/format.ts';
import { TimeText } from '../../components/time-text.tsx';
import type { MonitoredService } from '../uptime/queries.ts';

/** What others do with it, as far as it is seen. */
export function TrafficCard({ service: { host, traffic } }: { service: MonitoredService }) {
  if (traffic === null || host === null) return null;
  const {
    requests,
    failures,
    connections,
    refused,
    messages,
    acknowledgements,
    repeating,
    repeated,
    lastHeard,
    isSilent,
  } = traffic;
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        Observed traffic
      </Title>
      <Text size="sm">
        {lastHeard === null ? (
          'It was not heard yet. Its traffic has to pass a sensor.'
        ) : (
          <>
            In ten minutes: {formatCount(requests)} requests, {formatCount(failures)} failed; {formatCount(connections)}{' '}
            connections, {formatCount(refused)} not taken
            {messages > 0 && `; ${formatCount(messages)} HL7 messages, ${formatCount(acknowledgements)} acknowledged`}
            {repeated > 0 && `; ${formatCount(repeated)} segments repeated on ${formatCount(repeating)} connections`}.
            Last used <TimeText time={lastHeard} />.
          </>
        )}
        {isSilent && ' It is silent, and at this time it usually is not.'}
      </Text>
    </section>
  );
}
