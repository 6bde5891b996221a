import { Badge, Button, Collapse, Group, Paper, SimpleGrid, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Service, useServices } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { HealthBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { SettingInput } from '../../components/setting-input.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { useChangeService } from './queries.ts';

/** Which services do we want, and are they well? */
export default function ToolboxPage() {
  const { data, error, isPending, refetch } = useServices();
  return (
    <>
      <PageHeader
        title="Toolbox"
        description="Every service, the question it answers, and whether it is well. On and off take effect at once; a service that is off leaves no trace in the running program."
      />
      {isPending ? (
        <LoadingState what="the services" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          {data.items.map((service) => (
            <ServiceCard key={service.id} service={service} />
          ))}
        </SimpleGrid>
      )}
    </>
  );
}

function ServiceCard({ service }: { service: Service }) {
  const mayChange = useMay('services:write');
  const change = useChangeService(service.id);
  const [isOpen, details] = useDisclosure(false);
  const switchTo = (isEnabled: boolean) =>
    change.mutate(
      { isEnabled },
      { onSuccess: ({ title }) => notifications.show({ message: `${title} is ${isEnabled ? 'on' : 'off'}.` }) },
    );
  return (
    <Paper component="section" aria-label={service.title}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Group gap="xs">
              <Title order={2} size="h4">
                {service.title}
              </Title>
              {service.acronym !== undefined && (
                <Badge color="gray.7" size="sm" tt="none">
                  {service.acronym}
                </Badge>
              )}
            </Group>
            <Text fw={500}>{service.question}</Text>
          </div>
          <Switch
            checked={service.isEnabled}
            disabled={!mayChange || change.isPending}
            onChange={(event) => switchTo(event.currentTarget.checked)}
            aria-label={`${service.title} is on`}
            onLabel="On"
            offLabel="Off"
            size="lg"
            styles={{ trackLabel: { color: service.isEnabled ? undefined : 'var(--mantine-color-text)' } }}
          />
        </Group>
        <Text size="sm" c="dimmed">
          {service.description}
        </Text>
        <Group gap="xs">
          <StateBadge service={service} />
          <Text size="sm">{service.health.message}</Text>
        </Group>
        <ErrorText error={change.error} />
        <Group>
          <Button variant="default" size="xs" onClick={details.toggle} aria-expanded={isOpen}>
            {isOpen ? 'Less' : 'What it needs, produces, settings'}
          </Button>
        </Group>
        <Collapse expanded={isOpen}>{isOpen && <ServiceDetails service={service} mayChange={mayChange} />}</Collapse>
      </Stack>
    </Paper>
  );
}

function StateBadge({ service: { isEnabled, state, health } }: { service: Service }) {
  if (!isEnabled) {
    return (
      <Badge color="gray.7" tt="none">
        off
      </Badge>
    );
  }
  return <HealthBadge state={health.state} title={state === 'running' ? health.state : state} />;
}

function ServiceDetails({ service, mayChange }: { service: Service; mayChange: boolean }) {
  const rows: readonly [string, string][] = [
    ['Listens to', service.consumes.join(', ') || 'nothing: it reads the network'],
    ['Publishes', service.produces.join(', ') || 'nothing'],
    ['Needs', service.needs.join(', ')],
    ['Version', service.version],
    ['Restarts after failures', String(service.restarts)],
    ...(service.lastError === null ? [] : ([['Last failure', service.lastError]] as [string, string][])),
    ...Object.entries(service.health.figures ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
  ];
  return (
    <Stack>
      <Table>
        <Table.Tbody>
          {rows.map(([title, value]) => (
            <Table.Tr key={title}>
              <Table.Th scope="row" w={190}>
                {title}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ServiceSettings service={service} mayChange={mayChange} />
    </Stack>
  );
}

function ServiceSettings({ service, mayChange }: { service: Service; mayChange: boolean }) {
  const [changes, setChanges] = useState<Readonly<Record<string, unknown>>>({});
  const change = useChangeService(service.id);
  const properties = Object.entries(service.settingsSchema.properties ?? {});
  if (properties.length === 0) return <Text c="dimmed">It has no settings.</Text>;
  const save = () =>
    change.mutate(
      { settings: changes },
      {
        onSuccess: () => {
          setChanges({});
          notifications.show({ message: `${service.title} runs with the new settings.` });
        },
      },
    );
  return (
    <Stack>
      <Title order={3} size="h5">
        Settings
      </Title>
      {properties.map(([name, schema]) => (
        <SettingInput
          key={name}
          title={schema.title ?? name}
          description={schema.description ?? ''}
          schema={schema}
          value={changes[name] ?? service.settings[name]}
          onChange={(value) => setChanges((before) => ({ ...before, [name]: value }))}
          isDisabled={!mayChange}
        />
      ))}
      <ErrorText error={change.error} />
      {mayChange && (
        <Group>
          <Button onClick={save} disabled={Object.keys(changes).length === 0} loading={change.isPending}>
            Save and restart the service
          </Button>
        </Group>
      )}
    </Stack>
  );
}
