"""Tell readers apart by their address, and keep one of them from asking for all.

Who asks too often is told so before anything is noted: the journal counts as well, over all
processes, but a refusal that it notes is a row, and rows are not to be had for the asking.
"""

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from aiohttp import web

WINDOW_S = 60.0
_MOST_ASKERS = 20_000
_UNKNOWN = "unknown"
_NETWORK_BITS = 64
"""Of an IPv6 address: what one household or machine has for itself."""


def asker_of(request: web.Request, *, trusts_proxy: bool) -> str:
    """Return who asks: the address of the client.

    Args:
        request: What was asked.
        trusts_proxy: Whether the last address in X-Forwarded-For is one that a proxy of the
            operator's put there.
    """
    address = request.remote or ""
    if trusts_proxy and (forwarded := request.headers.getall("X-Forwarded-For", [])):
        address = forwarded[-1].rpartition(",")[2].strip()
    return network_of(address)


def network_of(address: str) -> str:
    """Return an address, of IPv6 the network; what is none is nobody in particular."""
    try:
        known = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return _UNKNOWN
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        network = ipaddress.ip_network((known.packed, _NETWORK_BITS), strict=False)
        return str(network.network_address)
    return str(known)


class Turnstile:
    """Lets so many in a minute through.

    Args:
        per_asker: Requests of one asker; 0 for no limit.
        in_all: Requests of all; 0 for no limit.
        clock: Seconds, from any beginning.
    """

    def __init__(
        self, per_asker: int, in_all: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_asker = per_asker
        self._in_all = in_all
        self._clock = clock
        self._passed: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque()

    def wait_s(self, asker: str) -> float:
        """Let an asker through, or say how many seconds they have to wait.

        Returns:
            0 when they are through, which counts from now on.
        """
        now = self._clock()
        own = self._passed.setdefault(asker, deque())
        self._passed.move_to_end(asker)
        if len(self._passed) > _MOST_ASKERS:
            self._passed.popitem(last=False)
        wait = max(_wait(own, self._per_asker, now), _wait(self._all, self._in_all, now))
        if wait <= 0:
            if self._per_asker:
                own.append(now)
            if self._in_all:
                self._all.append(now)
        return wait


def _wait(times: deque[float], most: int, now: float) -> float:
    while times and times[0] <= now - WINDOW_S:
        times.popleft()
    return times[0] + WINDOW_S - now if most and len(times) >= most else 0.0
