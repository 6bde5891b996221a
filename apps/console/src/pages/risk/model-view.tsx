import { List, Stack, Text, Title } from '@mantine/core';
import { SourceLink } from '../../components/source-link.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { useRiskSummary } from './queries.ts';

/** How is risk reckoned, and with what? */
export function ModelView() {
  const { data, error, refetch } = useRiskSummary();
  if (data === undefined) {
    return error === null ? <LoadingState what="the model" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack maw={760}>
      <Text>{data.model.rationale}</Text>
      <List>
        <List.Item>
          How often a threat meets a hospital is shared out over its devices by how much each is in the way.
        </List.Item>
        <List.Item>
          How likely it works on a device follows from its weaknesses (known to be exploited, EPSS, severity), its
          failed checks, and a rest for what nobody knows of.
        </List.Item>
        <List.Item>
          It goes on to devices that a compromised one talks with, and to neighbours in its network.
        </List.Item>
        <List.Item>
          Detections, alerts and incidents multiply the odds; they fade; what somebody closed as harmless counts no
          more.
        </List.Item>
        <List.Item>
          What is lost for care follows from the care map; the level from likelihood and harm, as NIST SP 800-30
          combines them.
        </List.Item>
      </List>
      <Text size="sm">
        Rates and effects are published where something is published; the rest is judgement, says so, and stands in the
        knowledge folder for whoever knows better. Probabilities put things in order; they are no promise.
      </Text>
      <div>
        <Title order={2} size="h5" mb={4}>
          Sources
        </Title>
        <List size="sm">
          {data.model.references.map(({ title, url }) => (
            <List.Item key={url}>
              {title} <SourceLink url={url} of={title} />
            </List.Item>
          ))}
        </List>
      </div>
      <Text size="xs" c="dimmed">
        Model {data.model.version}, horizon {data.horizonDays} days
      </Text>
    </Stack>
  );
}
