import { place, productsOf } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import type { CsafProductStatus, CsafVulnerability } from '../document.ts';

/** Statuses that exclude those of another group for the same product (CSAF 2.0 §6.1.6); `recommended` excludes none. */
const STATUS_GROUPS: readonly (readonly CsafProductStatus[])[] = [
  ['first_affected', 'known_affected', 'last_affected'],
  ['known_not_affected'],
  ['first_fixed', 'fixed'],
  ['under_investigation'],
];
const AFFECTED = STATUS_GROUPS[0] ?? [];

/** What is said of products: statuses, remediations and flags (CSAF 2.0 §6.1.6, 6.1.29, 6.1.32, 6.1.33, 6.2.2). */
export const PRODUCT_STATUS_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.6',
    title: 'Contradicting Product Status',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) => {
        const groupOf = new Map<string, number>();
        return STATUS_GROUPS.flatMap((statuses, group) =>
          statuses.flatMap((status) =>
            place(value.product_status?.[status], `${where}/product_status/${status}`).flatMap((product) => {
              const earlier = groupOf.get(product.value) ?? group;
              groupOf.set(product.value, earlier);
              if (earlier === group) return [];
              const other = STATUS_GROUPS[earlier]?.join(' or ') ?? '';
              return [{ where: product.where, what: `product ${product.value} is ${other} too` }];
            }),
          ),
        );
      }),
  },
  {
    id: '6.1.29',
    title: 'Remediation without Product Reference',
    run: ({ vulnerabilities }) => withoutProducts(vulnerabilities, 'remediations'),
  },
  {
    id: '6.1.32',
    title: 'Flag without Product Reference',
    run: ({ vulnerabilities }) => withoutProducts(vulnerabilities, 'flags'),
  },
  {
    id: '6.1.33',
    title: 'Multiple Flags with VEX Codes per Product',
    run: ({ vulnerabilities, groups }) =>
      vulnerabilities.flatMap(({ value, where }) => {
        const flagged = new Set<string>();
        return place(value.flags, `${where}/flags`).flatMap((flag) => {
          const products = new Set(productsOf(flag.value, groups));
          const again = [...products].filter((product) => flagged.has(product));
          for (const product of products) flagged.add(product);
          return again.map((product) => ({ where: flag.where, what: `product ${product} has a flag already` }));
        });
      }),
  },
  {
    id: '6.2.2',
    title: 'Missing Remediation',
    run: ({ vulnerabilities, groups }) =>
      vulnerabilities.flatMap(({ value, where }) => {
        const remedied = new Set(value.remediations?.flatMap((entry) => productsOf(entry, groups)));
        const statuses: readonly CsafProductStatus[] = [...AFFECTED, 'under_investigation'];
        return statuses.flatMap((status) =>
          place(value.product_status?.[status], `${where}/product_status/${status}`)
            .filter((product) => !remedied.has(product.value))
            .map((product) => ({ where: product.where, what: `product ${product.value} has no remediation` })),
        );
      }),
  },
];

function withoutProducts(
  vulnerabilities: readonly { readonly value: CsafVulnerability; readonly where: string }[],
  kind: 'flags' | 'remediations',
) {
  return vulnerabilities.flatMap(({ value, where }) =>
    place<{ product_ids?: readonly string[]; group_ids?: readonly string[] }>(value[kind], `${where}/${kind}`)
      .filter((entry) => entry.value.product_ids === undefined && entry.value.group_ids === undefined)
      .map((entry) => ({ where: entry.where, what: 'names neither a product nor a group' })),
  );
}
