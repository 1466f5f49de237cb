{
    "name": "A document that passes tiers",
    "summary": "The record that OCA's base_tier_validation reviews in the benchmark",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "esurat",
    "depends": ["base_tier_validation"],
    "data": ["ir.model.access.csv"],
}
