import { Domain } from "@web/core/domain";

/**
 * Open an action with some filters of its search view and no others. What an action's own context says wins over
 * whatever is added to it, so it is replaced here.
 *
 * @param {Object} actionService
 * @param {string} name of the action
 * @param {string[]} filters
 * @param {Object} [options] of `doAction`
 */
export async function openFiltered(actionService, name, filters, options = {}) {
    const action = await actionService.loadAction(name);
    const context = Object.fromEntries(filters.map((filter) => [`search_default_${filter}`, 1]));
    return actionService.doAction({ ...action, context }, options);
}

/**
 * Open an action on the records of a domain of its model, besides its own.
 *
 * @param {Object} actionService
 * @param {string} name of the action
 * @param {Array} domain
 * @param {string[]} [filters] of its search view
 */
export async function openNarrowed(actionService, name, domain, filters = []) {
    const action = await actionService.loadAction(name);
    const context = Object.fromEntries(filters.map((filter) => [`search_default_${filter}`, 1]));
    return actionService.doAction({ ...action, context, domain: Domain.and([action.domain || [], domain]).toList() });
}
