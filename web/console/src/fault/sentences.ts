// Written from docs/faults.md by `npm run faults`.

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What a person reads, by code. */
export const SENTENCES: { readonly [code: string]: MessageDescriptor } = {
  "RH-1001": msg`This program and the relay speak different versions. Install the current version and try again.`,
  "RH-1002": msg`The sign-in for this connection has expired. Sign in again.`,
  "RH-1003": msg`The other side sent something that is not allowed. The connection was closed; nothing was lost.`,
  "RH-1101": msg`A code has 8 digits. Check it with your helper and type it again.`,
  "RH-1102": msg`This code is not valid. Codes work once and for 10 minutes: ask your helper for a new one.`,
  "RH-1103": msg`Somebody typed this code wrongly three times, so it was cancelled. Create a new one.`,
  "RH-1104": msg`Too many codes were tried. Wait a minute and try again.`,
  "RH-1105": msg`All codes of your organisation are in use. Wait a minute, or send a link instead.`,
  "RH-1106": msg`Nobody used the code within 10 minutes. Create a new one.`,
  "RH-1201": msg`Remote help is turned off for your organisation. An administrator can turn it on.`,
  "RH-1202": msg`You may not offer remote help. Ask an administrator for the permission to offer remote assistance.`,
  "RH-1203": msg`You do not have the permission for this level.`,
  "RH-1204": msg`That is not possible at this point of the session.`,
  "RH-1205": msg`You do not have the permission to read session records.`,
  "RH-1301": msg`The security check failed: the code was mistyped, or somebody is interfering. Nothing was shared. Ask for a new code.`,
  "RH-1401": msg`The other person declined.`,
  "RH-1402": msg`There was no answer in time.`,
  "RH-1501": msg`The other person ended the session.`,
  "RH-1502": msg`The connection to the other person was lost. Start a new session with a new code.`,
  "RH-1503": msg`The connection to the relay was lost. Start a new session with a new code.`,
  "RH-1504": msg`The other side cannot keep up. The picture starts afresh.`,
  "RH-1505": msg`The relay is restarting. Start a new session in a minute.`,
  "RH-1506": msg`The relay cannot be reached. Check the network and the relay's address.`,
  "RH-1601": msg`There is no screen to share: no X display answers. Check DISPLAY and its access rights.`,
  "RH-1602": msg`The screen that was shared has gone away, so the session ended.`,
  "RH-1603": msg`This screen cannot be shared: its X server lacks a needed extension or pixel format.`,
  "RH-1604": msg`A picture arrived damaged. A fresh one was asked for.`,
  "RH-1605": msg`The picture cannot be handed to the window: its file cannot be written.`,
  "RH-1701": msg`Your organisation's sign-in service cannot be reached. Try again in a moment.`,
  "RH-1702": msg`The sign-in was not accepted. Sign in again, and tell an administrator if it happens again.`,
  "RH-1703": msg`The sign-in was not finished. Start it again.`,
  "RH-1801": msg`The relay cannot write its records right now, so no session can start. Sessions that run go on.`,
  "RH-1802": msg`The relay's disk is full, so no session can start. An administrator must free space.`,
  "RH-1803": msg`There is no such session record, or it is not yours.`,
  "RH-1804": msg`The relay does not understand this request.`,
};
