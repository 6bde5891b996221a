import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { client, play, server } from '../testing/play.ts';
import { ldap } from './protocol.ts';

/** One element of BER (X.690 §8.1). */
const ber = (tag: number, ...contents: readonly (string | number | Uint8Array)[]): Uint8Array => {
  const body = bytes(...contents);
  return bytes(tag, body.length, body);
};
const message = (id: number, ...parts: readonly Uint8Array[]) => ber(0x30, ber(2, id), ...parts);
const result = (code: number, text: string) => bytes(ber(10, code), ber(4), ber(4, text));
const attribute = (name: string, ...values: readonly string[]) =>
  ber(0x30, ber(4, name), ber(0x31, ...values.map((value) => ber(4, value))));

const search = message(
  7,
  ber(
    0x63,
    ber(4, 'ou=ward'),
    ber(10, 2),
    ber(10, 0),
    ber(2, 9),
    ber(2, 0),
    ber(1, 0),
    ber(0x87, 'cn'),
    ber(0x30, ber(4, 'mail')),
  ),
);

describe('an exchange of LDAP', () => {
  it('is told with every entry that answered, and its record without names', () => {
    const { details, records } = play(ldap, [
      client(search),
      server(message(7, ber(0x64, ber(4, 'cn=Doe'), ber(0x30, attribute('mail', 'doe@x', 'd@x'))))),
      server(message(7, ber(0x65, result(0, 'done')))),
    ]);
    expect(details).toMatchObject([
      {
        request: {
          id: 7,
          operation: { kind: 'search-request', base: 'ou=ward', scope: 2, sizeLimit: 9, presentAttribute: 'cn' },
        },
        responses: [
          { operation: { kind: 'search-entry', name: 'cn=Doe', attributes: [{ name: 'mail' }] } },
          { operation: { kind: 'search-done', result: { code: 0, message: 'done' } } },
        ],
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/doe|ward/i);
  });

  it.each([
    ['a change', ber(0x66, ber(4, 'cn=a'), ber(0x30, ber(0x30, ber(10, 2), attribute('sn', 'b')))), 'modify-request'],
    ['a comparison', ber(0x6e, ber(4, 'cn=a'), ber(0x30, ber(4, 'sn'), ber(4, 'b'))), 'compare-request'],
    ['a new name', ber(0x6c, ber(4, 'cn=a'), ber(4, 'cn=b'), ber(1, 255)), 'modify-name-request'],
    ['an extended operation', ber(0x77, ber(0x80, '1.2.3'), ber(0x81, 'x')), 'extended-request'],
    ['a removal', ber(0x4a, 'cn=a'), 'delete-request'],
  ])('of %s has what is asked', (_, operation, kind) => {
    const { details } = play(ldap, [client(search), client(message(9, operation))]);
    expect(details).toMatchObject([{ request: { id: 7 } }, { request: { id: 9, operation: { kind } }, responses: [] }]);
  });

  it('that nobody asked for is told alone, with its controls', () => {
    const notice = message(
      0,
      ber(0x78, result(52, 'bye'), ber(0x8a, '1.3.6.1.4.1.1466.20036')),
      ber(0xa0, ber(0x30, ber(4, '1.2'), ber(1, 255), ber(4, 'v'))),
    );
    expect(play(ldap, [client(search), server(notice)]).details[0]).toMatchObject({
      request: undefined,
      responses: [
        {
          operation: { kind: 'extended-response', name: '1.3.6.1.4.1.1466.20036', result: { code: 52 } },
          controls: [{ type: '1.2', isCritical: true }],
        },
      ],
    });
  });
});
