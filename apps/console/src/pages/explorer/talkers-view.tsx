import { useSearchParams } from 'react-router';
import { TalkersSection } from '../traffic/talkers-section.tsx';
import { changeFilter, type ExplorerFilter, flowQuery } from './explorer-filter.ts';

/** Who moves the most of what fits the filter? */
export function TalkersView({ filter }: { filter: ExplorerFilter }) {
  const [parameters] = useSearchParams();
  return <TalkersSection query={flowQuery(filter)} linkOf={(address) => `?${changeFilter(parameters, { address })}`} />;
}
