"""Reads the accessibility tree over D-Bus and presses what stands in it: one JSON request a line, one JSON answer a line."""
import json
import sys
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib

MILLISECONDS = 5000
WITHIN_WINDOW = 1
ACCESSIBLE = "org.a11y.atspi.Accessible"
PROPERTIES = "org.freedesktop.DBus.Properties"


def call(bus, owner, path, interface, method, arguments=None):
    return bus.call_sync(owner, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, MILLISECONDS, None).unpack()


def connect():
    session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    (address,) = call(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
    # Programs show their tree only while somebody listens.
    enabled = GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True)))
    call(session, "org.a11y.Bus", "/org/a11y/bus", PROPERTIES, "Set", enabled)
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


BUS = connect()
ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")


def children(node):
    return call(BUS, *node, ACCESSIBLE, "GetChildren")[0]


def name(node):
    return call(BUS, *node, PROPERTIES, "Get", GLib.Variant("(ss)", (ACCESSIBLE, "Name")))[0]


def extents(node):
    return call(BUS, *node, "org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (WITHIN_WINDOW,)))[0]


def bottom(node):
    """How far down in its window something reaches; what has no place reaches nowhere."""
    try:
        _, y, _, height = extents(node)
        return y + height
    except GLib.Error:
        return 0


def beside(node):
    """Everything in the window that something stands in, the window first."""
    for program in children(ROOT):
        for window in children(program):
            inside = [(None, window)]
            walk(window, inside)
            if any(other == node for _, other in inside):
                return [other for _, other in inside]
    return [node]


def walk(node, seen):
    for child in children(node):
        try:
            seen.append((name(child), child))
            walk(child, seen)
        except GLib.Error:
            pass  # it went while it was read


def find(request):
    """The first thing that is called `name`, or whose name starts with `begins`."""
    until = time.monotonic() + 20
    while True:
        seen = []
        walk(ROOT, seen)
        for called, node in seen:
            if called == request.get("name") or ("begins" in request and called.startswith(request["begins"])):
                return node, called, seen
        if time.monotonic() > until:
            return None, None, seen


children(ROOT)  # starts the registry, which windows that come later want to meet
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    node, called, seen = find(request)
    found = node is not None
    if found and request.get("press"):
        (found,) = call(BUS, *node, "org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)))
    place = lowest = None
    if found and request.get("place"):
        place = extents(node)
        lowest = max(map(bottom, beside(node)))
    print(json.dumps({"found": found, "place": place, "lowest": lowest, "name": called, "seen": [other for other, _ in seen if other]}), flush=True)
