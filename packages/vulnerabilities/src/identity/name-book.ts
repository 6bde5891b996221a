import { z } from 'zod';
import { fitTo } from '../reading/read-as.ts';
import { type Reading, read, refuse } from '../reading/reading.ts';
import { plainName, plainVendor } from './plain-name.ts';

/*
 * Names under which companies and products are known: as data of knowledge/software-aliases. Companies merge and rename, and a
 * device goes on to say who made it; an inventory says `IIS` where an advisory says `Internet Information Services`.
 */

const Name = z.string().trim().min(1).max(120);
const References = z.array(z.url()).min(1);
const CpeProduct = z.string().regex(/^[a-z0-9._-]+:[a-z0-9._+-]+$/, 'is no vendor:product of a CPE');

/** Content of one file. */
const AliasFile = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: Name,
  vendors: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        name: Name,
        aliases: z.array(Name).default([]),
        /** Companies that became part of it, and names that it had. */
        formerly: z.array(Name).default([]),
        /** As CPE names have it. */
        cpe: z.array(z.string().regex(/^[a-z0-9._-]+$/)).default([]),
        references: References,
      }),
    )
    .default([]),
  products: z
    .array(
      z.strictObject({
        vendor: z.string(),
        name: Name,
        aliases: z.array(Name).default([]),
        /** Names that mean it only where the vendor is told, since others have the same. */
        withVendor: z.array(Name).default([]),
        cpe: z.array(CpeProduct).default([]),
        references: References,
      }),
    )
    .default([]),
});

type AliasFile = z.infer<typeof AliasFile>;
type Vendor = AliasFile['vendors'][number];
type Product = AliasFile['products'][number];

interface ProductNames {
  readonly vendor: string;
  readonly plain: ReadonlySet<string>;
  readonly cpes: readonly string[];
}

/** @see readNameBook */
export class NameBook {
  /** Plain name of a company → its number. One name may be of several: Epocal was of one, then of another. */
  readonly #vendors = new Map<string, Set<string>>();
  readonly #namesOfVendor = new Map<string, readonly string[]>();
  readonly #free = new Map<string, ProductNames[]>();
  readonly #withVendor = new Map<string, ProductNames[]>();

  constructor(vendors: readonly Vendor[] = [], products: readonly Product[] = []) {
    for (const vendor of vendors) this.#addVendor(vendor);
    for (const product of products) this.#addProduct(product);
  }

  /** Companies that it knows. */
  get size(): number {
    return this.#namesOfVendor.size;
  }

  /** @returns plain names of a company, those of its parts included; its own alone where it is not known */
  namesOfVendor(name: string): readonly string[] {
    const own = [plainVendor(name), plainName(name)].filter((one) => one !== '');
    const ids = own.flatMap((one) => [...(this.#vendors.get(one) ?? [])]);
    return [...new Set([...own, ...ids.flatMap((id) => this.#namesOfVendor.get(id) ?? [])])];
  }

  /** @param vendor empty where unknown @returns other plain names of a product; none where it is not known, or of another vendor */
  namesOfProduct(vendor: string, name: string): readonly string[] {
    return [...new Set(this.#productsOf(vendor, name).flatMap(({ plain }) => [...plain]))];
  }

  /** @returns `vendor:product` of CPE names for a product as an inventory names it */
  cpeProductsOf(vendor: string, name: string): readonly string[] {
    return [...new Set(this.#productsOf(vendor, name).flatMap(({ cpes }) => cpes))];
  }

  #productsOf(vendor: string, name: string): readonly ProductNames[] {
    const plain = plainName(name);
    const ids = vendor === '' ? undefined : this.#idsOf(vendor);
    const free = (this.#free.get(plain) ?? []).filter((each) => ids === undefined || ids.has(each.vendor));
    const bound = (this.#withVendor.get(plain) ?? []).filter((each) => ids?.has(each.vendor));
    return [...free, ...bound];
  }

  #idsOf(vendor: string): ReadonlySet<string> {
    return new Set([plainVendor(vendor), plainName(vendor)].flatMap((one) => [...(this.#vendors.get(one) ?? [])]));
  }

  #addVendor({ id, name, aliases, formerly, cpe }: Vendor): void {
    const all = [name, ...aliases, ...formerly, ...cpe];
    const plain = [...new Set(all.flatMap((one) => [plainVendor(one), plainName(one)]))].filter((one) => one !== '');
    this.#namesOfVendor.set(id, plain);
    for (const one of plain) {
      const ids = this.#vendors.get(one) ?? new Set();
      this.#vendors.set(one, ids.add(id));
    }
  }

  #addProduct({ vendor, name, aliases, withVendor, cpe }: Product): void {
    const ofCpe = cpe.map((one) => one.slice(one.indexOf(':') + 1));
    const free = [name, ...aliases].map(plainName);
    const bound = [...withVendor, ...ofCpe].map(plainName);
    const product = { vendor, plain: new Set([...free, ...bound]), cpes: cpe };
    for (const [index, names] of [
      [this.#free, free],
      [this.#withVendor, bound.filter((one) => !free.includes(one))],
    ] as const) {
      for (const one of new Set(names)) index.set(one, [...(index.get(one) ?? []), product]);
    }
  }
}

/** Knows no company and no product. */
export const NO_NAMES_KNOWN = new NameBook();

/**
 * @param files parsed content of each file with its name
 * @returns the names of all, or what is wrong and in which file
 */
export function readNameBook(
  files: readonly { readonly name: string; readonly content: unknown }[],
): Reading<NameBook> {
  const vendors: Vendor[] = [];
  const products: Product[] = [];
  for (const { name, content } of files) {
    const file = fitTo(AliasFile, content);
    if (!file.isRead) {
      return { isRead: false, problems: file.problems.map(({ where, what }) => ({ where: `${name} ${where}`, what })) };
    }
    vendors.push(...file.value.vendors);
    products.push(...file.value.products);
  }
  const ids = new Set(vendors.map(({ id }) => id));
  if (ids.size < vendors.length) return refuse('', 'two companies have one id');
  const stranger = products.find(({ vendor }) => !ids.has(vendor));
  if (stranger !== undefined) return refuse(stranger.name, `there is no vendor ${stranger.vendor}`);
  return read(new NameBook(vendors, products));
}
