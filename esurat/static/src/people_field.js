import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";

/**
 * People as chips: a first tap makes somebody responsible, or gives a copy where somebody is; the next taps change that.
 * The chips only fill in the fields `responsible_id` and `copy_ids` of the same dialogue.
 */
export class PeopleField extends Component {
    static template = "esurat.PeopleField";
    static props = { ...standardFieldProps };

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    roleOf(person) {
        const { responsible_id, copy_ids } = this.props.record.data;
        if (responsible_id?.id === person.id) {
            return "responsible";
        }
        return copy_ids.currentIds.includes(person.id) ? "copy" : "";
    }

    labelOf(person) {
        return { responsible: _t("Responsible"), copy: _t("Copy"), "": "" }[this.roleOf(person)];
    }

    async toggle(person) {
        const { record } = this.props;
        const role = this.roleOf(person);
        if (role === "responsible") {
            await record.update({ responsible_id: false });
            await record.data.copy_ids.addAndRemove({ add: [person.id] });
        } else if (role === "copy") {
            await record.data.copy_ids.addAndRemove({ remove: [person.id] });
        } else if (record.data.responsible_id) {
            await record.data.copy_ids.addAndRemove({ add: [person.id] });
        } else {
            await record.update({ responsible_id: { id: person.id, display_name: person.name } });
        }
    }
}

registry.category("fields").add("esurat_people", {
    component: PeopleField,
    supportedTypes: ["json"],
});
