// Written from docs/faults.md by `npm run faults`.

import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What the help page of a code says. */
export interface Page {
  readonly happened: MessageDescriptor;
  readonly advice: MessageDescriptor;
}

export const PAGES: { readonly [code: string]: Page } = {
  "RH-1001": {
    happened: msg`The two programs share no version of the protocol.`,
    advice: msg`Install the version of the program that the relay offers. If many people see it, the relay was updated before the clients, or after them.`,
  },
  "RH-1002": {
    happened: msg`The first message of a connection held no usable ticket.`,
    advice: msg`Sign in again. If it happens at once after every sign-in, compare the clocks of the relay and of the identity provider.`,
  },
  "RH-1003": {
    happened: msg`A message that the protocol does not allow.`,
    advice: msg`Update both programs. If it stays, look at the relay's log for the connection: either a program is broken or somebody tampers with it.`,
  },
  "RH-1101": {
    happened: msg`The typed text is not a code.`,
    advice: msg`Type the 8 digits again. Spaces and dashes do not matter.`,
  },
  "RH-1102": {
    happened: msg`Unknown, used, expired or of another organisation: told alike.`,
    advice: msg`The helper creates a new code. Helper and sharer have to be signed in to the same organisation, as two different people.`,
  },
  "RH-1103": {
    happened: msg`Three attempts were used up.`,
    advice: msg`The helper creates a new code and reads it out again. If nobody mistyped it, somebody is guessing: tell an administrator.`,
  },
  "RH-1104": {
    happened: msg`Too many codes were tried.`,
    advice: msg`Wait a minute. A person has 5 tries a minute and 20 an hour, an address 30 a minute: a whole classroom behind one address may meet the last. An organisation has 100 in 10 minutes that led to no session: if everybody is refused, somebody is guessing codes.`,
  },
  "RH-1105": {
    happened: msg`All routing numbers of the organisation are taken.`,
    advice: msg`Wait: 1000 codes of the organisation are in use or rest. If it lasts, look for a program that creates codes without end.`,
  },
  "RH-1106": {
    happened: msg`Ten minutes are over.`,
    advice: msg`Create a new code when the other person is ready to type it.`,
  },
  "RH-1107": {
    happened: msg`The invitation was taken back, used, or is over.`,
    advice: msg`Ask the colleague to invite you again. An invitation is open for five minutes, and ends when whoever sent it leaves the session.`,
  },
  "RH-1201": {
    happened: msg`The organisation has not turned remote help on.`,
    advice: msg`An administrator turns remote help on for the organisation.`,
  },
  "RH-1202": {
    happened: msg`The person may not offer help.`,
    advice: msg`An administrator assigns a role with “offer remote assistance” and at least “view screen” to one of the helper's groups.`,
  },
  "RH-1203": {
    happened: msg`The person lacks the permission for this level.`,
    advice: msg`An administrator looks at the assignments whose scope covers this sharer: permissions of other scopes do not count.`,
  },
  "RH-1204": {
    happened: msg`The request does not fit the state of the session.`,
    advice: msg`Go back to the step before. If a program does this by itself, update it.`,
  },
  "RH-1205": {
    happened: msg`The person may not read the records of others.`,
    advice: msg`An administrator assigns the role “auditor” or “administrator” to one of the person's groups.`,
  },
  "RH-1206": {
    happened: msg`The device is not enrolled, and the organisation does not allow that.`,
    advice: msg`Enrol the device, or an administrator allows devices that are not enrolled in the settings.`,
  },
  "RH-1207": {
    happened: msg`The helper may help others, not this person on this device.`,
    advice: msg`An administrator looks at the scopes of the helper's assignments: none covers this person or this device.`,
  },
  "RH-1208": {
    happened: msg`A rule asks for another way of signing in.`,
    advice: msg`Sign in again in the way that the rule asks for. The rule is named.`,
  },
  "RH-1209": {
    happened: msg`A rule asks for a younger sign-in.`,
    advice: msg`Sign in again. The rule is named.`,
  },
  "RH-1210": {
    happened: msg`A rule does not allow the network.`,
    advice: msg`Connect to a network that the rule allows. The rule is named; an administrator changes it.`,
  },
  "RH-1211": {
    happened: msg`A rule asks for a compliant device.`,
    advice: msg`Bring the sharer's device in order, so that it is reported as compliant. The rule is named.`,
  },
  "RH-1212": {
    happened: msg`The state of the sharer's device forbids the session.`,
    advice: msg`Bring the device in order. An administrator changes the rule, which is named.`,
  },
  "RH-1213": {
    happened: msg`The state of the sharer's device allows view only.`,
    advice: msg`Go on with view, or bring the device in order. An administrator changes the rule, which is named.`,
  },
  "RH-1214": {
    happened: msg`The helper has to acknowledge the state of the sharer's device first.`,
    advice: msg`Read the warning and acknowledge it, then ask again.`,
  },
  "RH-1215": {
    happened: msg`The organisation asks for a reason.`,
    advice: msg`Enter a reason and start again.`,
  },
  "RH-1216": {
    happened: msg`The organisation asks for the number of an incident.`,
    advice: msg`Enter the number of the incident and start again.`,
  },
  "RH-1217": {
    happened: msg`The level does not exist in this kind of session.`,
    advice: msg`Ask for view or control. A sharer in a browser can only be viewed.`,
  },
  "RH-1218": {
    happened: msg`Settings, roles, devices or people need a permission that the person or the token does not have.`,
    advice: msg`An administrator gives the permission by a role and an assignment; the answer names it.`,
  },
  "RH-1219": {
    happened: msg`The colleague cannot come into the session; unknown ones are answered alike.`,
    advice: msg`The colleague has to have signed in once, may offer remote help, and the person who is helped is in the colleague's scope. The page Explain says what is missing.`,
  },
  "RH-1220": {
    happened: msg`As many helpers as a session can have are in it, or invited.`,
    advice: msg`Cancel an invitation, or let one of the helpers leave. A session has three helpers at most, invited ones counted, and sixteen in its life.`,
  },
  "RH-1301": {
    happened: msg`The two ends do not share the code, or somebody sits between them.`,
    advice: msg`Create a new code and read it out by a way that is known to be safe. If it happens again with a code that was typed rightly, stop, and tell an administrator: somebody may sit between the two.`,
  },
  "RH-1302": {
    happened: msg`The other end could not show who its person is.`,
    advice: msg`Both people sign in again. If it happens always, the clocks of the two machines may differ, a proxy may stand between a machine and the provider's keys, or the browser's sign-in is older than 12 hours. If it happens once with one helper only, treat it as an attack.`,
  },
  "RH-1303": {
    happened: msg`The relay names another person than the one whose identity was verified.`,
    advice: msg`Treat it as an attack on the relay: what the identity provider signed and what the relay says name two people. Keep the event logs of both machines.`,
  },
  "RH-1401": {
    happened: msg`The sharer said no.`,
    advice: msg`Talk to the other person, then ask again.`,
  },
  "RH-1402": {
    happened: msg`Nobody answered.`,
    advice: msg`Ask again when the other person is in front of the screen. The first question waits 5 minutes, later ones one minute, a handshake one minute.`,
  },
  "RH-1403": {
    happened: msg`Control was allowed before the pause of a first contact was over.`,
    advice: msg`Nothing: the pause is there so that nobody is talked into allowing control in haste.`,
  },
  "RH-1404": {
    happened: msg`A program gave a consent, and the organisation does not take such.`,
    advice: msg`The person answers in the window. Whoever drives clients by scripts needs the setting that takes a program's answer.`,
  },
  "RH-1501": {
    happened: msg`The other person ended the session.`,
    advice: msg`Nothing. For more help, start a new session with a new code.`,
  },
  "RH-1502": {
    happened: msg`The other person's connection broke.`,
    advice: msg`Look at the other person's network, then start a new session with a new code.`,
  },
  "RH-1503": {
    happened: msg`The connection to the relay broke.`,
    advice: msg`Look at the network and at whether the relay runs, then start a new session with a new code.`,
  },
  "RH-1504": {
    happened: msg`The other end takes the picture more slowly than this one sends it.`,
    advice: msg`Nothing: the picture starts afresh by itself. If it happens all the time, the helper's line is too slow for the screen.`,
  },
  "RH-1505": {
    happened: msg`The relay is being stopped in an orderly way.`,
    advice: msg`Wait a minute. The relay is restarted on purpose.`,
  },
  "RH-1506": {
    happened: msg`The relay cannot be reached.`,
    advice: msg`Check the address in the settings, the name service, the firewall (TCP 443) and the relay's certificate.`,
  },
  "RH-1507": {
    happened: msg`The account of one of the two was disabled.`,
    advice: msg`An administrator looks at the account in the directory.`,
  },
  "RH-1508": {
    happened: msg`An administrator ended the session.`,
    advice: msg`Ask an administrator why. The log of changes says who ended it.`,
  },
  "RH-1509": {
    happened: msg`A colleague took the session over.`,
    advice: msg`Nothing: the session goes on with your colleague. The record names both of you.`,
  },
  "RH-1601": {
    happened: msg`There is no display to share.`,
    advice: msg`Start the program from the desktop that is to be shared, or set “DISPLAY” and “XAUTHORITY” to it.`,
  },
  "RH-1602": {
    happened: msg`The display went away.`,
    advice: msg`Start a new session. The desktop was closed or its X server ended.`,
  },
  "RH-1603": {
    happened: msg`The display lacks something that sharing needs.`,
    advice: msg`Use an X server with MIT-SHM, XDamage, XFixes, RandR and XTest, and 24 or 32 bits a pixel.`,
  },
  "RH-1604": {
    happened: msg`The picture could not be decoded.`,
    advice: msg`Nothing: a fresh picture was asked for. If it comes back, update both programs and report it.`,
  },
  "RH-1605": {
    happened: msg`The file through which a window gets the picture cannot be used.`,
    advice: msg`Make room in the folder for temporary files (the details name what the system says), then start the helper again.`,
  },
  "RH-1606": {
    happened: msg`This program has no decoder for the video of a browser that shares.`,
    advice: msg`The other person shares from a browser, and this helper's program was built without libvpx. Use one that was built with it, or open the console in a current browser and create a new code there.`,
  },
  "RH-1607": {
    happened: msg`The person of a browser chose nothing to share.`,
    advice: msg`Press “Allow” again and pick a screen, a window or a tab. If the browser does not ask, it was told not to, or the operating system keeps programs from recording the screen.`,
  },
  "RH-1701": {
    happened: msg`The organisation's sign-in service does not answer.`,
    advice: msg`Check that the relay and the client reach the organisation's sign-in service by https.`,
  },
  "RH-1702": {
    happened: msg`The sign-in was refused.`,
    advice: msg`Sign in again. If it stays: client ids, redirect addresses and clocks have to agree with the registration at the identity provider; the relay's log names the rule.`,
  },
  "RH-1703": {
    happened: msg`The person closed the sign-in or did not finish it.`,
    advice: msg`Start the sign-in again and finish it in the browser.`,
  },
  "RH-1704": {
    happened: msg`The relay does not speak for the organisation that this program knows.`,
    advice: msg`Find out why before anybody goes on. If the organisation moved to another sign-in service or relay on purpose, hand out a new enrolment link and remove what the program kept (“--state”).`,
  },
  "RH-1705": {
    happened: msg`The person did not confirm the sign-in service.`,
    advice: msg`Give the person an enrolment link; it carries the fingerprint of the organisation's key, so nobody has to judge a host name.`,
  },
  "RH-1706": {
    happened: msg`The relay has no bundle of the organisation that can be verified.`,
    advice: msg`Run “handrail-relay keys” and start the relay again. With an enrolment link, compare the fingerprint in it with the one that the command prints.`,
  },
  "RH-1707": {
    happened: msg`Somebody signed in with an account of another organisation.`,
    advice: msg`The person signs in with the account of this organisation; the program remembers which one it is set up for.`,
  },
  "RH-1708": {
    happened: msg`What is kept about the organisation cannot be read or written.`,
    advice: msg`Look at the event log and at the folder of “--state” (by default “handrail” in the user's state folder): its rights, free space, and a damaged file below “relays”. Remove a damaged file only after comparing the fingerprint of the organisation's key with an enrolment link.`,
  },
  "RH-1801": {
    happened: msg`The relay's store does not answer.`,
    advice: msg`An administrator looks at the relay's log and at its database. No session starts without a record.`,
  },
  "RH-1802": {
    happened: msg`The relay's disk is full.`,
    advice: msg`An administrator frees space on the relay's disk. No session starts without a record.`,
  },
  "RH-1803": {
    happened: msg`No such record, or not one of this person.`,
    advice: msg`Reload the page. Records are kept for 30 days.`,
  },
  "RH-1804": {
    happened: msg`The relay does not understand the request.`,
    advice: msg`Reload the page, or look at “relay/openapi.json” for what the address takes.`,
  },
  "RH-1805": {
    happened: msg`What the request names does not exist, or belongs to another organisation.`,
    advice: msg`Reload the page: somebody may have deleted it meanwhile.`,
  },
  "RH-1806": {
    happened: msg`The change contradicts what is kept: a name is taken, a limit is reached, or others need what should go.`,
    advice: msg`Change what the answer names, and send it again.`,
  },
};
