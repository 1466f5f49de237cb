import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Signs letters one after the other, each in a request and a transaction of its own: what is signed stays signed when a
 * later one fails or the dialogue is closed, and the rest can be taken up again. The passphrase lives in this dialogue
 * alone.
 */
export class Sign extends Component {
    static template = "esurat.Sign";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        const { letters, means, trouble } = this.props.action.params;
        Object.assign(this, { means, trouble });
        this.state = useState({
            passphrase: "",
            busy: false,
            letters: letters.map((letter) => ({ ...letter, number: "", trouble: "" })),
        });
        this.input = useAutofocus({ refName: "passphrase" });
        onWillUnmount(() => {
            this.stopped = true;
            this.state.passphrase = "";
        });
    }

    get signed() {
        return this.state.letters.filter((letter) => letter.number).length;
    }

    async sign() {
        this.state.busy = true;
        let before = "";
        for (const letter of this.state.letters.filter((letter) => !letter.number)) {
            if (this.stopped) {
                break;
            }
            letter.trouble = "";
            try {
                Object.assign(letter, await this.signOne(letter));
                if (letter.trouble && letter.trouble === before) {
                    break;
                }
                before = letter.trouble;
            } catch (error) {
                letter.trouble = error.data?.message || _t("No connection. Try again.");
                if (!error.data || letter.trouble === before) {
                    // the same trouble twice: it lies with the passphrase or the service, not with the letters
                    break;
                }
                before = letter.trouble;
            }
        }
        this.state.busy = false;
        if (this.signed) {
            this.env.bus.trigger("esurat:acted");
        }
        if (this.signed === this.state.letters.length) {
            this.state.passphrase = "";
            this.notification.add(_t("Signed: %s", this.state.letters.map((letter) => letter.number).join(", ")), {
                type: "success",
            });
            this.close();
        }
    }

    /**
     * Two requests where a service signs: the first leaves a trace that stays, whatever becomes of the second.
     */
    async signOne({ hold }) {
        const ready = await this.orm.silent.call("esurat.holder", "prepare_signature", [[hold]]);
        if (ready.number || ready.trouble) {
            return { number: ready.number, trouble: ready.trouble };
        }
        return this.orm.silent.call("esurat.holder", "sign", [[hold], this.state.passphrase, ready.ticket]);
    }

    close() {
        return this.action.doAction({ type: "ir.actions.act_window_close" });
    }

    openCertificates() {
        return this.action.doAction("esurat.action_certificate", { clearBreadcrumbs: false });
    }
}

registry.category("actions").add("esurat.sign", Sign);
