from . import table_import  # isort: skip
from . import (
    add_agency,
    agency_settings,
    agenda_book,
    amend,
    cancel,
    dispose,
    people_import,
    register_import,
    reserve,
    respond,
    write_off,
)
