import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { url } from "@web/core/utils/urls";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The letter as it would be signed now, beside its text. It is made anew when the record is saved; the button saves.
 */
export class Preview extends Component {
    static template = "esurat.Preview";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ stamp: Date.now() });
        let shown;
        useRecordObserver((record) => {
            // a saved record has a new moment of writing
            const saved = `${record.resId} ${record.data.write_date}`;
            if (shown !== undefined && shown !== saved) {
                this.state.stamp = Date.now();
            }
            shown = saved;
        });
    }

    get address() {
        const { resId } = this.props.record;
        if (!resId) {
            return null;
        }
        const file = url("/web/content", {
            model: "esurat.letter",
            field: "preview",
            id: resId,
            unique: this.state.stamp,
        });
        return `/web/static/lib/pdfjs/web/viewer.html?file=${encodeURIComponent(file)}#pagemode=none&zoom=page-width`;
    }

    get label() {
        return this.props.record.dirty || !this.props.record.resId ? _t("Save and show the page") : _t("Show again");
    }

    async refresh() {
        if (await this.props.record.save()) {
            this.state.stamp = Date.now();
        }
    }
}

registry.category("view_widgets").add("esurat_preview", {
    component: Preview,
    fieldDependencies: [{ name: "write_date", type: "datetime" }],
});
