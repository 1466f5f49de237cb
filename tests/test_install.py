"""A fresh agency installs the addon."""


def test_the_installation_says_nothing_alarming(template):
    _database, log = template
    alarming = [line for line in log.splitlines() if " esurat" in line and (" WARNING " in line or " ERROR " in line)]
    assert alarming == []
