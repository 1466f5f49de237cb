"""The agency that all databases share: who works there, made once through the ORM in the template."""

DIVISIONS = 8
SECTIONS = 3  # a division has
STAFF = 1000
NEIGHBOURS = 20  # people of the second, small agency
AGENCIES = 40  # of the city besides, without letters of their own
SENDERS = 500

# Who acts in the measurements. Ordinary users, except for the registrar.
HEAD, CHIEF, REGISTRAR = "bench_head", "bench_chief_0", "bench_registrar"
MAYOR = "bench_mayor"  # looks at all agencies

GROUPS = ("esurat.group_user", "project.group_project_user")
QUIET = {"no_reset_password": True, "tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True}


def create(env):
    """Make two agencies, their people, their series, the senders of letters, and the projects and teams of the peers.

    :param env: environment of the superuser in a database with esurat, project and maintenance
    """
    env = env(context={**env.context, **QUIET})
    agency = env.ref("base.main_company")
    agency.write({"name": "Dinas Besar", "esurat_code": "DB"})
    neighbour = env["res.company"].create({"name": "Dinas Kecil", "esurat_code": "DK"})
    _staff_agency(env, agency)
    root = _unit(env, neighbour, "Dinas")
    _employ(env, neighbour, [("bench_neighbour_head", root)])
    root.manager_id = root.member_ids[:1]
    _employ(env, neighbour, [(f"bench_neighbour_{index}", root) for index in range(NEIGHBOURS)])
    for company in (agency, neighbour):
        env["esurat.series"].create(
            [
                {"name": "Incoming", "company_id": company.id, "direction": "incoming", "pattern": "{serial:05d}"},
                {
                    "name": "Outgoing",
                    "company_id": company.id,
                    "direction": "outgoing",
                    "pattern": "{serial}/{unit}/{year}",
                },
            ]
        )
    env["res.partner"].create(
        [
            {"name": f"Dinas {index % 50:02d} Kabupaten {index // 50:02d}", "is_company": True, "ref": f"bench{index}"}
            for index in range(SENDERS)
        ]
    )
    _peers(env, agency)
    _city(env, neighbour)


def _staff_agency(env, agency):
    root = _unit(env, agency, "Dinas")
    secretariat = _unit(env, agency, "Sekretariat", root)
    divisions = [_unit(env, agency, f"Bidang {index}", root) for index in range(DIVISIONS)]
    sections = [_unit(env, agency, f"Seksi {index}", unit) for unit in divisions for index in range(SECTIONS)]
    _employ(env, agency, [(HEAD, root), *((f"bench_chief_{index}", unit) for index, unit in enumerate(divisions))])
    _employ(env, agency, [(f"bench_leader_{index}", unit) for index, unit in enumerate(sections)])
    for unit in (root, *divisions, *sections):
        unit.manager_id = unit.member_ids[:1]
    # creating a maintenance request for somebody else takes a manager of equipment
    _employ(env, agency, [(REGISTRAR, secretariat)], "esurat.group_registrar", "maintenance.group_equipment_manager")
    _employ(env, agency, [(f"bench_staff_{index}", sections[index % len(sections)]) for index in range(STAFF)])


def _unit(env, company, name, parent=None):
    return env["hr.department"].create({"name": name, "company_id": company.id, "parent_id": parent and parent.id})


def _employ(env, company, people, *groups):
    """Make users with their employees: *people* is a list of ``(login, unit)``."""
    group_ids = [env.ref(name).id for name in (*GROUPS, *groups)]
    users = env["res.users"].create(
        [
            {
                "login": login,
                "name": login.removeprefix("bench_").replace("_", " ").title(),
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [(6, 0, group_ids)],
                "tz": "Asia/Jakarta",
                # by e-mail, the peers would render one for each recipient
                "notification_type": "inbox",
            }
            for login, _unit in people
        ]
    )
    job = env["hr.job"].create({"name": "Pelaksana", "company_id": company.id})
    env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "department_id": unit.id,
                "job_id": job.id,
            }
            for user, (_login, unit) in zip(users, people, strict=True)
        ]
    )


def _city(env, neighbour):
    agencies = env["res.company"].create([{"name": f"Dinas {index:02d}"} for index in range(AGENCIES)])
    _employ(env, neighbour, [(MAYOR, env["hr.department"])])
    mayor = env["res.users"].search([("login", "=", MAYOR)])
    mayor.company_ids = agencies + env["res.company"].search([("id", "not in", agencies.ids)])


def _peers(env, agency):
    stages = env["project.task.type"].create(
        [
            {"name": name, "sequence": index, "user_id": False}
            for index, name in enumerate(("New", "In progress", "Done"))
        ]
    )
    env["project.project"].create(
        [
            {
                "name": f"Bench {index}",
                "company_id": agency.id,
                "privacy_visibility": "employees",
                "type_ids": [(6, 0, stages.ids)],
            }
            for index in range(20)
        ]
    )
