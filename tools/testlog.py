"""Reading the log of an Odoo test run as it is written: which tests started, failed or were skipped."""

import re

RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)$")
SUMMARY = "odoo.tests.result"
STARTING = re.compile(r"^Starting (\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (\S+) : (.*)")
HOLLOW = re.compile(r"\[HOOT\] (?:no tests to run|Passed 0 tests)")
BROKEN = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(\S+)")


class TestLog:
    """What the lines fed so far say.

    :param show: called with each line a developer should see at once
    """

    def __init__(self, show):
        self.started = []
        self.failed = set()
        self.skipped = set()
        self.errors = 0
        self._show = show
        self._class = None
        self._loud = False

    def feed(self, line):
        """Take in one line of the log.

        :param str line: the line, without its end
        """
        record = RECORD.match(line)
        if not record:
            if self._loud:
                self._show(line)
            return
        self._loud = record["level"] in ("ERROR", "CRITICAL")
        if self._loud:
            self._show(line)
            self._error(record)
        else:
            self._progress(record)

    def _error(self, record):
        broken = BROKEN.match(record["text"])
        name = broken and self._name(record, broken[1])
        if name in self.started:
            self.failed.add(name)
        elif record["logger"] == SUMMARY and (self.failed or self.errors):
            return
        elif self.started and not broken:
            # What a test logs as an error spoils it even when its assertions hold.
            self.failed.add(self.started[-1])
        else:
            self.errors += 1

    def _progress(self, record):
        starting = STARTING.match(record["text"])
        skipped = SKIPPED.match(record["text"])
        if starting:
            name = self._name(record, starting[1])
            self.started.append(name)
            label = name.rpartition(".")[0]
            if label != self._class:
                self._class = label
                self._show(f"  {label}")
        elif skipped:
            self.skipped.add(self._name(record, skipped[1]))
            self._show(f"  skipped {skipped[1]}: {skipped[2]}")

        elif HOLLOW.search(record["text"]):
            self.errors += 1
            self._show("  a JavaScript suite ran no tests")

    def _name(self, record, test):
        return f"{record['logger'].rpartition('.')[2]}.{test}"
