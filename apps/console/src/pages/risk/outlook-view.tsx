import { CompositeChart } from '@mantine/charts';
import { Alert, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { type Forecast, useForecasts, useTrackRecord } from './register-queries.ts';

const FIRST = 'house';
const percent = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;

/** What is expected of the next days, and was such a forecast right so far? */
export function OutlookView() {
  const { data, error, refetch } = useForecasts();
  const [chosen, setChosen] = useState(FIRST);
  if (data === undefined) {
    return error === null ? <LoadingState what="the outlook" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  const forecast = data.items.find(({ subject }) => subject === chosen) ?? data.items[0];
  if (forecast === undefined) {
    return (
      <EmptyState
        title="Nothing is kept yet"
        description="Risk of each day is kept from the first clinical service on. After 19 days the next ones are forecast."
      />
    );
  }
  return (
    <Stack gap="lg">
      <Select
        label="Of what"
        allowDeselect={false}
        searchable
        maw={420}
        data={data.items.map(({ subject, name }) => ({ value: subject, label: name }))}
        value={forecast.subject}
        onChange={(value) => setChosen(value ?? FIRST)}
      />
      {forecast.tooLittle !== null && (
        <Alert variant="outline" color="blue" title="Too little history">
          {forecast.tooLittle.days} of the {forecast.tooLittle.needed} whole days are there that a forecast needs.
          Nothing is guessed before.
        </Alert>
      )}
      <ForecastPicture forecast={forecast} />
      <Record />
    </Stack>
  );
}

function ForecastPicture({ forecast: { name, history, forecasts } }: { forecast: Forecast }) {
  const was = history.map(({ day, percent: value }) => ({ day, was: value }));
  const expected = forecasts.map(({ day, low, middle, high }) => ({ day, middle, range: [low, high] }));
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {name}: disrupted within 30 days
      </Title>
      <div aria-hidden>
        <CompositeChart
          h={260}
          data={[...was, ...expected]}
          dataKey="day"
          withLegend
          withDots={false}
          composedChartProps={{ accessibilityLayer: false }}
          lineProps={{ isAnimationActive: false }}
          areaProps={{ isAnimationActive: false }}
          valueFormatter={(value) => percent(value)}
          series={[
            { name: 'was', label: 'As it was', color: 'blue.7', type: 'line' },
            { name: 'middle', label: 'Expected', color: 'orange.8', type: 'line' },
            { name: 'range', label: '80 % range', color: 'orange.4', type: 'area' },
          ]}
        />
      </div>
      {forecasts.length > 0 && (
        <Table aria-label={`Forecast of ${name}`} maw={560}>
          <TableHead
            columns={['Day', { title: 'Expected', isNumber: true }, { title: '80 % between', isNumber: true }]}
          />
          <Table.Tbody>
            {forecasts.map(({ day, low, middle, high }) => (
              <Table.Tr key={day}>
                <Table.Td>{day}</Table.Td>
                <Table.Td ta="right">{percent(middle)}</Table.Td>
                <Table.Td ta="right">
                  {percent(low)} and {percent(high)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

function Record() {
  const { data } = useTrackRecord();
  if (data === undefined) return null;
  return (
    <section>
      <Title order={2} size="h4">
        Was it right?
      </Title>
      {data.items.length === 0 ? (
        <Text size="sm">No forecast has come to its day yet. Each is kept and scored then.</Text>
      ) : (
        <Table.ScrollContainer minWidth={700}>
          <Table aria-label="How right forecasts were">
            <TableHead
              columns={[
                { title: 'Days ahead', isNumber: true },
                { title: 'Forecasts', isNumber: true },
                { title: 'Within the 80 % range', isNumber: true },
                { title: 'Error (CRPS)', isNumber: true },
                { title: 'Of "it stays as it is"', isNumber: true },
                'In words',
              ]}
            />
            <Table.Tbody>
              {data.items.map(({ days, count, coverage, crps, naiveCrps, text }) => (
                <Table.Tr key={days}>
                  <Table.Td ta="right">{days}</Table.Td>
                  <Table.Td ta="right">{count}</Table.Td>
                  <Table.Td ta="right">{Math.round(coverage * 100)} %</Table.Td>
                  <Table.Td ta="right">{crps.toFixed(2)}</Table.Td>
                  <Table.Td ta="right">{naiveCrps.toFixed(2)}</Table.Td>
                  <Table.Td>{text}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}
