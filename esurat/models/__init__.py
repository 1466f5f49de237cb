# Mixins come before what they are part of; the rest is in the order of the alphabet.
from . import agency_record, letter_notification, letter_scan  # isort: skip
from . import (
    classification,
    disposition,
    holder,
    hr_department,
    hr_employee,
    instruction,
    ir_actions_report,
    ir_attachment,
    letter,
    letter_type,
    mail_thread,
    morning,
    presence,
    recipient_list,
    res_company,
    res_config_settings,
    res_users,
    reservation,
    routing,
    series,
)
