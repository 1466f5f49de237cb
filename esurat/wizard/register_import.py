from datetime import date

from odoo import Command, fields, models

from ..models.selections import DIRECTIONS
from .table_import import Fault

FIRST_YEAR = 1990
LARGEST_SERIAL = 999_999
LENGTHS = {"subject": 500, "number": 100, "agenda_number": 100, "partner": 200, "remarks": 500}


class RegisterImport(models.TransientModel):
    """Takes in the letters of an old register with their numbers, so that its series goes on where it stood.

    A letter is known by direction, year and serial. One that was taken in before is brought up to date; one that was
    registered here is never touched. Incoming ones are written off, outgoing ones sent: nobody holds them.
    """

    _name = "esurat.register.import"
    _inherit = ["esurat.table.import"]
    _description = "Import of an old register"

    def _columns(self):
        return [
            ("direction", self.env._("Direction"), 14, True),
            ("year", self.env._("Year"), 8, True),
            ("serial", self.env._("Serial"), 8, True),
            ("agenda_number", self.env._("Agenda number"), 20, False),
            ("day", self.env._("Registered on"), 14, False),
            ("letter_date", self.env._("Letter date"), 14, False),
            ("number", self.env._("Letter number"), 26, False),
            ("partner", self.env._("From or to"), 36, False),
            ("subject", self.env._("Subject"), 60, True),
            ("classification", self.env._("Classification"), 16, False),
            ("remarks", self.env._("Remarks"), 36, False),
        ]

    def _examples(self):
        year, names = fields.Date.context_today(self).year, list(self._directions().values())
        subjects = self.env._("Invitation to a meeting"), self.env._("Answer to the invitation")
        came, went = date(year, 1, 5), date(year, 1, 7)
        return [
            [
                names[0],
                year,
                1,
                "0001",
                came,
                date(year, 1, 2),
                f"005/12/{year}",
                "Bappeda",
                subjects[0],
                "000",
                "",
            ],
            [names[1], year, 1, "", went, went, "", "Bappeda", subjects[1], "", ""],
        ]

    def _directions(self):
        """Return what the directions are called: ``{key: name}``."""
        return dict(self.env["esurat.letter"]._fields["direction"]._description_selection(self.env))

    def _direction(self, text):
        """Return the key of the direction that *text* names in English or the user's language, or ``None``."""
        known = {name.casefold(): key for key, name in self._directions().items()}
        known |= {name.casefold(): key for key, name in DIRECTIONS}
        known |= {"surat masuk": "incoming", "surat keluar": "outgoing", "nota dinas": "internal"}
        return known.get(str(text or "").casefold())

    def _look(self, rows):
        today, faults, seen, known = fields.Date.context_today(self), [], {}, 0
        letters, reserved, series = self._letters(rows), self._reserved(rows), self._series()
        codes = set(self.env["esurat.classification"].search([]).mapped("code"))
        for number, row in rows:
            direction, year, serial = self._direction(row["direction"]), row["year"], row["serial"]
            if not direction:
                names = ", ".join(self._directions().values())
                faults.append(Fault(number, "direction", self.env._("is none of %(names)s", names=names)))
            elif not series[direction]:
                faults.append(Fault(number, "direction", self.env._("has no number series in this agency")))
            if not isinstance(year, int) or not FIRST_YEAR <= year <= today.year:
                faults.append(Fault(number, "year", self.env._("is no year up to this one")))
                continue
            if not isinstance(serial, int) or not 0 < serial <= LARGEST_SERIAL:
                faults.append(Fault(number, "serial", self.env._("is no whole number above 0")))
                continue
            key = direction, year, serial
            if key in seen:
                faults.append(Fault(number, "serial", self.env._("stands in row %(row)s already", row=seen[key])))
            seen[key] = number
            if key in reserved:
                faults.append(Fault(number, "serial", self.env._("is reserved in E-Surat")))
            if key in letters:
                known += 1
                if not letters[key].from_register:
                    faults.append(Fault(number, "serial", self.env._("is the number of a letter in E-Surat")))
            faults += self._look_at_texts(number, row, codes, today)
        summary = self.env._(
            "%(new)s letters are taken in, %(known)s that are known are brought up to date.",
            new=len(seen) - known,
            known=known,
        )
        return faults, summary

    def _look_at_texts(self, number, row, codes, today):
        faults = []
        for key in ("day", "letter_date"):
            value = row[key]
            if value and not isinstance(value, date):
                faults.append(Fault(number, key, self.env._("is no date: format the cell as one")))
            elif value and value > today:
                faults.append(Fault(number, key, self.env._("is a day to come")))
        if isinstance(row["day"], date) and row["day"].year != row["year"]:
            faults.append(Fault(number, "day", self.env._("is not in the year of the number")))
        if isinstance(row["classification"], int | float):
            # 400.10 as a number is 400.1, another code
            faults.append(Fault(number, "classification", self.env._("is a number: format the cell as text")))
        elif row["classification"] and row["classification"] not in codes:
            faults.append(Fault(number, "classification", self.env._("is no code of the classification")))
        for key, most in (
            ("subject", 500),
            ("number", 100),
            ("agenda_number", 100),
            ("partner", 200),
            ("remarks", 500),
        ):
            if len(str(row[key] or "")) > most:
                faults.append(Fault(number, key, self.env._("is longer than %(most)s characters", most=most)))
        return faults

    def _series(self):
        """Return the agency's series by direction: ``{direction: esurat.series}``, empty where there is none."""
        kind, Series = self.env["esurat.letter.type"].search([], limit=1), self.env["esurat.series"]
        return {key: Series.browse(Series._id_for(self.company_id.id, key, kind.id) or ()) for key, _name in DIRECTIONS}

    def _letters(self, rows):
        """Return the letters that bear these numbers: ``{(direction, year, serial): esurat.letter}``."""
        found = self.env["esurat.letter"].search(
            [
                ("series_id", "in", self._all_series().ids),
                ("year", "in", self._numbers(rows, "year")),
                ("serial", "in", self._numbers(rows, "serial")),
            ]
        )
        return {(letter.direction, letter.year, letter.serial): letter for letter in found}

    def _reserved(self, rows):
        found = self.env["esurat.reservation"].search(
            [("series_id", "in", self._all_series().ids), ("serial", "in", self._numbers(rows, "serial"))]
        )
        return {(one.series_id.direction, one.year, one.serial) for one in found}

    def _all_series(self):
        return self.env["esurat.series"].union(*self._series().values())

    @staticmethod
    def _numbers(rows, key):
        return list({row[key] for _number, row in rows if isinstance(row[key], int) and 0 < row[key] < 2**31})

    def _take(self, rows):
        # nobody takes one of these numbers while they are written
        self._all_series()._lock()
        letters, partners, series = self._letters(rows), self._partners(rows), self._series()
        codes = {one.code: one.id for one in self.env["esurat.classification"].search([])}
        kind = self.env["esurat.letter.type"].search([], limit=1)
        new = []
        for _number, row in rows:
            direction = self._direction(row["direction"])
            values = self._values(row, direction, partners, codes)
            known = letters.get((direction, row["year"], row["serial"]))
            if known:
                known.with_context(tracking_disable=True).write(values)
            else:
                new.append(
                    {
                        **values,
                        "direction": direction,
                        "company_id": self.company_id.id,
                        "series_id": series[direction].id,
                        "type_id": kind.id,
                        "year": row["year"],
                        "serial": row["serial"],
                        "from_register": True,
                    }
                )
        self.env["esurat.letter"].with_context(tracking_disable=True).create(new)

    def _values(self, row, direction, partners, codes):
        day = row["day"] or date(row["year"], 12, 31)
        agenda_number = str(row["agenda_number"] or row["serial"])
        partner = partners.get(str(row["partner"] or "").casefold())
        values = {
            "subject": str(row["subject"]),
            "agenda_number": agenda_number,
            "number": str(row["number"] or ("" if direction == "incoming" else agenda_number)),
            "letter_date": row["letter_date"] or False,
            "register_date": day,
            "received_date": False,
            "classification_id": codes.get(str(row["classification"] or ""), False),
            "write_off_note": str(row["remarks"] or "") or False,
        }
        if direction == "incoming":
            return {
                **values,
                "sender_id": partner,
                "state": "done",
                "write_off_kind": "noted",
                "write_off_date": fields.Datetime.to_datetime(day),
            }
        return {**values, "addressee_ids": [Command.set([partner] if partner else [])], "state": "sent"}

    def _partners(self, rows):
        """Return the correspondents of *rows*, made where there are none: ``{name in small letters: id}``."""
        names = {str(row["partner"]).casefold(): str(row["partner"]) for _number, row in rows if row["partner"]}
        Partner = self.env["res.partner"]
        found = Partner.search(
            [
                ("name", "in", list(names.values())),
                ("parent_id", "=", False),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            order="id desc",
        )
        partners = {partner.name.casefold(): partner.id for partner in found}
        missing = [name for name in names if name not in partners]
        made = Partner.create([{"name": names[name], "is_company": True} for name in missing])
        return partners | dict(zip(missing, made.ids, strict=True))
