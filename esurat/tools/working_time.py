"""Working hours between two moments."""

from bisect import bisect_right
from itertools import accumulate

import pytz


class WorkingTime:
    """The working hours of a stretch of time, laid end to end.

    :param list intervals: ``(begin, end)`` of each piece of work, aware datetimes in order, not overlapping
    """

    def __init__(self, intervals):
        self._begins = [begin for begin, _end in intervals]
        self._lengths = [(end - begin).total_seconds() / 3600 for begin, end in intervals]
        self._before = [0, *accumulate(self._lengths)]

    def _until(self, moment):
        """Return the working hours up to *moment* (aware)."""
        index = bisect_right(self._begins, moment) - 1
        if index < 0:
            return 0
        inside = (moment - self._begins[index]).total_seconds() / 3600
        return self._before[index] + min(inside, self._lengths[index])

    def hours(self, start, end):
        """Return the working hours from *start* to *end*.

        :param datetime start: naive, in UTC
        :param datetime end: naive, in UTC; before *start*: the result is 0
        :return: hours as a float
        """
        return max(0, self._until(pytz.utc.localize(end)) - self._until(pytz.utc.localize(start)))
