import { Badge, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { request } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { SettingInput, type ValueSchema } from '../../components/setting-input.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';

interface Setting {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly value: unknown;
  readonly default: unknown;
  readonly source: 'default' | 'file' | 'console' | 'environment';
  readonly environmentVariable: string;
  readonly schema: ValueSchema;
}

const SOURCE_TITLES = {
  default: 'default',
  file: 'from sphinx.yaml',
  console: 'set in the console',
  environment: 'pinned by the environment',
} as const;

/** How is SPHINX set, and where does each value come from? */
export default function SettingsPage() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => request<{ settings: readonly Setting[] }>('GET', '/settings', { signal }),
  });
  const [parameters] = useSearchParams();
  const [search, setSearch] = useState(parameters.get('search') ?? '');
  const words = search.toLowerCase();
  const found = (data?.settings ?? []).filter(({ key, title, description }) =>
    `${key} ${title} ${description}`.toLowerCase().includes(words),
  );
  const groups = Map.groupBy(found, ({ key }) =>
    key
      .split('.')
      .slice(0, key.startsWith('services.') ? 2 : 1)
      .join('.'),
  );
  return (
    <>
      <PageHeader
        title="Settings"
        description="Defaults, sphinx.yaml, this page and the environment: the later one wins. Each value says where it comes from."
      />
      {isPending ? (
        <LoadingState what="the settings" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <Stack>
          <TextInput
            label="Find a setting"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            maw={400}
          />
          {found.length === 0 && <EmptyState title="No setting fits" description="Search for less." />}
          {[...groups].map(([group, settings]) => (
            <Paper key={group} component="section">
              <Title order={2} size="h4" mb="sm">
                {titleOf(group)}
              </Title>
              <Stack>
                {settings.map((setting) => (
                  <SettingRow key={`${setting.key}=${JSON.stringify(setting.value)}`} setting={setting} />
                ))}
              </Stack>
            </Paper>
          ))}
        </Stack>
      )}
    </>
  );
}

/** `services.asset-inventory` → "Asset inventory" */
function titleOf(group: string): string {
  const words = group.replace('services.', '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function SettingRow({ setting }: { setting: Setting }) {
  const client = useQueryClient();
  const isPinned = setting.source === 'environment';
  const mayChange = useMay('settings:write') && !isPinned;
  const [value, setValue] = useState(setting.value);
  const change = useMutation({
    mutationFn: (next: unknown) => request<unknown>('PATCH', '/settings', { body: { [setting.key]: next } }),
    onSuccess: () => {
      notifications.show({ message: `${setting.title} is changed.` });
      return client.invalidateQueries();
    },
  });
  const isChanged = JSON.stringify(value) !== JSON.stringify(setting.value);
  return (
    <Group align="flex-end" gap="md">
      <Stack gap={4} style={{ flex: '1 1 320px' }}>
        <SettingInput {...setting} value={value} onChange={setValue} isDisabled={!mayChange} />
        <Group gap="xs">
          <Badge color={setting.source === 'default' ? 'gray.7' : 'cyan.9'} size="sm" tt="none">
            {SOURCE_TITLES[setting.source]}
          </Badge>
          <Text size="xs" c="dimmed">
            {setting.key} · {setting.environmentVariable}
          </Text>
        </Group>
        <ErrorText error={change.error} />
      </Stack>
      {mayChange && (
        <Group gap="xs">
          <Button
            size="xs"
            disabled={!isChanged}
            loading={change.isPending}
            onClick={() => change.mutate(value)}
            aria-label={`Save ${setting.title}`}
          >
            Save
          </Button>
          {setting.source === 'console' && (
            <Button
              size="xs"
              variant="default"
              onClick={() => change.mutate(null)}
              aria-label={`Take back ${setting.title}`}
            >
              Take back
            </Button>
          )}
        </Group>
      )}
    </Group>
  );
}
