import { type EveMembers, present } from '../eve-event.ts';

const MAXIMUM_LINES = 200;

/** Lines of a description by their letter, in their order (RFC 8866 §5). */
type Lines = readonly (readonly [kind: string, value: string])[];

/** @param text a session description (RFC 8866 §5). @returns its lines by name, media each with their own */
export function sessionMembers(text: string): EveMembers {
  const lines = text
    .split(/\r?\n/)
    .slice(0, MAXIMUM_LINES)
    .flatMap((line): Lines => (line[1] === '=' ? [[line.slice(0, 1), line.slice(2)]] : []));
  const starts = lines.flatMap(([kind], index) => (kind === 'm' ? [index] : []));
  const session = lines.slice(0, starts[0] ?? lines.length);
  return present({
    origin: first(session, 'o'),
    session_name: first(session, 's'),
    session_info: first(session, 'i'),
    uri: first(session, 'u'),
    email: first(session, 'e'),
    phone_number: first(session, 'p'),
    connection_data: first(session, 'c'),
    bandwidths: all(session, 'b'),
    time_descriptions: times(session),
    timezone: first(session, 'z'),
    encryption_key: first(session, 'k'),
    attributes: all(session, 'a'),
    media_descriptions: starts.map((start, index) => mediaMembers(lines.slice(start, starts[index + 1]))),
  });
}

/** RFC 8866 §5.9, §5.10: repetitions belong to the times before them. */
function times(lines: Lines): readonly EveMembers[] {
  const described: EveMembers[] = [];
  for (const [kind, value] of lines) {
    if (kind === 't') described.push({ time: value });
    else if (kind === 'r') Object.assign(described.at(-1) ?? {}, { repeat_time: value });
  }
  return described;
}

function mediaMembers(lines: Lines): EveMembers {
  return present({
    media: first(lines, 'm'),
    media_info: first(lines, 'i'),
    bandwidths: all(lines, 'b'),
    connection_data: first(lines, 'c'),
    encryption_key: first(lines, 'k'),
    attributes: all(lines, 'a'),
  });
}

function first(lines: Lines, kind: string): string | undefined {
  return lines.find(([each]) => each === kind)?.[1];
}

function all(lines: Lines, kind: string): readonly string[] {
  return lines.filter(([each]) => each === kind).map(([, value]) => value);
}
