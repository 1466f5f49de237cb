from . import table_import  # isort: skip
from . import (
    add_agency,
    agency_settings,
    agenda_book,
    amend,
    cancel,
    compare,
    dispose,
    people_import,
    register_import,
    reject,
    replace,
    reserve,
    respond,
    signed_scans,
    submit,
    write_off,
)
