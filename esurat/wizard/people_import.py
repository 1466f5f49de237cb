from collections import defaultdict

from odoo import Command, models
from odoo.tools import SQL, email_normalize

from .table_import import Fault

YES = ("yes", "y", "ya", "x", "1", "true")
MAXIMUM = 200  # characters of a text


class PeopleImport(models.TransientModel):
    """Takes in the people of an agency with their units, positions and roles; again: it updates them.

    A person is known by her login, a unit by its name. What the file does not name stays as it is. Users of other
    agencies and administrators of the whole system are left alone.
    """

    _name = "esurat.people.import"
    _inherit = ["esurat.table.import"]
    _description = "Import of people"

    def _columns(self):
        return [
            ("name", self.env._("Name"), 32, True),
            ("login", self.env._("Login"), 28, True),
            ("email", self.env._("E-mail"), 32, False),
            ("position", self.env._("Position"), 36, True),
            ("unit", self.env._("Unit"), 36, True),
            ("above", self.env._("Unit above"), 36, False),
            ("code", self.env._("Unit code"), 12, False),
            ("heads", self.env._("Heads the unit"), 12, False),
            ("role", self.env._("Role"), 16, False),
        ]

    def _examples(self):
        root, division, yes = self._root_name(), self.env._("Division of information"), self.env._("yes")
        head, chief, registrar = self.env._("Head"), self.env._("Head of division"), self._roles()["registrar"]
        return [
            ["Budi Santoso", "budi.santoso", "budi@example.go.id", head, root, "", "", yes, ""],
            ["Sri Wahyuni", "sri.wahyuni", "sri@example.go.id", chief, division, root, "INF", yes, ""],
            ["Agus Salim", "agus.salim", "", registrar, division, root, "INF", "", registrar],
        ]

    def _root(self):
        return self.env["hr.department"].search(
            [("company_id", "=", self.company_id.id), ("parent_id", "=", False)], order="id", limit=1
        )

    def _root_name(self):
        # sudo: departments of the agency; the name alone goes into the template
        return self.sudo()._root().name or self.company_id.name

    def _roles(self):
        """Return what the roles are called: ``{key: name}``."""
        groups = {
            key: self.env.ref(f"esurat.group_{key}").sudo() for key in ("user", "registrar", "archivist", "admin")
        }
        return {key: group.name for key, group in groups.items()}

    def _role(self, text):
        """Return the key of the role that *text* names in English or the user's language, ``None`` for no such."""
        if not text:
            return "user"
        known = {name.casefold(): key for key, name in self._roles().items()}
        known |= {key: key for key in known.values()} | {"agendaris": "registrar", "arsiparis": "archivist"}
        return known.get(str(text).casefold())

    def _look(self, rows):
        faults, units = [], defaultdict(dict)
        users = self._users(rows)
        seen, heads = {}, {}
        for number, row in rows:
            login = str(row["login"]).lower()
            faults += [
                Fault(number, key, self.env._("is longer than %(most)s characters", most=MAXIMUM))
                for key, value in row.items()
                if len(str(value or "")) > MAXIMUM
            ]
            if login in seen:
                faults.append(Fault(number, "login", self.env._("stands in row %(row)s already", row=seen[login])))
            seen[login] = number
            if row["email"] and not email_normalize(str(row["email"])):
                faults.append(Fault(number, "email", self.env._("is no e-mail address")))
            if not self._role(row["role"]):
                names = ", ".join(self._roles().values())
                faults.append(Fault(number, "role", self.env._("is none of %(roles)s", roles=names)))
            if login in users and not self._is_ours(users[login]):
                faults.append(Fault(number, "login", self.env._("is that of somebody outside or above this agency")))
            unit = str(row["unit"]).casefold()
            if str(row["heads"] or "").casefold() in YES:
                if heads.setdefault(unit, number) != number:
                    faults.append(Fault(number, "heads", self.env._("row %(row)s heads it too", row=heads[unit])))
            found = units[unit]
            for key in ("above", "code"):
                value = str(row[key] or "")
                if value and found.setdefault(key, value).casefold() != value.casefold():
                    faults.append(Fault(number, key, self.env._("another row says otherwise of this unit")))
            if row["above"]:
                found.setdefault("row", number)
        faults += self._look_at_units(units)
        new = sum(login not in users for login in seen)
        summary = self.env._(
            "%(new)s new people, %(known)s that are known and brought up to date, %(units)s units.",
            new=new,
            known=len(seen) - new,
            units=len(units),
        )
        return faults, summary

    def _look_at_units(self, units):
        faults, root = [], self._root_name().casefold()
        parents = {unit.name.casefold(): (unit.parent_id.name or "").casefold() for unit in self._units()}
        known = {*parents, *units, root}
        parents |= {name: found["above"].casefold() for name, found in units.items() if "above" in found}
        for name, found in units.items():
            if "above" not in found:
                continue
            if parents[name] not in known:
                faults.append(Fault(found["row"], "above", self.env._("is no unit of this file or of the agency")))
            path, step = {name}, parents[name]
            while step:
                if step in path:
                    faults.append(Fault(found["row"], "above", self.env._("the units stand in a circle")))
                    break
                path.add(step)
                step = parents.get(step, "")
            if name == root:
                faults.append(Fault(found["row"], "above", self.env._("nothing stands above the agency's own unit")))
        return faults

    def _units(self):
        return self.env["hr.department"].search([("company_id", "=", self.company_id.id)])

    def _users(self, rows):
        """Return the users that there are, archived ones too, by login: ``{login in small letters: res.users}``."""
        logins = [str(row["login"]).lower() for _number, row in rows]
        # raw SQL: Odoo keeps logins as they were typed, and the ORM compares many at once letter by letter alone
        self.env["res.users"].flush_model(["login"])
        found = self.env.execute_query(SQL("SELECT id FROM res_users WHERE LOWER(login) = ANY(%s)", logins))
        users = self.env["res.users"].with_context(active_test=False).browse(user_id for (user_id,) in found)
        return {user.login.lower(): user for user in users}

    def _is_ours(self, user):
        """Tell whether an administrator of this agency may change *user*."""
        return (
            user.company_ids == self.company_id
            and not user.share
            and not user.has_group("base.group_erp_manager")
            and user._is_internal()
        )

    def _take(self, rows):
        units = self._take_units(rows)
        jobs = self._take_jobs(rows)
        users = self._take_users(rows)
        employees = {
            employee.user_id: employee
            for employee in self.env["hr.employee"].search(
                [("company_id", "=", self.company_id.id), ("user_id", "in", [user.id for user in users.values()])]
            )
        }
        missing, heads = [], {}
        for _number, row in rows:
            user, unit = users[str(row["login"]).lower()], units[str(row["unit"]).casefold()]
            values = {
                "name": row["name"],
                "department_id": unit.id,
                "job_id": jobs[str(row["position"]).casefold()].id,
                "job_title": row["position"],
            }
            if user in employees:
                employees[user].write(values)
            else:
                missing.append(
                    {
                        **values,
                        "user_id": user.id,
                        "company_id": self.company_id.id,
                        "work_email": user.email,
                    }
                )
            if str(row["heads"] or "").casefold() in YES:
                heads[unit] = user
        created = self.env["hr.employee"].create(missing)
        employees |= {employee.user_id: employee for employee in created}
        for unit, user in heads.items():
            unit.manager_id = employees[user]

    def _take_units(self, rows):
        """Make the units of *rows*, put each below the one above it, and return them by name in small letters."""
        units = {unit.name.casefold(): unit for unit in self._units()}
        root = self._root()
        if not root:
            root = self.env["hr.department"].create({"name": self.company_id.name, "company_id": self.company_id.id})
            units[root.name.casefold()] = root
        names = {str(row["unit"]).casefold(): str(row["unit"]) for _number, row in rows}
        new = [name for name in names if name not in units]
        made = self.env["hr.department"].create(
            [{"name": names[name], "company_id": self.company_id.id, "parent_id": root.id} for name in new]
        )
        units |= dict(zip(new, made, strict=True))
        for _number, row in rows:
            unit, values = units[str(row["unit"]).casefold()], {}
            if row["above"] and units[str(row["above"]).casefold()] != unit.parent_id:
                values["parent_id"] = units[str(row["above"]).casefold()].id
            if row["code"] and str(row["code"]) != unit.esurat_code:
                values["esurat_code"] = str(row["code"])
            if values:
                unit.write(values)
        return units

    def _take_jobs(self, rows):
        jobs = {
            job.name.casefold(): job for job in self.env["hr.job"].search([("company_id", "=", self.company_id.id)])
        }
        names = {str(row["position"]).casefold(): str(row["position"]) for _number, row in rows}
        new = [name for name in names if name not in jobs]
        made = self.env["hr.job"].create([{"name": names[name], "company_id": self.company_id.id} for name in new])
        return jobs | dict(zip(new, made, strict=True))

    def _take_users(self, rows):
        """Make the users of *rows*, or bring them up to date, and return them by login in small letters."""
        users = self._users(rows)
        roles = {key: self.env.ref(f"esurat.group_{key}") for key in self._roles()}
        internal, new = self.env.ref("base.group_user"), []
        for _number, row in rows:
            login, role = str(row["login"]), roles[self._role(row["role"])]
            if login.lower() not in users:
                new.append(
                    {
                        "name": row["name"],
                        "email": row["email"] or False,
                        "login": login,
                        "lang": self.env.user.lang,
                        "tz": self.company_id._esurat_timezone().zone,
                        "notification_type": "inbox",
                        "company_id": self.company_id.id,
                        "company_ids": [Command.set(self.company_id.ids)],
                        "group_ids": [Command.set((internal + role).ids)],
                    }
                )
                continue
            user = users[login.lower()]
            # her address stays: by it a password is set anew, and with it whatever she may see could be seen
            values = {"name": row["name"], "active": True}
            # nobody takes her own rights away by a line of a file
            if user != self.env.user:
                others = [group for group in roles.values() if group != role]
                values["group_ids"] = [*(Command.unlink(group.id) for group in others), Command.link(role.id)]
            user.write(values)
        made = self.env["res.users"].create(new)
        return users | {user.login.lower(): user for user in made}
