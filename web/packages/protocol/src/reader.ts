import { type Bytes, concat } from "./bytes.ts";

/** The bytes of a peer break the protocol. */
export class Malformed extends Error {
  override readonly name = "Malformed";

  static value(field: string, value: number | bigint): Malformed {
    return new Malformed(`\`${field}\` cannot be ${value}`);
  }

  static tooLong(length: number): Malformed {
    return new Malformed(`${length} bytes are more than allowed`);
  }

  static message(): Malformed {
    return new Malformed("not a relay message of this protocol");
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8, or an error: nothing is replaced. */
export function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw Malformed.message();
  }
}

/** Takes fields off the front of some bytes; numbers are big endian. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  u8(field: string): number {
    return this.#view.getUint8(this.#take(1, field));
  }

  u16(field: string): number {
    return this.#view.getUint16(this.#take(2, field));
  }

  i16(field: string): number {
    return this.#view.getInt16(this.#take(2, field));
  }

  u32(field: string): number {
    return this.#view.getUint32(this.#take(4, field));
  }

  u64(field: string): bigint {
    return this.#view.getBigUint64(this.#take(8, field));
  }

  /** 0 or 1. */
  bool(field: string): boolean {
    const value = this.u8(field);
    if (value > 1) throw Malformed.value(field, value);
    return value === 1;
  }

  /** The variable-length integer of RFC 9000, in its shortest form (SPEC 2). */
  varint(field: string): bigint {
    const first = this.#view.getUint8(this.#need(1, field));
    const length = 1 << (first >> 6);
    const start = this.#take(length, field);
    let value = BigInt(first & 0x3f);
    for (let at = start + 1; at < start + length; at += 1) {
      value = (value << 8n) | BigInt(this.#view.getUint8(at));
    }
    if (length > 1 && value < 1n << BigInt(4 * length - 2)) {
      throw new Malformed(`\`${field}\` is not in its shortest form`);
    }
    return value;
  }

  /** A copy of the next bytes. */
  bytes(length: number, field: string): Bytes {
    const start = this.#take(length, field);
    return concat(this.#bytes.subarray(start, start + length));
  }

  /** A copy of everything that is left. */
  rest(): Bytes {
    return this.bytes(this.#bytes.length - this.#at, "rest");
  }

  /** Nothing may be left. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new Malformed(`${left} bytes are left after the last field`);
  }

  #need(length: number, field: string): number {
    if (this.#bytes.length - this.#at < length) throw new Malformed(`the bytes end inside \`${field}\``);
    return this.#at;
  }

  #take(length: number, field: string): number {
    const start = this.#need(length, field);
    this.#at += length;
    return start;
  }
}
