/** One field of a change: what it was and what it is; nothing where there was none. */
export interface Difference {
  /** The way to the field, such as `scope.users`. */
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Of a list: what went and what came. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

type Leaf = string | readonly string[];

/** The fields in which two documents differ, by name. A field that is the same on both sides is left out. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const [was, is] = [leaves(before), leaves(after)];
  const fields = [...new Set([...was.keys(), ...is.keys()])].sort();
  return fields.flatMap((field) => {
    const found = difference(field, was.get(field), is.get(field));
    return found === null ? [] : [found];
  });
}

function difference(field: string, was: Leaf | undefined, is: Leaf | undefined): Difference | null {
  if (JSON.stringify(was) === JSON.stringify(is)) return null;
  const [old, now] = [was ?? [], is ?? []];
  const isList = Array.isArray(was ?? is) && Array.isArray(is ?? was);
  if (!isList) return { field, before: text(was), after: text(is), removed: [], added: [] };
  const [olds, nows] = [old as readonly string[], now as readonly string[]];
  const removed = olds.filter((one) => !nows.includes(one));
  const added = nows.filter((one) => !olds.includes(one));
  if (removed.length === 0 && added.length === 0) return null;
  return { field, before: null, after: null, removed, added };
}

function text(leaf: Leaf | undefined): string | null {
  if (leaf === undefined) return null;
  return typeof leaf === "string" ? leaf : leaf.join(", ");
}

/** The fields of a document that are not objects themselves. */
function leaves(document: unknown, path = ""): Map<string, Leaf> {
  if (document === null || document === undefined) return new Map();
  if (Array.isArray(document)) return new Map([[path, document.map(word)]]);
  if (typeof document !== "object") return new Map([[path, String(document)]]);
  const found = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(document)) {
    for (const [field, leaf] of leaves(value, path === "" ? name : `${path}.${name}`)) found.set(field, leaf);
  }
  return found;
}

/** An item of a list in one line. */
function word(item: unknown): string {
  if (typeof item !== "object" || item === null) return String(item);
  return Object.values(item).map(String).join(": ");
}
