"""A bad line: what goes through it is cut off or held up after so many bytes."""

import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

from tests.cohort.servers.counted import Counted

BLOCK = 1 << 14
LOOK = 0.02  # seconds between looks at whether something was released, or all is over


class Way(Enum):
    """Which way bytes go."""

    UP = "from the client to the server"
    DOWN = "from the server to the client"


@dataclass(slots=True)
class LineFault(Counted):
    """What happens to some connections.

    Attributes:
        way: Which way the bytes go that are counted.
        bytes: After how many of them it happens.
        hold: Whether bytes are kept until `release`; the connection is cut otherwise.
        reset: Whether a cut is a reset, as when a machine goes; an end, as when a program goes,
            otherwise.
        reached: Is set as soon as it has happened to one connection.
        released: Whether `release` was called.
    """

    way: Way
    bytes: int
    hold: bool = False
    reset: bool = True
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let bytes through again, those held and all others."""
        self.released.set()

    def takes(self) -> bool:
        """Whether a new connection has this fault; it is then counted."""
        return not self.released.is_set() and self.happens()


@dataclass(slots=True)
class Traffic:
    """What went through one connection.

    Attributes:
        passed: How many bytes, each way.
        fault: The fault that it had, whether or not so many bytes came that it happened.
    """

    passed: dict[Way, int]
    fault: LineFault | None


@dataclass(slots=True)
class Proxy:
    """A line to a port.

    Attributes:
        target: The port of 127.0.0.1 that it leads to.
        port: The port of 127.0.0.1 that it is taken at.
        connections: What went through it.
        faults: What happens to new connections.
    """

    target: int
    port: int = 0
    connections: list[Traffic] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)

    def fault(self, fault: LineFault) -> LineFault:
        """Have something happen to connections from now on."""
        self.faults.append(fault)
        return fault

    def mend(self) -> None:
        """Have nothing happen any more, and let go what is held."""
        faults, self.faults = self.faults, []
        for fault in faults:
            fault.release()


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """Lay a line to a port of 127.0.0.1 for as long as the block lasts."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        line = Proxy(target, listener.getsockname()[1])
        accepting = threading.Thread(target=_accept, args=(listener, line, over))
        accepting.start()
        try:
            yield line
        finally:
            line.mend()
            over.set()
            accepting.join()


def _accept(listener: socket.socket, line: Proxy, over: threading.Event) -> None:
    """Take connections until all is over, and then see them end."""
    carrying = []
    while not over.is_set():
        if select.select([listener], [], [], LOOK)[0]:
            near, _ = listener.accept()
            fault = next((each for each in line.faults if each.takes()), None)
            traffic = Traffic(dict.fromkeys(Way, 0), fault)
            line.connections.append(traffic)
            carrying.append(threading.Thread(target=_carry, args=(near, line, traffic, over)))
            carrying[-1].start()
    for thread in carrying:
        thread.join()


def _carry(near: socket.socket, line: Proxy, traffic: Traffic, over: threading.Event) -> None:
    """Carry one connection to its end."""
    with near:
        try:
            far = socket.create_connection(("127.0.0.1", line.target))
        except OSError:
            _reset(near)
            return
        with far:
            # A side that does not read must not keep us when all is over.
            for side in (near, far):
                side.settimeout(30)
            try:
                _Pump({near: (Way.UP, far), far: (Way.DOWN, near)}, traffic, over).run()
            except _CutError:
                if traffic.fault and traffic.fault.reset:
                    _reset(near)
                    _reset(far)
            except OSError:
                _reset(near)
                _reset(far)


class _CutError(Exception):
    """The connection is to be cut."""


@dataclass(slots=True)
class _Pump:
    """Passes bytes on, both ways.

    Attributes:
        sides: The sockets, each with the way that its bytes go and the socket that they go to.
        traffic: What went through, and what is to happen.
        over: Whether all is over.
        held: The socket whose bytes are held, and those that it had read already.
    """

    sides: dict[socket.socket, tuple[Way, socket.socket]]
    traffic: Traffic
    over: threading.Event
    held: tuple[socket.socket, bytes] | None = None

    def run(self) -> None:
        """Pass bytes on until both sides have ended."""
        while self.sides and not self.over.is_set():
            self._let_go()
            listening = [side for side in self.sides if not self.held or side is not self.held[0]]
            for side in select.select(listening, [], [], LOOK)[0]:
                if block := side.recv(BLOCK):
                    self._pass(side, block)
                else:
                    with suppress(OSError):
                        self.sides.pop(side)[1].shutdown(socket.SHUT_WR)

    def _pass(self, side: socket.socket, block: bytes) -> None:
        way, _ = self.sides[side]
        fault = self.traffic.fault
        if fault and fault.way is way and not fault.released.is_set():
            # Exactly as many as were said, so that a test means what it says.
            room = fault.bytes - self.traffic.passed[way]
            if len(block) > room:
                self._send(side, block[:room])
                fault.reached.set()
                if not fault.hold:
                    raise _CutError
                self.held = (side, block[room:])
                return
        self._send(side, block)

    def _let_go(self) -> None:
        if self.held and self.traffic.fault and self.traffic.fault.released.is_set():
            side, block = self.held
            self.held = None
            self._send(side, block)

    def _send(self, side: socket.socket, block: bytes) -> None:
        way, other = self.sides[side]
        other.sendall(block)
        self.traffic.passed[way] += len(block)


def _reset(connection: socket.socket) -> None:
    """Have a connection end as it does when the machine at its other end goes."""
    with suppress(OSError):
        lingering = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
