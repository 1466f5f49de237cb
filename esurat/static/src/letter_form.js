import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useEffect } from "@odoo/owl";

/**
 * Opening the letter is reading it: the server notes the first time, and the form shows what may be done then.
 * A chosen scan is saved at once, so that it stands beside the fields while they are filled in.
 */
export class LetterFormController extends FormController {
    setup() {
        super.setup();
        this.orm = useService("orm");
        useEffect(
            (resId) => {
                if (resId) {
                    this.noteReading(resId);
                }
            },
            () => [this.model.root.resId]
        );
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = (record, changes) => {
            if (changes.scan) {
                // not awaited: saving waits for the change that we are told of
                record.save();
            }
        };
        return params;
    }

    async noteReading(resId) {
        const opened = await this.orm.silent.call("esurat.letter", "action_open", [[resId]]);
        if (opened && this.model.root.resId === resId && !(await this.model.root.isDirty())) {
            await this.model.root.load();
            this.env.bus.trigger("esurat:acted");
        }
    }
}

/**
 * The scan stands beside the fields on every desk, and above them on a phone; Odoo shows it on very wide screens only.
 */
export class LetterFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        return hasAttachmentContainer && this.hasFile()
            ? "COMBO"
            : super.mailLayout(hasAttachmentContainer);
    }
}

registry.category("views").add("esurat_letter_form", {
    ...formView,
    Controller: LetterFormController,
    Renderer: LetterFormRenderer,
});
