import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';

interface View {
  readonly id: string;
  readonly title: string;
}

type Views = readonly [View, ...View[]];

/** The view that the address names; the first one where it names none. */
export function useView<All extends Views>(views: All): All[number] {
  const [parameters] = useSearchParams();
  return views.find(({ id }) => id === parameters.get('view')) ?? views[0];
}

/** Changes one parameter of the address and leaves the others, and where one has scrolled to, as they are. */
export function useParameterChange(): (name: string, value: string | null) => void {
  const [parameters, setParameters] = useSearchParams();
  return (name, value) => {
    const next = new URLSearchParams(parameters);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setParameters(next, { preventScrollReset: true });
  };
}

/**
 * Sides from which to look at a page, as tabs; the chosen one stands in the address.
 *
 * @param label names the tabs for who cannot see them
 * @param keeps other parameters of the address that stay when another view is chosen
 */
export function ViewTabs<All extends Views>(props: {
  views: All;
  label: string;
  keeps?: 'all' | 'none';
  children: (view: All[number]) => ReactNode;
}) {
  const { views, label, keeps = 'all', children } = props;
  const [parameters, setParameters] = useSearchParams();
  const chosen = useView(views);
  const choose = (id: string | null) => {
    const next = new URLSearchParams(keeps === 'all' ? parameters : {});
    if (id === null || id === views[0].id) next.delete('view');
    else next.set('view', id);
    setParameters(next, { preventScrollReset: true });
  };
  return (
    <Tabs value={chosen.id} onChange={choose} keepMounted={false} activateTabWithKeyboard>
      <Tabs.List mb="md" aria-label={label}>
        {views.map(({ id, title }) => (
          <Tabs.Tab key={id} value={id}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {views.map((view) => (
        <Tabs.Panel key={view.id} value={view.id}>
          {children(view)}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
