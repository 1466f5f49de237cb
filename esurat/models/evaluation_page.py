import base64
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools.date_utils import float_to_time
from odoo.tools.misc import format_amount, format_date, formatLang

from ..tools import chart
from ..tools.spreadsheet import workbook
from .figures import FIGURES, HEAD_OF_UNIT, STAFF

SLOW_UNITS = 3  # units named as bottlenecks
ENOUGH = 3  # letters that a unit must have had to be named
MOST_POSTS, MOST_UNITS = 30, 15  # rows on paper; the spreadsheet has all of them


class EvaluationPage(models.AbstractModel):
    """What an evaluation says: its figures in words, tables and charts, for the screen, the PDF and the spreadsheet.

    It says all of it from the stored figures alone, in the language of whoever reads.
    """

    _name = "esurat.evaluation.page"
    _description = "Page of an evaluation"

    body = fields.Html(string="Evaluation", compute="_compute_body", sanitize=False)
    xlsx = fields.Binary(compute="_compute_xlsx")

    @api.depends("figures", "previous", "goals")
    @api.depends_context("lang")
    def _compute_body(self):
        for evaluation in self:
            evaluation.body = evaluation.figures and self.env["ir.qweb"]._render(
                "esurat.evaluation_body", {"page": evaluation._page()}
            )

    @api.depends("figures", "previous")
    @api.depends_context("lang")
    def _compute_xlsx(self):
        for evaluation in self:
            evaluation.xlsx = evaluation.figures and base64.b64encode(workbook(evaluation._sheets()))

    @staticmethod
    def _values(figures):
        """Return all values of *figures*, ``None`` for what was not measured yet when they were frozen."""
        return {**dict.fromkeys(figure.key for figure in FIGURES), **(figures or {}).get("values", {})}

    def _month_name(self):
        return format_date(self.env, self.date_from, date_format="MMMM y") if self.date_from else ""

    def _period_name(self):
        days = [format_date(self.env, day, date_format="d MMMM y") for day in (self.date_from, self.date_to)]
        return self.env._("%(start)s to %(end)s", start=days[0], end=days[1])

    def _page(self):
        """Return what the template shows, ready to be printed: texts, rows of texts, and charts."""
        self.ensure_one()
        return {
            "sentences": self._sentences(),
            "bottlenecks": self._bottlenecks(),
            "readiness": self._readiness(),
            "sections": self._figure_sections(),
            "has_previous": bool(self.previous),
            "posts": self._post_rows(),
            "charts": self._charts(),
            "ages": self._age_rows(),
        }

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _sentences(self):
        """Return what was found, as plain sentences, the most important first."""
        value = self._values(self.figures)
        found = [self._sentence_heads(value), self._sentence_people(value)]
        found.append(
            self.env._(
                "%(came)s letters came, %(went)s went out and %(inside)s stayed in the house. %(done)s letters were "
                "written off; %(left)s are in the backlog.",
                came=self._number(value["letters_incoming"]),
                went=self._number(value["letters_outgoing"]),
                inside=self._number(value["letters_internal"]),
                done=self._number(value["written_off"]),
                left=self._number(value["backlog"]),
            )
        )
        if value["backlog"]:
            found.append(
                self.env._(
                    "The oldest letter of the backlog has waited for %(days)s working days.",
                    days=self._number(value["backlog_oldest"]),
                )
            )
        if value["read_same_day"] is not None and value["read_median"] is not None:
            found.append(
                self.env._(
                    "%(share)s of what people got was read on the same day, half of what was read within %(hours)s "
                    "working hours.",
                    share=self._percent(value["read_same_day"]),
                    hours=self._hours(value["read_median"]),
                )
            )
        if value["complete_median"] is not None:
            found.append(
                self.env._(
                    "Half of what was completed took no more than %(half)s working hours, nine in ten no more than "
                    "%(most)s.",
                    half=self._hours(value["complete_median"]),
                    most=self._hours(value["complete_p90"]),
                )
            )
        if value["on_time"] is not None:
            found.append(
                self.env._(
                    "Of %(due)s that were due, %(share)s were on time.",
                    due=self._number(value["due"]),
                    share=self._percent(value["on_time"]),
                )
            )
        return [*filter(None, found), self._sentence_paper(value), *self._sentence_bills(value)]

    def _sentence_heads(self, value):
        if not value["unit_heads"]:
            return ""
        return self.env._(
            "%(regular)s of %(total)s heads of units opened E-Surat before %(hour)s on at least %(goal)s of their "
            "working days.",
            regular=value["unit_heads_regular"],
            total=value["unit_heads"],
            hour=float_to_time(self.goals["morning_hour"]).strftime("%H.%M"),
            goal=self._percent(self.goals["days"]),
        )

    def _sentence_people(self, value):
        if value["opened_mornings"] is None:
            return ""
        words = self.env._(
            "Of their working days, all %(people)s people together opened it on %(mornings)s in the morning and on "
            "%(days)s at all.",
            people=self._number(value["people"]),
            mornings=self._percent(value["opened_mornings"]),
            days=self._percent(value["opened_days"]),
        )
        before = self.previous and self._values(self.previous)["opened_mornings"]
        if not before:
            return words
        return " ".join(
            (words, self.env._("In the period before it was %(mornings)s.", mornings=self._percent(before)))
        )

    def _sentence_paper(self, value):
        values = {
            "avoided": self._number(value["sheets_avoided"]),
            "used": self._number(value["sheets_used"]),
            "saved": self._number(abs(value["sheets_saved"])),
            "reams": self._number(abs(value["reams_saved"]), 1),
            "money": self._money(abs(value["money_saved"])),
        }
        if value["sheets_saved"] < 0:
            return self.env._(
                "More paper was used (%(used)s sheets) than avoided (%(avoided)s): it cost %(saved)s sheets.", **values
            )
        if not value["money_saved"]:
            return self.env._(
                "%(avoided)s sheets of paper were avoided and %(used)s used: %(saved)s sheets saved, %(reams)s reams.",
                **values,
            )
        return self.env._(
            "%(avoided)s sheets of paper were avoided and %(used)s used: %(saved)s sheets saved, %(reams)s reams, "
            "worth %(money)s.",
            **values,
        )

    def _sentence_bills(self, value):
        if value["spending"] is None or value["spending_before"] is None:
            return []
        return [
            self.env._(
                "By its bills the agency spent %(now)s a month on office supplies, and %(before)s before the start.",
                now=self._money(value["spending"]),
                before=self._money(value["spending_before"]),
            )
        ]

    def _bottlenecks(self):
        """Return where letters wait longest, as sentences; the units with too few letters are not named."""
        slow = [row for row in self.figures["units"] if row["received"] >= ENOUGH and row["median"]][:SLOW_UNITS]
        return [
            self.env._(
                "%(unit)s: half of %(received)s letters waited %(half)s working hours or longer, one in ten %(most)s; "
                "%(open)s are still open.",
                unit=row["unit"],
                received=self._number(row["received"]),
                half=self._hours(row["median"]),
                most=self._hours(row["p90"]),
                open=self._number(row["open"]),
            )
            for row in slow
        ]

    def _readiness(self):
        """Return whether the next agency can follow, by the goals that the administrator has set.

        :return: ``{"ready": bool, "text": str, "criteria": [{"name", "value", "goal", "met"}]}``; what could not be
            measured (nothing was due, say) is no criterion
        """
        value = self._values(self.figures)
        heads = value["unit_heads"]
        measured = [
            (
                self.env._("Heads of units who open it every morning"),
                100 * value["unit_heads_regular"] / heads if heads else None,
                self.goals["heads"],
            ),
            (self.env._("Read the same day"), value["read_same_day"], self.goals["same_day"]),
            (self.env._("On time"), value["on_time"], self.goals["on_time"]),
        ]
        criteria = [
            {"name": name, "value": self._percent(share), "goal": self._percent(goal), "met": share >= goal}
            for name, share, goal in measured
            if share is not None
        ]
        missed = [row["name"] for row in criteria if not row["met"]]
        ready = bool(criteria) and not missed
        if ready:
            text = self.env._("All goals are reached: the next agency can follow.")
        elif missed:
            text = self.env._("Not yet ready for the next agency. Missed: %(goals)s.", goals=", ".join(missed))
        else:
            text = self.env._("There is not enough to measure yet.")
        return {"ready": ready, "text": text, "criteria": criteria}

    # ------------------------------------------------------------
    # In tables and charts
    # ------------------------------------------------------------

    def _figure_sections(self):
        """Return the figures by section: ``[(title, [{"name", "definition", "now", "before", "trend"}])]``."""
        titles = {
            "letters": self.env._("Letters"),
            "speed": self.env._("Speed"),
            "people": self.env._("Who opens it"),
            "paper": self.env._("Paper"),
        }
        definitions = self.env["esurat.figures"]._definitions()
        sections = {title: [] for title in titles}
        now_all, before_all = self._values(self.figures), self._values(self.previous)
        for figure in FIGURES:
            now, before = now_all[figure.key], before_all[figure.key]
            name, definition = definitions[figure.key]
            trend = 0
            if now is not None and before is not None and now != before:
                trend = figure.good if now > before else -figure.good
            sections[figure.section].append(
                {
                    "name": name,
                    "definition": definition,
                    "now": self._shown(now, figure.unit),
                    "before": self._shown(before, figure.unit),
                    "trend": trend,
                    "arrow": "" if now is None or before is None or now == before else "▲" if now > before else "▼",
                }
            )
        return [(titles[key], rows) for key, rows in sections.items()]

    def _post_rows(self):
        """Return who opens it, by unit and position, heads first; staff by unit alone where there are many."""
        rows = self.figures["posts"]
        if len(rows) > MOST_POSTS:
            staff = defaultdict(Counter)
            for row in rows:
                if row["rank"] == STAFF:
                    staff[row["unit"]].update(
                        {key: row[key] for key in ("people", "regular", "days", "opened", "mornings")}
                    )
            rows = [row for row in rows if row["rank"] != STAFF] + [
                {"rank": STAFF, "unit": unit, "position": self.env._("Staff"), **sums} for unit, sums in staff.items()
            ]
        return [
            {
                "unit": row["unit"],
                "position": row["position"],
                "people": row["people"],
                "mornings": self._percent(100 * row["mornings"] / row["days"]),
                "opened": self._percent(100 * row["opened"] / row["days"]),
                "head": row["rank"] <= HEAD_OF_UNIT,
            }
            for row in rows
        ]

    def _age_rows(self):
        """Return the backlog by age: ``[(text, letters)]``."""
        rows, above = [], 0
        for limit, count in self.figures["ages"]:
            if limit is None:
                text = self.env._("more than %(days)s working days", days=above)
            else:
                text = self.env._("%(first)s to %(last)s working days", first=above + 1 if above else 0, last=limit)
            rows.append((text, count))
            above = limit
        return rows

    def _charts(self):
        """Return the charts as SVG, ``None`` where there is nothing to draw."""
        figures = self.figures
        units = figures["units"][:MOST_UNITS]
        weeks = figures["weeks"]
        kinds = {
            "incoming": (self.env._("Incoming"), chart.MAIN),
            "outgoing": (self.env._("Outgoing"), chart.LIGHT),
            "internal": (self.env._("Internal"), "#d8b365"),
        }
        paper = {
            "hold": self.env._("Avoided: held electronically"),
            "original": self.env._("Used: came on paper"),
            "reply": self.env._("Used: left on paper"),
            "print": self.env._("Used: printed"),
        }
        return {
            "days": figures["days"]
            and chart.columns(
                [str(int(day[-2:])) for day, *_rest in figures["days"]],
                [
                    (self.env._("in the morning"), chart.MAIN, [early for _d, _p, early, _l in figures["days"]]),
                    (self.env._("later in the day"), chart.LIGHT, [later for _d, _p, _e, later in figures["days"]]),
                ],
                [people for _d, people, _e, _l in figures["days"]],
            ),
            "weeks": weeks
            and chart.columns(
                [format_date(self.env, week, date_format="d MMM") for week, _counts in weeks],
                [
                    (name, colour, [counts.get(kind, 0) for _week, counts in weeks])
                    for kind, (name, colour) in kinds.items()
                ],
            ),
            "units": units
            and chart.bars(
                [(row["unit"], row["median"], self.env._("%s hours", self._hours(row["median"]))) for row in units]
            ),
            "paper": figures["paper"]
            and chart.bars(
                [
                    (name, figures["paper"][kind], self._number(figures["paper"][kind]))
                    for kind, name in paper.items()
                    if figures["paper"].get(kind)
                ]
            ),
        }

    def _sheets(self):
        """Return the sheets of the spreadsheet: all figures as numbers, with what they are made of."""
        definitions = self.env["esurat.figures"]._definitions()
        now, before = self._values(self.figures), self._values(self.previous)
        figures = [
            (
                definitions[figure.key][0],
                now[figure.key],
                before[figure.key],
                definitions[figure.key][1],
            )
            for figure in FIGURES
        ]
        posts = [
            (row["unit"], row["position"], row["people"], row["days"], row["opened"], row["mornings"], row["regular"])
            for row in self.figures["posts"]
        ]
        units = [
            (row["unit"], row["received"], row["open"], row["median"], row["p90"]) for row in self.figures["units"]
        ]
        days = [(fields.Date.to_date(day), *counts) for day, *counts in self.figures["days"]]
        return [
            (
                self.env._("Figures"),
                [
                    (self.env._("Figure"), 34),
                    (self._period_name(), 18),
                    (self.env._("Period before"), 18),
                    (self.env._("Definition"), 80),
                ],
                figures,
            ),
            (
                self.env._("Who opens it"),
                [
                    (self.env._("Unit"), 36),
                    (self.env._("Position"), 36),
                    (self.env._("People"), 10),
                    (self.env._("Working days"), 14),
                    (self.env._("Days opened"), 14),
                    (self.env._("Mornings"), 14),
                    (self.env._("Every morning"), 14),
                ],
                posts,
            ),
            (
                self.env._("Where letters wait"),
                [
                    (self.env._("Unit"), 36),
                    (self.env._("Letters"), 12),
                    (self.env._("Still open"), 12),
                    (self.env._("Median hours"), 16),
                    (self.env._("Nine in ten, hours"), 18),
                ],
                units,
            ),
            (
                self.env._("Days"),
                [
                    (self.env._("Day"), 14),
                    (self.env._("People"), 10),
                    (self.env._("In the morning"), 18),
                    (self.env._("Later in the day"), 18),
                ],
                days,
            ),
        ]

    # ------------------------------------------------------------
    # Numbers as they are written
    # ------------------------------------------------------------

    def _shown(self, value, unit):
        """Return *value* as it is written, by its unit (see ``figures.Figure``)."""
        if value is None:
            return "–"
        writer = {
            "percent": self._percent,
            "hours": self._hours,
            "money": self._money,
            "kg": lambda number: self._number(number, 1),
        }.get(unit, lambda number: self._number(number, 1 if number % 1 else 0))
        return writer(value)

    def _number(self, value, digits=0):
        return formatLang(self.env, value or 0, digits=digits)

    def _percent(self, value):
        return f"{self._number(value)} %"

    def _hours(self, value):
        return self._number(value, 1)

    def _money(self, value):
        return format_amount(self.env, round(value), self.company_id.sudo().currency_id, trailing_zeroes=False)
