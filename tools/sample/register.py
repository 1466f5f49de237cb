"""Writes the letters as the models hold them: holds and dispositions with their final values, numbers without a gap."""

from collections import Counter

from . import when
from .letters import letters
from .markup import Document, Eval, File, Ref, refs
from .people import PEOPLE, UNITS
from .setup import RESERVED

NUMBERS = {
    "incoming": "{serial:04d}",
    "outgoing": "{code}/{serial}/{unit}/{{year}}",
    "internal": "ND/{serial:03d}/{unit}/{{roman}}/{{year}}",
}
# Of these, whoever takes one in keeps a hold.
CONFIDENTIAL = ("secret", "top_secret")


class Register:
    """The letters with their XML ids and serials.

    :ivar list entries: ``(xml id, letter, serial or None)`` in the order of registration
    """

    def __init__(self):
        taken = {(f"diskominfo_{series}", serial) for _key, series, serial, *_ in RESERVED}
        reserved = {key: serial for key, _series, serial, *_ in RESERVED}
        last, self.entries = Counter(), []
        for index, letter in enumerate(letters(), 1):
            serial, series = None, f"{letter.agency}_{letter.direction}"
            if letter.reservation:
                serial = reserved[letter.reservation]
            elif letter.registered:
                last[series] += 1
                while (series, last[series]) in taken:
                    last[series] += 1
                serial = last[series]
            self.entries.append((f"letter_{index:03d}", letter, serial))
        self._places = {id(letter): (xmlid, serial) for xmlid, letter, serial in self.entries}

    def document(self):
        """Return `letters.xml`."""
        xml = Document(
            "Sixty letters of the last six weeks, in every state, as acts of people would have left them.",
            "A date is so many working days before the installation: one offset for each weekday on which that may be.",
        )
        for xmlid, letter, serial in self.entries:
            xml.note(f"{xmlid.removeprefix('letter_')}: {letter.subject}")
            xml.record(xmlid, "esurat.letter", self._values(letter, serial))
            if letter.direction != "incoming" or letter.security in CONFIDENTIAL:
                self._add_author(xml, xmlid, letter)
            self._add_chain(xml, xmlid, letter)
            if letter.scan:
                _add_scan(xml, xmlid)
        return str(xml)

    def _values(self, letter, serial):
        series = Ref(f"series_{letter.agency}_{letter.direction}")
        incoming = letter.direction == "incoming"
        values = {
            "create_uid": Ref(PEOPLE[letter.registrar].user),
            "create_date": _moment(letter.made),
            "direction": letter.direction,
            "state": letter.state,
            "company_id": Ref(f"company_{letter.agency}"),
            "type_id": Ref(f"type_{letter.type}"),
            "urgency": letter.urgency,
            "security_class": letter.security,
            "subject": letter.subject,
            "medium": letter.medium,
            "page_count": letter.pages,
            "letter_date": Eval(when.day(letter.received + letter.written)),
            "received_date": Eval(when.day(letter.received)) if incoming else False,
        }
        if letter.code:
            values["classification_id"] = Ref(f"classification_{letter.code}")
        if letter.text:
            values["summary"] = letter.text
        if letter.unit:
            values["department_id"] = Ref(f"department_{letter.unit}")
        if incoming:
            values["sender_id"] = Ref(f"partner_{letter.partner}")
            values |= self._addressees(letter)
        elif letter.partner:
            values["addressee_ids"] = refs([f"partner_{letter.partner}"])
        if letter.number:
            values["number"] = _text(letter.number, letter.received + letter.written)
        if letter.answers:
            values["reply_to_id"] = Ref(self._places[id(letter.answers)][0])
        if serial:
            number = self._number(letter, serial)
            values |= {
                "register_date": Eval(when.day(letter.received)),
                "series_id": series,
                "year": Eval(when.year(letter.received)),
                "serial": serial,
                "agenda_number": number,
            }
            if not incoming:
                values["number"] = number
        if letter.reservation:
            ago = next(ago for key, _series, _serial, ago, _reason in RESERVED if key == letter.reservation)
            values |= {"reservation_id": Ref(f"reservation_{letter.reservation}"), "year": Eval(when.year(ago))}
        return values | self._end(letter)

    @staticmethod
    def _addressees(letter):
        """Return to whom the registrar gives the letter: the head by name, others by position, as the routing does."""
        people = [PEOPLE[login] for login in letter.to]
        heads = [person for person in people if person.login == UNITS[letter.agency][-1]]
        return {
            "recipient_ids": refs(person.user for person in heads),
            "position_ids": refs(person.job for person in people if person not in heads),
        }

    def _end(self, letter):
        """Return what writing off or cancelling has set."""
        if letter.cancel_reason:
            return {"cancel_reason": letter.cancel_reason}
        if not letter.write_off:
            return {}
        kind, note, at, login = letter.write_off
        if letter.answer:
            detail = self._number(letter.answer, self._places[id(letter.answer)][1])
        else:
            detail = _text(note, at[0])
        return {
            "write_off_kind": kind,
            "write_off_note": detail,
            "write_off_date": _moment(at),
            "write_off_user_id": Ref(PEOPLE[login].user),
        }

    @staticmethod
    def _number(letter, serial):
        unit = UNITS[letter.unit or letter.agency][2]
        return _text(
            NUMBERS[letter.direction].format(code=letter.code.replace("_", "."), serial=serial, unit=unit),
            letter.received,
        )

    @staticmethod
    def _add_author(xml, xmlid, letter):
        """Whoever creates such a letter becomes its author: here the installation, whose place the registrar takes."""
        person = PEOPLE[letter.registrar]
        done = letter.made if letter.direction == "incoming" else letter.sent
        values = {
            "user_id": f"ref('{person.user}')",
            "issuer_id": f"ref('{person.user}')",
            "holder_name": repr(person.name),
            "holder_position": repr(person.position),
            "department_id": f"ref('department_{person.unit}')",
            "read_date": _moment(letter.made).expression,
            "state": "'done'" if done else "'read'",
            "done_date": _moment(done).expression if done else "False",
        }
        xml.function(
            "esurat.holder",
            "write",
            {"model": "esurat.holder", "search": f"[('letter_id', '=', ref('{xmlid}')), ('role', '=', 'author')]"},
            {"eval": _mapping(values)},
        )

    @staticmethod
    def _add_chain(xml, xmlid, letter):
        """Add holds in the order in which they were made, each disposition before those that it makes."""
        for index, hold in enumerate(letter.holds, 1):
            if hold.disposition is not None:
                disposition = letter.dispositions[hold.disposition]
                first = next(h for h in letter.holds if h.disposition == hold.disposition)
                if hold is first:
                    _add_disposition(xml, xmlid, hold.disposition, disposition)
            _add_hold(xml, f"{xmlid}_hold_{index}", xmlid, hold)


