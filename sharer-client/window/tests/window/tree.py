"""Reads the accessibility tree and presses what stands in it: one JSON request a line, one JSON answer a line."""
import json
import sys
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib

# Programs show their tree only while somebody listens.
bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
bus.call_sync(
    "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set",
    GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True))),
    None, Gio.DBusCallFlags.NONE, 20000, None)

import pyatspi


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    for at in range(node.childCount):
        yield from walk(node.getChildAtIndex(at), depth + 1)


def names():
    # What the library remembers goes stale where no main loop runs.
    while GLib.MainContext.default().iteration(False):
        pass
    desktop = pyatspi.Registry.getDesktop(0)
    desktop.clearCache()
    found = []
    for application in desktop:
        for node in walk(application):
            if node.name:
                found.append(node)
    return found


def find(name):
    until = time.monotonic() + 20
    seen = []
    while time.monotonic() < until:
        try:
            nodes = names()
            seen = [node.name for node in nodes]
            for node in nodes:
                if node.name == name:
                    return node, seen
        except Exception as error:  # a node may go while it is read
            seen = [repr(error)]
        time.sleep(0.02)
    return None, seen


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    node, seen = find(request["name"])
    answer = {"found": node is not None, "seen": seen}
    if node is not None and request.get("press"):
        answer["found"] = bool(node.queryAction().doAction(0))
    print(json.dumps(answer), flush=True)
