// What sharing needs from the browser.

/** What it lacks, as words for an administrator; empty if it has everything. */
export function missing(): readonly string[] {
  const hasCapture = "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;
  const needs: readonly (readonly [string, boolean])[] = [
    ["screen sharing (getDisplayMedia)", hasCapture],
    ["WebCodecs (VideoEncoder)", "VideoEncoder" in globalThis && "VideoFrame" in globalThis],
    ["WebCrypto (a secure context)", typeof crypto === "object" && typeof crypto.subtle === "object"],
    ["workers", typeof Worker === "function"],
  ];
  return needs.filter(([, isHere]) => !isHere).map(([name]) => name);
}
