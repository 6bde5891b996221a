import { FRAMES } from './frames.ts';
import type { KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, RuleError, unquote } from './rule-error.ts';

/** `frame:smb2.data`, or `frame:data` where the header of the rule names the protocol. */
function applyFrame(builder: RuleBuilder, value: string | undefined, name: string): void {
  const { text } = unquote(needValue(name, value));
  const rooms = builder.protocolRooms;
  const known = FRAMES.filter(({ language, room, type }) => {
    if (text === `${language}.${type}`) return true;
    return text === type && (rooms?.includes(room) ?? false);
  });
  const [first] = known;
  if (first === undefined) throw new RuleError(`frame: the sensor does not give ${text}`);
  builder.select({
    name: `frame.${first.type}`,
    from: 'transaction',
    protocols: known.map(({ room }) => room),
    direction: undefined,
  });
}

/** The keyword on parts of a stream that have names of their own. */
export const FRAME_KEYWORDS: KeywordTable = {
  frame: { summary: 'a part of the stream as it was on the wire', apply: applyFrame },
};
