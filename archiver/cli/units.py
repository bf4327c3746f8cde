"""The systemd units of the night: `deploy/` has them for a user of its own, the hint for yours.

One text for both. Everything that the night does not need is taken from it: it reads the program
and its settings, writes beside the archive, and speaks to the network; a fault in a library that
reads what strangers posted finds nothing else. `systemd-analyze security` says how much is left.
"""

from __future__ import annotations

from dataclasses import dataclass

# A signal ends the page in hand within ten seconds.
STOP_SECONDS = 20
# What the sandbox is made of; deploy/, the hint and docs/cron.md say the same.
HARDENING = """\
# What it may touch: its own folders, the network, nothing else.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome={home}
{tmp}
PrivateDevices=yes
PrivateUsers=yes
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0077
"""
_PRIVATE_TMP = "PrivateTmp=yes"
_SHARED_TMP = """\
# No PrivateTmp=yes: it would hide what lies in /tmp or /var/tmp, and the night needs some of it.
# Such files go at a reboot, or before; a better place for them is somewhere else."""
_SERVICE = """\
[Unit]
Description=Archive Telegram channels
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
ExecStart={command}
TimeoutStopSec={stop}
Nice=10
IOSchedulingClass=idle
{folders}

{hardening}"""
TIMER = """\
[Unit]
Description=Archive Telegram channels every night

[Timer]
OnCalendar=*-*-* 03:17:00
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Who runs the night, with which command, and where it may write.

    `folders` are lines of the unit; `home` is what it may do in people's homes; `tmp`: something
    that it needs lies in /tmp, which a private one would hide.
    """

    user: str
    command: str
    folders: str
    home: str
    tmp: bool = False


# A user of its own whose home is /var/lib/archiver: everything is in its usual place there.
DEPLOYED = Place(
    user="archiver",
    command="/opt/archiver/bin/archiver nightly --if-locked skip",
    folders="StateDirectory=archiver\nStateDirectoryMode=0700",
    home="yes",
)


def service(place: Place) -> str:
    """The service unit of a night."""
    return _SERVICE.format(
        user=place.user,
        command=place.command,
        stop=STOP_SECONDS,
        folders=place.folders,
        hardening=HARDENING.format(home=place.home, tmp=_SHARED_TMP if place.tmp else _PRIVATE_TMP),
    )
