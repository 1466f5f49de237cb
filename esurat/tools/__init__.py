from . import counting, numbering, paper, scan
