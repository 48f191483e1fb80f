// The sharer's handshake: by the typed code, or with a helper who was asked in. It answers once (SPEC 8).

import {
  type Bytes,
  type Context,
  drawSharer,
  type Established,
  HandshakeError,
  type Identity,
  Sharer,
  type Waiting,
} from "@handrail/protocol";
import type { SharerTrust } from "@handrail/viewer/end";

/** A handshake that succeeded, and who the helper is. */
export interface Shaken {
  readonly established: Established;
  readonly helper: Identity;
  readonly isByCode: boolean;
}

export class Shaking {
  readonly #trust: SharerTrust;
  readonly #isByCode: boolean;
  #sharer: Sharer | null;
  #waiting: Waiting | null = null;
  #flights = 0n;
  readonly first: Bytes;

  private constructor(sharer: Sharer, isByCode: boolean, trust: SharerTrust) {
    this.#sharer = sharer;
    this.#isByCode = isByCode;
    this.#trust = trust;
    this.first = sharer.first;
  }

  /** Begins; `code` is null with a helper who was asked in. */
  static async begin(context: Context, code: string | null, trust: SharerTrust): Promise<Shaking> {
    return new Shaking(new Sharer(context, code, await drawSharer()), code !== null, trust);
  }

  /** The number of the next flight. */
  take(): bigint {
    this.#flights += 1n;
    return this.#flights - 1n;
  }

  /** Takes a flight of the helper: gives the flight to send, or who it is. Rejects with a HandshakeError. */
  async handleFlight(flight: Bytes, client: string): Promise<Bytes | Shaken> {
    const [sharer, waiting] = [this.#sharer, this.#waiting];
    this.#sharer = null;
    this.#waiting = null;
    if (sharer !== null) {
      const credential = this.#trust.credential(client);
      const answer = await sharer.readSecond(flight, this.#trust.key, credential);
      this.#waiting = answer.waiting;
      return answer.third;
    }
    if (waiting === null) throw new HandshakeError("security_check");
    const established = await waiting.readFourth(flight);
    const helper = await this.#trust.verify(established.credential, established.peerKey);
    return { established, helper, isByCode: this.#isByCode };
  }
}
