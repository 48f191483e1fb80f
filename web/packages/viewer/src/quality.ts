// Figures of a session: input-to-photon, updates a second, stalls.

import type { Figures } from "@handrail/protocol";
import type { Instead, Kind } from "./socket.ts";
import type { Quality as Shown } from "./state.ts";

/** Milliseconds of the recent past that rates are taken over. */
const SPAN = 5000;
const SAMPLES = 512;
/** Milliseconds: an effect that comes later is a stall. */
const STALL = 500;
/** Milliseconds to the relay and back, and of decoding an update: fair from here, poor from there. */
const SLOW = { fair: 120, poor: 300 };
const BUSY = { fair: 40, poor: 120 };

/** What a line says of its carrier. */
interface Way {
  readonly kind: Kind | null;
  readonly instead: Instead | null;
  readonly roundTrip: number | null;
}

export class Quality {
  readonly #latencies: number[] = [];
  #paints: { readonly at: number; readonly bytes: number; readonly work: number }[] = [];
  #waitingSince: number | null = null;
  #stalls = 0;

  /** An update was painted; it had so many bytes and took so long to decode and paint. */
  painted(now: number, bytes: number, work: number): void {
    if (this.#waitingSince !== null && now > this.#waitingSince + STALL) this.#stalls += 1;
    this.#waitingSince = null;
    this.#paints.push({ at: now, bytes, work });
    this.#forget(now);
  }

  /** Something was done whose effect should be seen soon. */
  expects(now: number): void {
    this.#waitingSince ??= now;
  }

  /** The effect of an input was seen, after so many milliseconds. */
  latency(milliseconds: number): void {
    this.#latencies.push(milliseconds);
    if (this.#latencies.length > SAMPLES) this.#latencies.shift();
  }

  /** For the record. */
  figures(now: number): Figures {
    const [p50, p95] = [this.#percentile(50) ?? 0, this.#percentile(95) ?? 0];
    return { p50_ms: p50, p95_ms: p95, fps: this.#rate(now, () => 1), stalls: this.#stalls };
  }

  /** For the page. */
  shown(now: number, { kind, instead, roundTrip: roundTripMs }: Way): Shown {
    this.#forget(now);
    const { grade, why } = this.#grade(now, roundTripMs);
    return {
      carrier: kind,
      instead,
      roundTripMs,
      updatesPerSecond: this.#rate(now, () => 1),
      kilobitsPerSecond: this.#rate(now, ({ bytes }) => (bytes * 8) / 1000),
      inputToPhotonP50Ms: this.#percentile(50),
      inputToPhotonP95Ms: this.#percentile(95),
      stalls: this.#stalls,
      grade,
      why,
    };
  }

  #grade(now: number, roundTrip: number | null): Pick<Shown, "grade" | "why"> {
    if (roundTrip === null) return { grade: "unknown", why: null };
    const waited = this.#waitingSince === null ? 0 : now - this.#waitingSince;
    if (waited > 4 * STALL) return { grade: "poor", why: "stalled" };
    const works = this.#paints.map(({ work }) => work);
    const work = works.reduce((sum, one) => sum + one, 0) / Math.max(1, works.length);
    if (roundTrip >= SLOW.poor) return { grade: "poor", why: "latency" };
    if (work >= BUSY.poor) return { grade: "poor", why: "decoding" };
    if (roundTrip >= SLOW.fair) return { grade: "fair", why: "latency" };
    if (work >= BUSY.fair) return { grade: "fair", why: "decoding" };
    return { grade: "good", why: null };
  }

  #rate(now: number, of: (paint: { readonly bytes: number }) => number): number {
    const recent = this.#paints.filter(({ at }) => at > now - SPAN);
    return (recent.reduce((sum, paint) => sum + of(paint), 0) * 1000) / SPAN;
  }

  #percentile(percent: number): number | null {
    const sorted = this.#latencies.toSorted((one, other) => one - other);
    return sorted[Math.floor(((sorted.length - 1) * percent) / 100)] ?? null;
  }

  #forget(now: number): void {
    this.#paints = this.#paints.filter(({ at }) => at > now - SPAN);
  }
}
