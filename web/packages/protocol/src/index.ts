export { type Bytes, byteLength, concat, equal, fromHex, toHex, utf8 } from "./bytes.ts";
export { CHANNELS, Channel, channelOf, deliveryOf, firstCreditOf, longestMessageOf, priorityOf } from "./channel.ts";
export { decodeLine, encodeLine, type Line, MAX_LINE } from "./chat.ts";
export { drawSecret, NotACode, parseCode } from "./code.ts";
export { type Control, decodeControl, encodeControl, type Output, type Present } from "./control.ts";
export { Allowance, Window } from "./credit.ts";
export { type CursorPlace, decodeCursor, decodeLaser, encodeCursor, encodeLaser, type LaserPlace } from "./cursor.ts";
export { End } from "./end.ts";
export { FAULTS, type Fault, type FaultCode, type FaultName, fault, faultName, faultOf } from "./fault.ts";
export {
  type Credit,
  decodeFrame,
  type Envelope,
  encodeFrame,
  type Frame,
  flight,
  MAX_FRAME,
  mustArrive,
  SEALED,
} from "./frame.ts";
export { type Credential, decodeCredential, encodeCredential } from "./handshake/credential.ts";
export { type Context, type Established, HandshakeError } from "./handshake/established.ts";
export { type Answered, Answering, Attempts, type Drawn, draw, Helper } from "./handshake/helper.ts";
export { generateKeyPair, type KeyPair } from "./handshake/noise.ts";
export { drawSharer, Sharer, type SharerDrawn, type Waiting } from "./handshake/sharer.ts";
export { Anchor, BINDING_LIFE, type Identity, neededKey } from "./identity/anchor.ts";
export { decodeBase64url, encodeBase64url } from "./identity/base64url.ts";
export { type Binding, bindingNonce, drawBinding, nonceOf } from "./identity/binding.ts";
export { type BadBundle, type Bundle, bundleKey, issuerHost, readBundle } from "./identity/bundle.ts";
export { type ConsentText, consentBytes } from "./identity/consent.ts";
export { type Grant, readGrant } from "./identity/grant.ts";
export { type KeySet, readKeySet } from "./identity/key-set.ts";
export { NotThemError, type Rule } from "./identity/not-them.ts";
export { readable } from "./identity/readable.ts";
export {
  type Button,
  decodeInput,
  encodeInput,
  type Input,
  type InputEvent,
  type KeyEvent,
  MAX_EVENTS,
  MAX_KEY_TEXT,
  MAX_TEXT,
} from "./input.ts";
export { type FromRelay, parseFromRelay, type Refusal } from "./message/from-relay.ts";
export {
  type Compliance,
  type Figures,
  includesInput,
  type Level,
  type Role,
  type Signed,
  type Warning,
} from "./message/parts.ts";
export type { Colleague, Invitation, Peer, Program } from "./message/people.ts";
export { MAX_SEARCH, parseToRelay, type ToRelay } from "./message/to-relay.ts";
export { encodeMessage, PROTOCOL } from "./message.ts";
export { type Dropped, type News, SendError } from "./news.ts";
export { Malformed } from "./reader.ts";
export { SharerEnd } from "./sharer-end.ts";
export type { StepUp } from "./step-up.ts";
export {
  type Codec,
  encodeVideo,
  isVideo,
  VideoError,
  type VideoFrameBytes,
  VideoFrames,
} from "./video.ts";
