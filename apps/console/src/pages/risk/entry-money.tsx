import { LineChart } from '@mantine/charts';
import { Button, Group, List, NumberInput, Stack, Table, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { TableHead } from '../../components/table-head.tsx';
import {
  type LossRange,
  type MoneyFigures,
  type RegisterDetail,
  saveEntry,
  type ThreePoint,
  useRiskChange,
} from './register-queries.ts';
import { amount } from './register-words.ts';

const EMPTY: MoneyFigures = {
  currency: 'EUR',
  lossEventFrequency: null,
  threatEventFrequency: null,
  vulnerability: null,
  primaryLoss: null,
  secondaryProbability: null,
  secondaryLoss: null,
  basis: '',
};
const FIGURES = [
  { id: 'lossEventFrequency', title: 'Losses in a year', isPart: false },
  { id: 'threatEventFrequency', title: 'or: attempts in a year', isPart: false },
  { id: 'vulnerability', title: 'and the part that succeeds, per cent', isPart: true },
  { id: 'primaryLoss', title: 'Cost of one loss to the hospital itself', isPart: false },
  { id: 'secondaryProbability', title: 'Part after which others react, per cent', isPart: true },
  { id: 'secondaryLoss', title: 'Cost of one such reaction: fines, claims', isPart: false },
] as const;
type FigureId = (typeof FIGURES)[number]['id'];
type Typed = Readonly<Record<FigureId, readonly [number | string, number | string, number | string]>>;

/** What does it cost in a year, as a range? Only from figures that people give. */
export function EntryMoney({ entry, mayWrite }: { entry: RegisterDetail; mayWrite: boolean }) {
  const { loss, missingFigures } = entry;
  const [isEditing, setEditing] = useState(false);
  return (
    <section>
      <Title order={3} size="h5">
        Money
      </Title>
      {loss === null ? (
        <Text size="sm">No money is told without figures. Wanted: {missingFigures.join('; ')}.</Text>
      ) : (
        <Loss loss={loss} />
      )}
      {mayWrite && !isEditing && (
        <Button variant="default" size="xs" mt="xs" onClick={() => setEditing(true)}>
          {entry.money === null ? 'Give figures' : 'Change the figures'}
        </Button>
      )}
      {isEditing && <FiguresForm entry={entry} onDone={() => setEditing(false)} />}
    </section>
  );
}

function Loss({ loss }: { loss: LossRange }) {
  const { currency, mean, median, p90, anyLoss, curve } = loss;
  return (
    <Stack gap="xs">
      <List size="sm">
        <List.Item>{amount(mean, currency)} a year on average.</List.Item>
        <List.Item>
          At most {amount(median, currency)} in half of the years, at most {amount(p90, currency)} in nine of ten.
        </List.Item>
        <List.Item>
          {Math.round(anyLoss * 100)} of 100 years cost anything. From 10,000 years that were drawn.
        </List.Item>
      </List>
      <div aria-hidden>
        <LineChart
          h={180}
          data={curve
            .filter(({ loss: more }) => more > 0)
            .map(({ probability, loss: more }) => ({ more: Math.round(more), years: probability * 100 }))}
          dataKey="more"
          series={[{ name: 'years', label: 'Per cent of years that cost more', color: 'blue.7' }]}
          curveType="monotone"
          withDots={false}
          lineProps={{ isAnimationActive: false }}
          lineChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <details>
        <summary>
          <Text span size="sm">
            Loss exceedance as a table
          </Text>
        </summary>
        <Table aria-label="Loss exceedance curve">
          <TableHead
            columns={[
              { title: 'Of 100 years', isNumber: true },
              { title: 'cost more than', isNumber: true },
            ]}
          />
          <Table.Tbody>
            {curve.map(({ probability, loss: more }) => (
              <Table.Tr key={probability}>
                <Table.Td ta="right">{Math.round(probability * 100)}</Table.Td>
                <Table.Td ta="right">{amount(more, currency)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </Stack>
  );
}

function FiguresForm({ entry, onDone }: { entry: RegisterDetail; onDone: () => void }) {
  const figures = entry.money ?? EMPTY;
  const [typed, setTyped] = useState<Typed>(typedOf(figures));
  const [currency, setCurrency] = useState(figures.currency);
  const [basis, setBasis] = useState(figures.basis);
  const save = useRiskChange((money: MoneyFigures | null) => saveEntry(entry.id, { money }));
  const put = (id: FigureId, place: number, value: number | string) =>
    setTyped({ ...typed, [id]: typed[id].map((each, index) => (index === place ? value : each)) } as Typed);
  const done = { onSuccess: onDone };
  return (
    <Stack gap="xs" mt="xs">
      <Text size="sm">Each as least, likeliest and greatest. Leave out what you do not know.</Text>
      {FIGURES.map(({ id, title, isPart }) => (
        <Group key={id} grow align="flex-end">
          {(['least', 'likeliest', 'greatest'] as const).map((name, place) => (
            <NumberInput
              key={name}
              label={place === 0 ? title : name}
              aria-label={`${title}: ${name}`}
              min={0}
              {...(isPart ? { max: 100 } : {})}
              thousandSeparator
              value={typed[id][place] ?? ''}
              onChange={(value) => put(id, place, value)}
            />
          ))}
        </Group>
      ))}
      <TextInput
        label="Currency"
        description="Three letters"
        maxLength={3}
        value={currency}
        onChange={({ currentTarget }) => setCurrency(currentTarget.value.toUpperCase())}
      />
      <Textarea
        label="Where the figures are from"
        autosize
        value={basis}
        onChange={({ currentTarget }) => setBasis(currentTarget.value)}
      />
      <Group>
        <Button loading={save.isPending} onClick={() => save.mutate(figuresOf(typed, currency, basis), done)}>
          Reckon
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        {entry.money !== null && (
          <Button variant="default" onClick={() => save.mutate(null, done)}>
            Take the figures out
          </Button>
        )}
      </Group>
      <ErrorText error={save.error} />
    </Stack>
  );
}

function typedOf(figures: MoneyFigures): Typed {
  return Object.fromEntries(
    FIGURES.map(({ id, isPart }) => {
      const three = figures[id];
      const scale = isPart ? 100 : 1;
      return [id, three === null ? ['', '', ''] : [three.low * scale, three.likely * scale, three.high * scale]];
    }),
  ) as unknown as Typed;
}

function figuresOf(typed: Typed, currency: string, basis: string): MoneyFigures {
  const of = (id: FigureId, isPart: boolean): ThreePoint | null => {
    const [low, likely, high] = typed[id].map((each) => (typeof each === 'number' ? each / (isPart ? 100 : 1) : null));
    if (typeof low !== 'number' || typeof likely !== 'number' || typeof high !== 'number') return null;
    return { low, likely, high };
  };
  const all = Object.fromEntries(FIGURES.map(({ id, isPart }) => [id, of(id, isPart)]));
  return { ...EMPTY, ...all, currency, basis };
}