def _add_disposition(xml, letter, index, disposition):
    issuer = PEOPLE[disposition.issuer]
    xml.record(
        f"{letter}_disposition_{index + 1}",
        "esurat.disposition",
        {
            "create_date": _moment(disposition.made),
            "letter_id": Ref(letter),
            "source_id": Ref(f"{letter}_hold_{disposition.source + 1}"),
            "issuer_id": Ref(issuer.user),
            "issuer_name": issuer.name,
            "issuer_position": issuer.position,
            "instruction_ids": refs(f"instruction_{key}" for key in disposition.instructions),
            "note": disposition.note or False,
            "deadline": _due(disposition.due),
        },
    )


def _add_hold(xml, xmlid, letter, hold):
    person = PEOPLE[hold.login]
    values = {
        "create_date": _moment(hold.made),
        "letter_id": Ref(letter),
        "user_id": Ref(person.user),
        "role": hold.role,
        "issuer_id": Ref(PEOPLE[hold.issuer].user),
        "holder_name": person.name,
        "holder_position": person.position,
        "department_id": Ref(f"department_{person.unit}"),
        "state": hold.state,
    }
    if hold.disposition is not None:
        values["disposition_id"] = Ref(f"{letter}_disposition_{hold.disposition + 1}")
    if hold.role == "responsible":
        direct = Eval(f"obj(ref('{letter}')).deadline", "esurat.letter")
        values["deadline"] = direct if hold.disposition is None else _due(hold.due)
    for name, at in (("read_date", hold.read), ("done_date", hold.done), ("confirmed_date", hold.confirmed)):
        if at:
            values[name] = _moment(at)
    if hold.response:
        values["response"] = hold.response
    if hold.actor:
        values["acted_by_id"] = Ref(PEOPLE[hold.actor].user)
    xml.record(xmlid, "esurat.holder", values)


def _add_scan(xml, letter):
    xml.record(
        f"{letter}_scan",
        "ir.attachment",
        {
            "name": f"{letter.replace('letter', 'pindaian')}.pdf",
            "res_model": "esurat.letter",
            "res_id": Ref(letter),
            "datas": File(f"esurat/demo/scans/{letter}.pdf"),
        },
    )
    xml.write("esurat.letter", letter, {"message_main_attachment_id": f"ref('{letter}_scan')"})


def _moment(at):
    return Eval(when.moment(*at))


def _due(due):
    if due is None:
        return False
    return Eval(when.day(-due) if due else when.today())


def _text(template, ago):
    is_expression, text = when.text(template, ago)
    return Eval(text) if is_expression else text


def _mapping(values):
    inner = "".join(f"                '{name}': {expression},\n" for name, expression in values.items())
    return f"{{\n{inner}            }}"
