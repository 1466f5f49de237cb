"""The outcome of test runs, and what adds up to a failure beside failing tests."""

from dataclasses import dataclass

from tools.say import say


@dataclass
class Result:
    """Counts of tests; anything that makes a run less than it should be counts as failed."""

    passed: int = 0
    failed: int = 0

    def trouble(self, words):
        """Count one more failure, and say why.

        :param str words: what is wrong
        """
        say(f"FAILED: {words}")
        self.failed += 1

    def __add__(self, other):
        return Result(self.passed + other.passed, self.failed + other.failed)

    def close(self):
        """Print the closing line.

        :return: exit status
        :rtype: int
        """
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
