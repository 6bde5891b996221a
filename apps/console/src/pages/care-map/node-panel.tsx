import { Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { CarePicture } from './care-picture.tsx';
import { areaWords, EffectBadge, LAYERS, originWords, safetyWords } from './care-words.tsx';
import { DependencyForm } from './dependency-form.tsx';
import { NodeLink } from './node-link.tsx';
import { type CareNeed, type CareNodeDetail, useCareNode, useEditCareMap } from './queries.ts';

/** One node: what it needs, what needs it, how that is known, and how to correct it. */
export function NodePanel({ id }: { id: string }) {
  const { data, error, refetch } = useCareNode(id);
  const mayWrite = useMay('risk:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the dependencies" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack>
      <Head detail={data} />
      <CarePicture id={id} />
      <Needs
        title="What it needs"
        needs={data.needs}
        total={data.needsTotal}
        none="Nothing that is known."
        ends={(need) => ({ dependent: id, provider: need.other.id })}
      />
      <Needs
        title="What needs it"
        needs={data.neededBy}
        total={data.neededByTotal}
        none="Nothing that is known."
        ends={(need) => ({ dependent: need.other.id, provider: id })}
      />
      {mayWrite && <DependencyForm dependent={id} name={data.node.name} />}
    </Stack>
  );
}

function Head({ detail: { node, beds } }: { detail: CareNodeDetail }) {
  const facts = [LAYERS[node.layer], node.type === 'network' ? '' : areaWords(node.area), safetyWords(node.safety)];
  const ofBeds = beds === null ? '' : `${formatCount(beds)} beds`;
  return (
    <div>
      <Group gap="xs">
        <Title order={2} size="h3">
          {node.name}
        </Title>
        {node.isSample && <SampleBadge />}
      </Group>
      <Text size="sm" c="dimmed">
        {[...facts, ofBeds].filter(Boolean).join(' · ')}
      </Text>
      <Group gap="md" mt="xs">
        <Anchor component={Link} to={`/care-map?view=outage&stop=${encodeURIComponent(node.id)}`} size="sm">
          What stops without it?
        </Anchor>
        {node.type === 'asset' && (
          <Anchor component={Link} to={`/assets/${encodeURIComponent(node.id)}`} size="sm">
            The asset
          </Anchor>
        )}
      </Group>
    </div>
  );
}

function Needs(props: {
  title: string;
  needs: readonly CareNeed[];
  total: number;
  none: string;
  ends: (need: CareNeed) => { dependent: string; provider: string };
}) {
  const { title, needs, total, none, ends } = props;
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        {title}
      </Title>
      {needs.length === 0 ? (
        <Text size="sm">{none}</Text>
      ) : (
        <Table aria-label={title} verticalSpacing={4}>
          <TableHead columns={['What', 'Without it', 'How it is known', 'Correct']} />
          <Table.Tbody>
            {needs.map((need) => (
              <NeedRow key={`${need.other.id}|${need.rule}|${need.text}`} need={need} ends={ends(need)} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {total > needs.length && (
        <Text size="sm" c="dimmed">
          The {formatCount(needs.length)} gravest of {formatCount(total)}.
        </Text>
      )}
    </section>
  );
}

function NeedRow({ need, ends }: { need: CareNeed; ends: { dependent: string; provider: string } }) {
  const edit = useEditCareMap();
  const mayWrite = useMay('risk:write');
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <NodeLink node={need.other} />
        <Text size="xs" c="dimmed">
          {need.text}
        </Text>
      </Table.Td>
      <Table.Td>
        <EffectBadge effect={need.effect} />
        <Text size="xs">{need.because}</Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{originWords(need)}</Text>
        {need.lastSeen !== null && <TimeText time={need.lastSeen} />}
      </Table.Td>
      <Table.Td>
        {mayWrite && (
          <Button
            size="compact-xs"
            variant="default"
            loading={edit.isPending}
            onClick={() => edit.mutate({ edit: { kind: 'no-dependency', ...ends }, note: '' })}
            aria-label={`Not so: ${need.text}`}
          >
            Not so
          </Button>
        )}
        <ErrorText error={edit.error} />
      </Table.Td>
    </Table.Tr>
  );
}
