-- A copy of the database writes to nobody, sends nothing, asks no service and signs nothing. What Odoo neutralises
-- itself (mail servers, scheduled actions) is not repeated.

-- no morning messages, even where somebody starts them by hand
UPDATE res_company SET esurat_digest = false;

-- no service signs, stamps the time or takes letters in
UPDATE res_company
   SET esurat_bsre_url = NULL, esurat_bsre_user = NULL, esurat_bsre_password = NULL, esurat_timestamp_url = NULL,
       esurat_exchange_key = NULL, esurat_exchange_certificate = NULL;
UPDATE res_partner SET esurat_server = NULL, esurat_certificate = NULL;

-- what was under way is the original's to deliver
UPDATE esurat_consignment SET state = 'failed', next_attempt = NULL WHERE state = 'queued';

-- no certificate of a person is on a copy
DELETE FROM esurat_certificate;

-- what comes by mail comes to the original
UPDATE res_company SET esurat_alias_id = NULL;
DELETE FROM mail_alias
 WHERE alias_model_id IN (SELECT id FROM ir_model WHERE model = 'esurat.letter');
