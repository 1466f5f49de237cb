from . import codes, counting, merge, numbering, pades, paper, scan, throttle
