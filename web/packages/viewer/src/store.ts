// Where a browser keeps what outlives a page: IndexedDB of the relay's origin.

/** Values by name. */
export interface Store {
  get(key: string): Promise<unknown>;
  put(key: string, value: object): Promise<void>;
  remove(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
}

const DATABASE = "handrail";
const VERSION = 2;
/** The stores of the database by name. */
const SHELVES = ["bindings", "pins", "contacts"] as const;

/** One shelf of the browser's database. Rejects where the browser keeps nothing, such as in some private windows. */
export class BrowserStore implements Store {
  readonly #shelf: (typeof SHELVES)[number];

  constructor(shelf: (typeof SHELVES)[number]) {
    this.#shelf = shelf;
  }

  get(key: string): Promise<unknown> {
    return this.#with("readonly", (shelf) => shelf.get(key));
  }

  async put(key: string, value: object): Promise<void> {
    await this.#with("readwrite", (shelf) => shelf.put(value, key));
  }

  async remove(key: string): Promise<void> {
    await this.#with("readwrite", (shelf) => shelf.delete(key));
  }

  async keys(): Promise<readonly string[]> {
    const keys = await this.#with("readonly", (shelf) => shelf.getAllKeys());
    return keys.filter((key) => typeof key === "string");
  }

  /** The result of one request, once it is on disk. */
  async #with<Result>(mode: IDBTransactionMode, ask: (shelf: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
    const database = await opened();
    try {
      const transaction = database.transaction(this.#shelf, mode);
      const request = ask(transaction.objectStore(this.#shelf));
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
        transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, VERSION);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => {
      for (const shelf of SHELVES) {
        if (!request.result.objectStoreNames.contains(shelf)) request.result.createObjectStore(shelf);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the database is in use by an older page"));
  });
}
