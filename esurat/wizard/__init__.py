from . import agenda_book, amend, cancel, dispose, reserve, respond, write_off
