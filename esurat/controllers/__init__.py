from . import exchange, verify
