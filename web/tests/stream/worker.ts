// Opens, decodes and paints the recorded stream with the viewer's own parts, and holds each update to the Rust decoder's hash.

import { type Bytes, concat, fromHex } from "../../packages/protocol/src/bytes.ts";
import { Channel } from "../../packages/protocol/src/channel.ts";
import { decodeFrame } from "../../packages/protocol/src/frame.ts";
import { Joiner } from "../../packages/protocol/src/join.ts";
import { associated, importSecret, RecordKey } from "../../packages/protocol/src/keys.ts";
import { Painter } from "../../packages/viewer/src/painter.ts";
import { Picture } from "../../packages/viewer/src/picture.ts";

interface Recording {
  readonly hash: string;
  readonly session: string;
  readonly secret: string;
  readonly generation: number;
  readonly updates: readonly { readonly records: readonly string[]; readonly picture: string }[];
}

const bytes = (hex: string): Bytes => {
  const found = fromHex(hex);
  if (found === null) throw new TypeError("no hex");
  return found;
};

async function run(canvas: OffscreenCanvas): Promise<unknown> {
  const decoder = fetch(new URL("../../decoder/picture.wasm", import.meta.url));
  const picture = new Picture(await WebAssembly.compileStreaming(decoder));
  const painter = new Painter(picture);
  painter.attach(canvas);
  const recording: Recording = await (await fetch("/recording.json")).json();
  const { generation } = recording;
  const hash = bytes(recording.hash);
  const secret = importSecret(bytes(recording.secret));
  const key = new RecordKey(secret, { hash, sender: "sharer", channel: Channel.Picture, generation });
  const context = associated(hash, bytes(recording.session), "sharer");
  const joiner = new Joiner();
  const times: number[] = [];
  let wrong = 0;
  let stills = 0;
  for (const update of recording.updates) {
    const records = update.records.map(bytes);
    const received = performance.now();
    const opened = records.map((record) => {
      const frame = decodeFrame(record);
      if (frame.kind !== "sealed") throw new TypeError("no record");
      return key.open(frame.header.counter, concat(context, frame.clear), frame.sealed);
    });
    for (const text of opened) {
      const slice = joiner.whole(Channel.Picture, await text);
      if (slice === null) continue;
      const applied = picture.push(slice);
      painter.collect(applied);
      stills += applied.stills.length;
      if (!applied.last) continue;
      const committed = painter.commit();
      times.push(performance.now() - received);
      await committed;
    }
    if ((await picture.hash()) !== update.picture) wrong += 1;
  }
  return { updates: times.length, wrong, stills, times, different: different(canvas, picture) };
}

/** Pixels of the canvas that are not those of the picture. Only a test reads a canvas back. */
function different(canvas: OffscreenCanvas, picture: Picture): number {
  const shown =
    canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  const { rgba } = picture;
  if (shown.length !== rgba.length) return rgba.length;
  return rgba.reduce((count, byte, at) => (byte === shown[at] ? count : count + 1), 0);
}

self.onmessage = (event: MessageEvent<OffscreenCanvas>) => {
  run(event.data).then(
    (results) => self.postMessage(results),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};
