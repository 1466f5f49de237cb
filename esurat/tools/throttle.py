"""Keeping strangers from asking too often."""

import threading
import time
from collections import OrderedDict, deque


class Throttle:
    """Lets each visitor ask so many times in so many seconds; kept in memory, and forgotten with it.

    Each server process counts for itself, so with several of them a visitor may ask that many times more often.

    :param int most: how many times
    :param int seconds: in how many seconds
    :param int visitors: how many visitors are remembered; the longest silent is forgotten first
    """

    def __init__(self, most, seconds, visitors=10_000):
        self._most, self._seconds, self._visitors = most, seconds, visitors
        self._asked = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, visitor):
        """Count one more question of *visitor* (str), and tell whether it may be answered."""
        now = time.monotonic()
        with self._lock:
            asked = self._asked.setdefault(visitor, deque())
            self._asked.move_to_end(visitor)
            while asked and asked[0] <= now - self._seconds:
                asked.popleft()
            if len(self._asked) > self._visitors:
                self._asked.popitem(last=False)
            if len(asked) >= self._most:
                return False
            asked.append(now)
            return True
