"""Choices that several models share, in the order in which they weigh."""

DIRECTIONS = [
    ("incoming", "Incoming"),
    ("outgoing", "Outgoing"),
    ("internal", "Internal"),
]

# The keys sort: a list ordered by urgency needs no helper column.
URGENCIES = [
    ("0", "Normal"),
    ("1", "Urgent"),
    ("2", "Very urgent"),
]

SECURITY_CLASSES = [
    ("open", "Open"),
    ("restricted", "Restricted"),
    ("secret", "Secret"),
    ("top_secret", "Top secret"),
]

# Codes that stand on the letter: Peraturan Bapanas 3/2022 art. 39.
SECURITY_CODES = {"open": "B", "restricted": "T", "secret": "R", "top_secret": "SR"}

# What its holders alone may know of.
CONFIDENTIAL = ("secret", "top_secret")

# How somebody signs for another: a.n. and u.b. by mandate, Plt. and Plh. in an acting post (domain facts, section 1).
CAPACITIES = [
    ("own", "In her own post"),
    ("on_behalf", "On behalf (a.n.)"),
    ("sub_mandate", "By sub-mandate (u.b.)"),
    ("acting", "Acting (Plt.)"),
    ("daily_acting", "Acting for the day (Plh.)"),
]

# How somebody acts for another.
KINDS = [
    ("acting", "Acting (Plt.)"),
    ("daily_acting", "Acting for the day (Plh.)"),
    ("assistant", "Assistant"),
]
# They stand in the place of whom they act for: what they open is read, and they may sign.
ACTING = ("acting", "daily_acting")
# What stands before the post of whoever acts in it (domain facts, section 1).
PREFIXES = {"acting": "Plt.", "daily_acting": "Plh."}
# Each contains those before it.
SCOPES = [
    ("read", "Reads"),
    ("dispose", "Reads and disposes"),
    ("sign", "Reads, disposes, initials and signs"),
]
