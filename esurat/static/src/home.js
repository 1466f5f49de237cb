import { openFiltered, openNarrowed } from "@esurat/filtered";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, markup, onWillStart, useState } from "@odoo/owl";

/**
 * What waits for the user, tray by tray: a tap opens the tray. Below, heads see who of their people has opened E-Surat
 * today, the head how the agency stands, registrars the register's own figures.
 */
export class Home extends Component {
    static template = "esurat.Home";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ trays: [], principals: [], principal: false, desk: false, team: false, register: [] });
        onWillStart(() => this.load());
        useBus(this.env.bus, "esurat:arrived", () => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("esurat.holder", "retrieve_home", []));
    }

    /** Of whose inbox the trays are: the user's own, or that of somebody she acts for. */
    get principal() {
        return this.state.principals.find((one) => one.id === this.state.principal);
    }

    get trays() {
        return this.principal ? this.principal.trays : this.state.trays;
    }

    openTray(tray) {
        if (this.principal) {
            return openNarrowed(
                this.action,
                "esurat.action_acting",
                [["user_id", "=", this.principal.id]],
                [`tray_${tray.tray}`]
            );
        }
        return openFiltered(this.action, "esurat.action_inbox", [`tray_${tray.tray}`]);
    }

    openGiven() {
        return openNarrowed(this.action, "esurat.action_acting_given", [["issuer_id", "=", this.principal.id]]);
    }

    /** The server's own drawing: its texts are escaped there. */
    get trend() {
        return markup(this.state.desk.trend);
    }

    openDesk(tile) {
        const agency = ["company_id", "=", this.state.desk.company];
        switch (tile.figure) {
            case "unread":
                return openNarrowed(this.action, "esurat.action_waiting", [agency, ["state", "=", "unread"]]);
            case "late":
                return openNarrowed(this.action, "esurat.action_waiting", [agency, ["is_late", "=", true]]);
            case "backlog":
                return openNarrowed(this.action, "esurat.action_backlog", [agency]);
            default:
                return this.openTeam();
        }
    }

    openUnit(unit) {
        return openNarrowed(this.action, "esurat.action_waiting", [
            ["company_id", "=", this.state.desk.company],
            ["role", "=", "responsible"],
            ["department_id", "=", unit.id],
        ]);
    }

    openTeam() {
        return openFiltered(this.action, "esurat.action_presence", ["today"]);
    }

    openRegister(figure) {
        const actions = {
            draft: "esurat.action_incoming",
            unscanned: "esurat.action_outgoing",
            unsent: "esurat.action_outgoing",
            failed: "esurat.action_consignment",
        };
        const action = actions[figure.filter] || "esurat.action_backlog";
        return this.action.doAction(action, { additionalContext: { [`search_default_${figure.filter}`]: 1 } });
    }
}

registry.category("actions").add("esurat.home", Home);
